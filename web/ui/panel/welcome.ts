// Four sentences for those who are here for the first time, where the rail's text stands
// later. All four are there from the first drawing, one over the other and three of them
// hidden: the card is as high as the longest, so what stands below it never moves.

import { html, nothing, type TemplateResult } from "lit";
import { marked } from "../lang/term.ts";
import { words } from "../lang/try.ts";

/** What a step is about is outlined while it is read. */
const places = [".tape-room", ".producers, .groups", ".strip .transport, .strip .says", ".steps"];

/** The card at a step; go is told the next one, or -1 when it was skipped or read. */
export function welcome(at: number, go: (at: number) => void): TemplateResult {
  const last = at + 1 === words.steps.length;
  const leave = (): void => go(-1);
  return html`<section class="welcome-card" aria-label=${words.welcome} @keydown=${(e: KeyboardEvent) => e.key === "Escape" && leave()}>
    <div class="told" aria-live="polite">${words.steps.map(([title, text], i) => html`<div class=${i === at ? "" : "away"}><h2>${title}</h2><p>${marked(text)}</p></div>`)}</div>
    <div class="welcome-foot"><span>${words.of(at + 1, words.steps.length)}</span>
      ${last ? nothing : html`<button type="button" class="quiet" @click=${leave}>${words.skip}</button>`}
      <button type="button" class="primary" @click=${() => go(last ? -1 : at + 1)}>${last ? words.done : words.next}</button></div>
  </section>`;
}

/** Outlines what a step is about, and nothing for -1. */
export function point(at: number): void {
  const about = new Set(at < 0 ? [] : document.querySelectorAll(places[at]!));
  for (const shown of document.querySelectorAll(".welcomed")) if (!about.has(shown)) shown.classList.remove("welcomed");
  for (const place of about) place.classList.add("welcomed");
}
