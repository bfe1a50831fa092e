// A plain script in the head, so it must stay this small. It applies the theme that a
// person chose before anything is drawn, and on pages that run the engine it starts the
// worker and the engine's download at once, beside the page's own scripts.

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
