import { html, nothing, type TemplateResult } from "lit";
import { type Frame } from "../source/frame.ts";
import { things } from "./words.ts";

/** The stage as tables: the same facts for those who do not see the picture. */
export function twin(frame: Frame): TemplateResult {
  const shown = frame.groups.map((g, i) => ({ g, i }));
  return html`
    <table class="facts">
      <caption>Partitions</caption>
      <thead><tr>
        <th scope="col">Partition</th><th scope="col">Leader</th><th scope="col">Log start</th>
        <th scope="col">High watermark</th><th scope="col">Log end</th>
        ${shown.map(({ g }) => html`<th scope="col">${g.name}: committed</th><th scope="col">position</th><th scope="col">lag</th><th scope="col">owner</th>`)}
      </tr></thead>
      <tbody>${frame.staves.map((s, index) => html`<tr>
        <th scope="row">${frame.topics[s.topic]?.name}-${s.partition}</th>
        <td>${s.leader}</td><td>${s.logStart}</td><td>${s.hw}</td><td>${s.leo}</td>
        ${shown.map(({ g, i }) => {
          const mark = frame.marks.find((m) => m.stave === index && m.group === i);
          if (!mark) return html`<td colspan="4">does not read it</td>`;
          return html`<td>${number(mark.committed)}</td><td>${number(mark.position)}</td><td>${mark.lag}</td>
            <td>${g.members[mark.member]?.name ?? "nobody"}</td>`;
        })}
      </tr>`)}</tbody>
    </table>
    ${frame.groups.map((g) => html`<table class="facts">
      <caption>Group ${g.name}: ${g.state}, generation ${g.generation}${g.protocol ? `, ${g.protocol}` : ""}</caption>
      <thead><tr><th scope="col">Member</th><th scope="col">State</th><th scope="col">Partitions</th><th scope="col">Lag</th><th scope="col">Member id</th></tr></thead>
      <tbody>${g.members.map((m) => html`<tr>
        <th scope="row">${m.name}</th><td>${m.status}</td>
        <td>${m.chips.map((c) => `${frame.topics[c.topic]?.name ?? ""}-${c.partition}`).join(", ") || "none"}</td>
        <td>${m.lag}</td><td>${m.id}</td></tr>`)}
      ${g.members.length === 0 ? html`<tr><td colspan="5">no members</td></tr>` : nothing}</tbody>
    </table>`)}`;
}

const number = (offset: number): string => (offset < 0 ? "–" : String(offset));

/** The stage in one sentence, for its label. */
export function summary(frame: Frame): string {
  const topics = frame.topics.filter((t) => t.inView).map((t) => `Topic ${t.name}: ${t.detail}.`);
  const groups = frame.groups.map((g) => `Group ${g.name}: ${g.state}, ${things(g.members.length, "member")}, lag ${g.lag}.`);
  return [...topics, ...groups].join(" ") || "No topic yet.";
}
