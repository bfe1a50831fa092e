import { html, nothing, type TemplateResult } from "lit";
import type { Alarm, Frame, Group } from "../source/frame.ts";
import { count, moment, things } from "../stage/words.ts";

/** How many alarms are shown; the newest count. */
const alarmsShown = 3;

/** Custody of all records: what became of them, and which setting permitted what went wrong. */
export function ledger(frame: Frame): TemplateResult {
  const { sent, acked, failed, alarms } = frame.ledger;
  const all = (of: (g: Group) => number): number => frame.groups.reduce((sum, g) => sum + of(g), 0);
  const lost = frame.ledger.lost + all((g) => g.lost);
  const duplicated = frame.ledger.duplicated + all((g) => g.duplicates);
  const disordered = frame.ledger.disordered + all((g) => g.disorder);
  const bad = lost + duplicated + disordered > 0;
  const sum = (name: string, n: number, wrong = false): TemplateResult =>
    html`<dt>${name}</dt><dd class=${wrong && n > 0 ? "wrong" : ""}>${count(n)}</dd>`;
  return html`<section class="panel ledger ${bad ? "alarmed" : ""}" aria-label="Custody of records">
    <h3>Custody of records</h3>
    <p>${bad ? html`<b>${verdict(lost, duplicated, disordered)}</b>` : "Nothing lost, nothing twice, everything in order."}</p>
    <dl>${sum("sent", sent)}${sum("acknowledged", acked)}${failed > 0 ? sum("given up", failed) : nothing}
      ${sum("lost", lost, true)}${sum("twice", duplicated, true)}${sum("out of order", disordered, true)}</dl>
    ${alarms.length === 0 ? nothing : html`<ol class="alarms">${alarms.slice(-alarmsShown).reverse().map((alarm) => told(alarm, frame.live))}</ol>`}
  </section>`;
}

function verdict(lost: number, duplicated: number, disordered: number): string {
  const parts = [
    lost > 0 ? `${things(lost, "record")} lost` : "", duplicated > 0 ? `${things(duplicated, "duplicate")}` : "",
    disordered > 0 ? `${count(disordered)} out of order` : "",
  ].filter(Boolean);
  return `${parts.join(", ")}.`;
}

function told(a: Alarm, live: boolean): TemplateResult {
  const who = [a.client, a.group && a.group !== a.client ? a.group : ""].filter(Boolean).join(", ");
  return html`<li><time>${moment(a.at, live)}</time> ${a.records > 1 ? things(a.records, "record") : "a record"} of <b>${a.partition}</b> from offset ${a.offset}: ${a.verdict}${who ? ` (${who})` : ""}.
    ${a.setting ? html`<span>Permitted by <code>${a.setting}</code></span>` : nothing}</li>`;
}
