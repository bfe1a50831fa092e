// A plain script in the head, so it must stay this small. It applies the theme that a
// person chose before anything is drawn, and on pages that run the engine it starts the
// worker at once, which loads the engine beside the page's own scripts.

try {
  const theme = localStorage.getItem("partita-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
} catch {
  // Without storage the system's choice holds.
}

const { worker, engine } = (document.currentScript as HTMLScriptElement).dataset;
if (typeof WebAssembly === "object" && worker && engine) {
  try {
    const made = new Worker(worker, { name: new URL(engine, document.baseURI).href });
    (globalThis as { partitaEarly?: Worker }).partitaEarly = made;
  } catch {
    // Then it starts later, or the page says why it cannot.
  }
}
