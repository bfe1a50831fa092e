// Kafka's words can be asked about where they stand (lang/term.ts). What they mean is loaded
// with the first question; so is the help that the key ? opens.

/** Something that is remembered in this browser; where nothing is kept, as if it were not set. */
function remembered(key: string, value?: string): string | null {
  try {
    if (value !== undefined) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Whether keys without Ctrl or Alt do something of their own; people may switch that off. */
export const singleKeys = (on?: boolean): boolean => remembered("partita-single-keys", on === undefined ? on : on ? "on" : "off") !== "off";

/** Whether somebody has read or skipped the welcome. */
export const welcomed = (yes?: true): boolean => remembered("partita-welcomed", yes && "yes") !== null;

export const openHelp = async (): Promise<void> => (await import("./help.ts")).openHelp();

const ask = (event: Event): void => {
  const target = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-term]") : null;
  if (target) void import("./meaning.ts").then(({ explain }) => explain(target, event.type));
};

/** Writes, so that a letter is a letter there. */
const writes = (target: EventTarget | null): boolean => target instanceof Element && target.matches("input, select, textarea, [contenteditable]");

function keys(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || writes(event.target) || !singleKeys()) return;
  if (document.querySelector("dialog[open]")) return;
  const step = { ",": ".transport .step", ".": ".transport .step:last-of-type" }[event.key];
  if (event.key === "?") void openHelp();
  else if (step) document.querySelector<HTMLButtonElement>(step)?.click();
  else return;
  event.preventDefault();
}

/** Arrow keys go from card to card in the columns beside the tapes, where Tab stops once for each list. */
function walk(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
  const column = event.target instanceof Element ? event.target.closest(".producers, .groups") : null;
  if (!step || !column || event.defaultPrevented) return;
  const all = [...column.querySelectorAll<HTMLElement>("button")];
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, all.indexOf(event.target as HTMLElement) + step))]!.focus();
}

/** Listens for questions, on the whole page. */
export function listen(): void {
  for (const type of ["pointerover", "focusin", "click"]) document.addEventListener(type, ask);
  document.addEventListener("keydown", keys);
  document.addEventListener("keydown", walk);
}
