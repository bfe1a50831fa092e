import { html, nothing, type TemplateResult } from "lit";
import { words } from "../lang/ledger.ts";
import { words as numbers } from "../lang/numbers.ts";
import type { Alarm, Frame, Group } from "../source/frame.ts";
import { count, moment } from "../stage/words.ts";
import { questionOfAlarm } from "./question.ts";

/** How many alarms are shown; the newest count. */
const alarmsShown = 3;
/** From here on two counts are too wide for one line. */
const wide = 100_000;

/** Custody of all records: what became of them, and which setting permitted what went wrong. */
export function ledger(frame: Frame, ask: (question: string) => void): TemplateResult {
  const { sent, acked, failed, alarms } = frame.ledger;
  const all = (of: (g: Group) => number): number => frame.groups.reduce((sum, g) => sum + of(g), 0);
  const lost = frame.ledger.lost + all((g) => g.lost);
  const duplicated = frame.ledger.duplicated + all((g) => g.duplicates);
  const disordered = frame.ledger.disordered + all((g) => g.disorder);
  const bad = lost + duplicated + disordered > 0;
  const sum = (name: string, n: number, wrong = false): TemplateResult =>
    html`<dt>${name}</dt><dd class=${wrong && n > 0 ? "wrong" : ""}>${count(n)}</dd>`;
  return html`<section class="panel ledger ${bad ? "alarmed" : ""}" aria-label=${words.title}>
    <h3>${words.title}</h3>
    <p>${bad ? html`<b>${verdict(lost, duplicated, disordered)}</b>` : words.allWell}</p>
    <dl class=${Math.max(sent, acked, failed, lost, duplicated, disordered) < wide ? "" : "wide"}>${sum(words.sent, sent)}${sum(words.acked, acked)}${failed > 0 ? sum(words.failed, failed) : nothing}
      ${sum(words.lost, lost, true)}${sum(words.twice, duplicated, true)}${sum(words.disordered, disordered, true)}</dl>
    ${alarms.length === 0 ? nothing : html`<ol class="alarms">${alarms.slice(-alarmsShown).reverse().map((alarm) => told(alarm, frame.live, ask))}</ol>`}
  </section>`;
}

function verdict(lost: number, duplicated: number, disordered: number): string {
  const parts = [
    lost > 0 ? words.recordsLost(numbers.records(lost)) : "", duplicated > 0 ? numbers.duplicates(duplicated) : "",
    disordered > 0 ? words.outOfOrder(count(disordered)) : "",
  ].filter(Boolean);
  return `${parts.join(", ")}.`;
}

function told(a: Alarm, live: boolean, ask: (question: string) => void): TemplateResult {
  const who = [a.client, a.group && a.group !== a.client ? a.group : ""].filter(Boolean).join(", ");
  return html`<li><time>${moment(a.at, live)}</time> ${words.told(a.records > 1 ? numbers.records(a.records) : words.aRecord, a.partition, a.offset, words.verdicts[a.verdict] ?? a.verdict, who)}
    ${a.setting ? html`<span>${words.permittedBy} <code>${a.setting}</code></span>` : nothing}
    <button type="button" class="quiet ask" @click=${() => ask(questionOfAlarm(a))}>${words.why}</button></li>`;
}
