import { html, nothing, type TemplateResult } from "lit";
import { type Frame } from "../source/frame.ts";
import { words as stage } from "../lang/stage.ts";
import { words } from "../lang/twin.ts";
import { wear } from "../panel/wear.ts";
import css from "./twin.lazy.css";

wear(css);

/** The stage as tables: the same facts for those who do not see the picture. */
export function twin(frame: Frame): TemplateResult {
  const shown = frame.groups.map((g, i) => ({ g, i }));
  return html`
    <table class="facts">
      <caption>${words.partitions}</caption>
      <thead><tr>
        <th scope="col">${words.partition}</th><th scope="col">${words.partitionLeader}</th><th scope="col">${words.logStart}</th>
        <th scope="col">${words.highWatermarkHead}</th><th scope="col">${words.logEndHead}</th>
        ${shown.map(({ g }) => html`<th scope="col">${words.groupCommitted(g.name)}</th><th scope="col">${stage.position}</th><th scope="col">${words.lagHead}</th><th scope="col">${words.owner}</th>`)}
      </tr></thead>
      <tbody>${frame.staves.map((s, index) => html`<tr>
        <th scope="row">${frame.topics[s.topic]?.name}-${s.partition}</th>
        <td>${s.leader}</td><td>${s.logStart}</td><td>${s.hw}</td><td>${s.leo}</td>
        ${shown.map(({ g, i }) => {
          const mark = frame.marks.find((m) => m.stave === index && m.group === i);
          if (!mark) return html`<td colspan="4">${words.notRead}</td>`;
          return html`<td>${number(mark.committed)}</td><td>${number(mark.position)}</td><td>${mark.lag}</td>
            <td>${g.members[mark.member]?.name ?? words.nobody}</td>`;
        })}
      </tr>`)}</tbody>
    </table>
    ${frame.groups.map((g) => html`<table class="facts">
      <caption>${words.groupTable(g.name, g.state, g.generation, g.protocol)}</caption>
      <thead><tr><th scope="col">${words.member}</th><th scope="col">${words.state}</th><th scope="col">${words.partitions}</th><th scope="col">${words.lagColumn}</th><th scope="col">${words.memberId}</th></tr></thead>
      <tbody>${g.members.map((m) => html`<tr>
        <th scope="row">${m.name}</th><td>${m.status}</td>
        <td>${m.chips.map((c) => `${frame.topics[c.topic]?.name ?? ""}-${c.partition}`).join(", ") || words.none}</td>
        <td>${m.lag}</td><td>${m.id}</td></tr>`)}
      ${g.members.length === 0 ? html`<tr><td colspan="5">${words.noMembers}</td></tr>` : nothing}</tbody>
    </table>`)}`;
}

const number = (offset: number): string => (offset < 0 ? "–" : String(offset));
