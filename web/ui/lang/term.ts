import { html, type TemplateResult } from "lit";
import type { Term } from "./glossary.ts";

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
