import { html, nothing, type TemplateResult } from "lit";
import type { Frame } from "../source/frame.ts";
import { icons } from "../stage/icons.ts";
import type { Suggestion } from "./suggest.ts";

export interface TryEvents {
  done: Set<string>;
  copied: boolean;
  copy(): void;
  try(suggestion: Suggestion): void;
}

/** The left rail: what this is, and things to try. */
export function tryRail(list: Suggestion[], frame: Frame | null, live: boolean, e: TryEvents): TemplateResult {
  return html`
    <h2>${live ? "A live room" : "A Kafka you can watch"}</h2>
    <p>${live
      ? "Everybody who opens this room sees the same cluster. A tab that takes a seat is a consumer in one group: close it, freeze it, and watch who takes over."
      : "Producers write records to the partitions of a topic. The consumers of a group share the partitions. Change something and watch what follows."}</p>
    <h3>Try this</h3>
    <ol class="steps">${list.map((s, i) => step(s, i, e))}</ol>
    ${live ? html`<p class="invite"><button type="button" @click=${() => e.copy()}>${e.copied ? "Copied: paste it to the others" : "Copy the link to a seat"}</button></p>` : nothing}
    <div class="more">${words()}
    ${live && frame ? html`<p class="hint">Scripts can read this room at <a href="/api/rooms/${frame.room}">/api/rooms/${frame.room}</a>.</p>` : nothing}</div>`;
}

function step(s: Suggestion, i: number, e: TryEvents): TemplateResult {
  const done = e.done.has(s.id);
  const body = html`<span class="n">${done ? icons.check() : i + 1}</span>
    <b>${s.title}${s.link ? html` ${icons.out()}<span class="unseen"> (opens a new tab)</span>` : nothing}</b>
    <small>${s.why}</small>
    ${s.line ? html`<code>${s.shown ?? s.line}</code>` : nothing}`;
  return html`<li class=${done ? "done" : ""}>${s.link
    ? html`<a class="button" href=${s.link} target="_blank" @click=${() => e.try(s)}>${body}</a>`
    : html`<button type="button" @click=${() => e.try(s)}>${body}</button>`}</li>`;
}

function words(): TemplateResult {
  const list: [string, string][] = [
    ["Cell", "One record. The letter is the end of its key, the colour follows from it; a dot means no key."],
    ["Committed ⚑", "The offset that the group stored: where it reads on after a restart. It is the next record, not the last one read."],
    ["Position ◆", "The next record that the consumer will poll. Between ⚑ and ◆: read, not committed yet."],
    ["High watermark ┃", "Consumers may read up to here."],
    ["Log end ┊", "The offset of the next record to be written."],
    ["Lag", "Log end minus committed: how much the group still has to do."],
    ["Rings", "Two clocks of a consumer: until its session times out, and until it must poll again."],
  ];
  return html`<details><summary>How to read the picture</summary>
    <dl class="words">${list.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl></details>`;
}
