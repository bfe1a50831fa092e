// Four sentences for those who are here for the first time. They stand in the rail and
// cover nothing; whoever skips them or comes to their end does not see them again.

import { html, nothing, render, type TemplateResult } from "lit";
import type { HelpWords } from "../lang/help.ts";
import { help } from "../lang/later.ts";
import css from "./help.lazy.css";
import { welcomed } from "./terms.ts";
import { wear } from "./wear.ts";

/** What a step is about is outlined while it is read. */
const places = [".tape-room", ".producers, .groups", ".strip .transport, .strip .says", ".steps"];

export async function welcome(place: HTMLElement): Promise<void> {
  const words = await help();
  if (!place.isConnected) return;
  wear(css);
  show(place, words, 0);
}

function show(place: HTMLElement, words: HelpWords, at: number): void {
  point(at);
  const leave = (): void => {
    point(-1);
    welcomed(true);
    render(nothing, place);
  };
  const next = (): void => {
    if (at + 1 === words.steps.length) return leave();
    show(place, words, at + 1);
  };
  render(card(words, at, next, leave), place);
}

function card(words: HelpWords, at: number, next: () => void, leave: () => void): TemplateResult {
  const [title, text] = words.steps[at]!;
  const last = at + 1 === words.steps.length;
  return html`<section class="welcome-card" aria-label=${words.welcome} @keydown=${(e: KeyboardEvent) => e.key === "Escape" && leave()}>
    <div aria-live="polite"><h3>${title}</h3><p>${text}</p></div>
    <div class="welcome-foot"><span>${words.of(at + 1, words.steps.length)}</span>
      ${last ? nothing : html`<button type="button" class="quiet" @click=${leave}>${words.skip}</button>`}
      <button type="button" class="primary" @click=${next}>${last ? words.done : words.next}</button></div>
  </section>`;
}

/** Outlines what the step is about; -1 for nothing. */
function point(at: number): void {
  for (const shown of document.querySelectorAll(".welcomed")) shown.classList.remove("welcomed");
  if (at >= 0) for (const place of document.querySelectorAll(places[at]!)) place.classList.add("welcomed");
}
