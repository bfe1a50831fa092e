import { Cell, letterOf, type Frame } from "../source/frame.ts";
import type { Layout } from "./layout.ts";
import { rowY } from "./marks.ts";
import { followers, words } from "./rails.ts";
import type { NamedMark } from "./tape.ts";

/** What a person points at or has selected; names, because indexes change. */
export type Thing =
  | { kind: "cell"; topic: string; partition: number; offset: number }
  | { kind: "stave"; topic: string; partition: number }
  | { kind: "mark"; topic: string; partition: number; group: string }
  | { kind: "topic"; topic: string }
  | { kind: "broker"; id: number }
  | { kind: "producer"; name: string }
  | { kind: "group"; group: string }
  | { kind: "member"; group: string; name: string; id: string };

export const sameThing = (a: Thing | null, b: Thing | null): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What stands at a point of the tapes. */
export function hit(
  frame: Frame, l: Layout, scrolls: number[], marks: NamedMark[][], x: number, y: number,
): Thing | null {
  const index = l.staves.findIndex((box) => y >= box.top && y < box.bottom);
  const stave = frame.staves[index];
  const box = l.staves[index];
  if (!stave || !box) return null;
  const topic = frame.topics[stave.topic]?.name ?? "";
  const { partition } = stave;
  if (l.columns > 0 && x >= l.left && x < l.right && y >= box.cells - 2 && y < box.cells + l.cellH + 2) {
    const offset = Math.floor(scrolls[index]! + (x - l.left) / l.cellW);
    if (offset >= stave.first && offset <= stave.leo) return { kind: "cell", topic, partition, offset };
  }
  for (let row = 0; row < Math.min(l.rows, marks[index]!.length); row++) {
    if (Math.abs(y - rowY(l, box, row)) < l.rowH / 2) {
      return { kind: "mark", topic, partition, group: marks[index]![row]!.groupName };
    }
  }
  return { kind: "stave", topic, partition };
}

/** One or more lines of plain words about a thing on the tapes; the first is its name. */
export function describe(frame: Frame, thing: Thing): string[] {
  if (!("topic" in thing) || !("partition" in thing)) return [];
  const index = frame.staves.findIndex((s) => s.partition === thing.partition && frame.topics[s.topic]?.name === thing.topic);
  const stave = frame.staves[index];
  if (!stave) return [];
  const name = `${thing.topic}-${thing.partition}`;
  const marks = frame.marks.filter((mark) => mark.stave === index);
  if (thing.kind === "cell") {
    if (thing.offset === stave.leo) return [`${name}, offset ${stave.leo}`, "Log end offset: the next record will stand here."];
    const cell = stave.cells[thing.offset - stave.first];
    if (cell === undefined) return [];
    const lines = [`${name}, offset ${thing.offset}`];
    if (cell & Cell.gap) return [...lines, "There is no record at this offset any more."];
    lines.push(letterOf(cell) ? `key ends in ${letterOf(cell)}` : "no key");
    if (cell & Cell.tombstone) lines.push("tombstone: its value is null");
    if (thing.offset >= stave.hw) lines.push(`not readable yet: the high watermark is ${stave.hw}`);
    if (cell & Cell.twice) lines.push("processed more than once");
    if (cell & Cell.busy) lines.push("being processed now");
    for (const mark of marks) {
      const group = frame.groups[mark.group]?.name ?? "";
      const done = mark.committed > thing.offset ? "committed" : mark.position > thing.offset ? "read, not committed" : "not read yet";
      lines.push(`${group}: ${done}`);
    }
    return lines;
  }
  if (thing.kind === "mark") {
    const mark = marks.find((m) => frame.groups[m.group]?.name === thing.group);
    if (!mark) return [];
    const group = frame.groups[mark.group]!;
    const lines = [`${thing.group} in ${name}`];
    lines.push(mark.committed < 0 ? "nothing committed yet" : `⚑ committed ${mark.committed}: a restart reads on from there`);
    if (mark.position >= 0) lines.push(`◆ position ${mark.position}: the next record to poll`);
    lines.push(`lag ${mark.lag} (log end ${stave.leo}${mark.committed < 0 ? "" : ` − committed ${mark.committed}`})`);
    const owner = group.members[mark.member];
    lines.push(owner ? `owned by ${owner.name}` : "nobody in the group owns it now");
    return lines;
  }
  return [
    name,
    `log start ${stave.logStart}, high watermark ${stave.hw}, log end ${stave.leo}`,
    stave.leader < 0 ? "no partition leader: nobody may write or read here now" : `partition leader ${stave.leader}, leader epoch ${stave.leaderEpoch}`,
    ...followers(stave).map((r) => `follower ${r.broker}: log end ${r.leo}, ${words(r, stave) || "in sync"}`),
  ];
}
