import { html, nothing, type TemplateResult } from "lit";
import { marked } from "../lang/term.ts";
import { words } from "../lang/try.ts";
import type { Frame } from "../source/frame.ts";
import { icons } from "../stage/icons.ts";
import type { Suggestion } from "./suggest.ts";
import { welcome } from "./welcome.ts";

export interface TryEvents {
  done: Set<string>;
  copied: boolean;
  told: number; // the step of the welcome that is read; -1 for those who have been here
  tell(at: number): void;
  copy(): void;
  try(suggestion: Suggestion): void;
}

/** The left rail: what this is, and things to try. */
export function tryRail(list: Suggestion[], frame: Frame | null, live: boolean, e: TryEvents): TemplateResult {
  return html`
    ${e.told < 0 ? html`<h2>${live ? words.liveTitle : words.title}</h2><p>${marked(live ? words.liveText : words.text)}</p>` : welcome(e.told, e.tell)}
    <h3>${words.tryThis}</h3>
    <ol class="steps">${list.map((s, i) => step(s, i, e))}</ol>
    ${live ? html`<p class="invite"><button type="button" @click=${() => e.copy()}>${e.copied ? words.copied : words.copy}</button></p>` : nothing}
    <div class="more">${reading()}
    ${live && frame ? html`<p class="hint">${words.forScripts} <a href="/api/rooms/${frame.room}">/api/rooms/${frame.room}</a></p>` : nothing}</div>`;
}

function step(s: Suggestion, i: number, e: TryEvents): TemplateResult {
  const done = e.done.has(s.id);
  const body = html`<span class="n">${done ? icons.check() : i + 1}</span>
    <b>${s.title}${s.link ? html` ${icons.out()}<span class="unseen"> ${words.newTab}</span>` : nothing}</b>
    <small>${s.why}</small>
    ${s.line ? html`<code>${s.shown ?? s.line}</code>` : nothing}`;
  return html`<li class=${done ? "done" : ""}>${s.link
    ? html`<a class="button" href=${s.link} target="_blank" @click=${() => e.try(s)}>${body}</a>`
    : html`<button type="button" @click=${() => e.try(s)}>${body}</button>`}</li>`;
}

function reading(): TemplateResult {
  return html`<details><summary>${words.howToRead}</summary>
    <dl class="words">${words.reading.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl></details>`;
}
