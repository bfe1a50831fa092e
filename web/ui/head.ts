// A plain script in the head, so it must stay this small. It applies the theme that a
// person chose before anything is drawn, and on pages that run the engine it starts the
// worker and the engine's download at once, beside the page's own scripts. A page that no
// server wrote for its reader gets the words of the chosen language here.

import type { Early } from "./source/engine-source.ts";

try {
  const theme = localStorage.getItem("partita-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
} catch {
  // Without storage the system's choice holds.
}

const address = (name: string): string => {
  const content = document.querySelector<HTMLMetaElement>(`meta[name="partita-${name}"]`)?.content;
  return content ? new URL(content, document.baseURI).href : "";
};
const chosen = /[?&]lang=(\w+)/.exec(location.search) ?? /partita-lang=(\w+)/.exec(document.cookie);
const korean = address("ko");
if (korean && chosen?.[1] === "ko") {
  document.documentElement.lang = "ko";
  document.write(`<script defer src="${korean}"></script>`); // before the page's module, so it runs before it
}
const wasm = address("wasm");
if (typeof WebAssembly === "object" && document.querySelector('link[rel="preload"][as="fetch"]')) {
  try {
    const engine = WebAssembly.compileStreaming(fetch(wasm));
    engine.catch(() => {}); // the worker tries again, and says what is wrong
    (globalThis as { partitaEarly?: Early }).partitaEarly = { worker: new Worker(address("worker")), engine };
  } catch {
    // Then it starts later, or the page says why it cannot.
  }
}
