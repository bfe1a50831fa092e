// The colours and fonts of the page, read from its style sheet for the canvas.

export interface Palette {
  paper: string;
  ink: string;
  ink2: string;
  ink3: string;
  rule: string;
  rule2: string;
  accent: string;
  warn: string;
  ok: string;
  bad: string;
  onKey: string;
  keys: string[]; // by hue; 0 is for records without a key
  groups: string[]; // by hue, 1 to 4
  sans: string;
  mono: string;
  version: number; // changes with every change of the colours
}

let versions = 0;

export function readPalette(of: Element): Palette {
  const style = getComputedStyle(of);
  const value = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: value("paper"),
    ink: value("ink"),
    ink2: value("ink-2"),
    ink3: value("ink-3"),
    rule: value("rule"),
    rule2: value("rule-2"),
    accent: value("accent"),
    warn: value("warn"),
    ok: value("ok"),
    bad: value("bad"),
    onKey: value("on-k"),
    keys: ["k0", "k1", "k2", "k3", "k4", "k5", "k6"].map(value),
    groups: ["ink-3", "g1", "g2", "g3", "g4"].map(value),
    sans: value("sans"),
    mono: value("mono"),
    version: ++versions,
  };
}

/** Calls back whenever the colours may have changed, until the function returned is called. */
export function watchPalette(changed: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const contrast = matchMedia("(forced-colors: active)");
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  dark.addEventListener("change", changed);
  contrast.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    dark.removeEventListener("change", changed);
    contrast.removeEventListener("change", changed);
  };
}
