// Kafka's words can be asked about where they stand. What they mean is loaded with the
// first question; so is the help that the key ? opens.

import { html, type TemplateResult } from "lit";
import type { Term } from "../lang/glossary.ts";

/** A word that says what it means when it is pointed at, focused or tapped. */
export function term(id: Term, label: string): TemplateResult {
  return html`<button type="button" class="term" data-term=${id}>${label}</button>`;
}

/** Text in which [words](term) can be asked about. */
export function marked(text: string): (string | TemplateResult)[] {
  return text.split(/(\[[^\]]+\]\(\w+\))/).map((part) => {
    const m = /^\[([^\]]+)\]\((\w+)\)$/.exec(part);
    return m ? term(m[2] as Term, m[1]!) : part;
  });
}

const singleKey = "partita-single-keys";

/** Whether keys without Ctrl or Alt do something of their own; people may switch that off. */
export function singleKeys(on?: boolean): boolean {
  try {
    if (on !== undefined) localStorage.setItem(singleKey, on ? "on" : "off");
    return localStorage.getItem(singleKey) !== "off";
  } catch {
    return true;
  }
}

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

/** Arrow keys go from card to card in the columns beside the tapes. */
function walk(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const column = event.target instanceof Element ? event.target.closest(".producers, .groups") : null;
  if (!step || !column || event.defaultPrevented) return;
  const all = [...column.querySelectorAll<HTMLElement>("button")];
  const next = all[all.indexOf(event.target as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Listens for questions, on the whole page. */
export function listen(): void {
  for (const type of ["pointerover", "focusin", "click"]) document.addEventListener(type, ask);
  document.addEventListener("keydown", keys);
  document.addEventListener("keydown", walk);
}
