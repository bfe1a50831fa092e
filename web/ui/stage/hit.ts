import { Cell, letterOf, type Frame, type Stave } from "../source/frame.ts";
import { words } from "../lang/stage.ts";
import type { Layout } from "./layout.ts";
import { rowY } from "./marks.ts";
import { followers, words as standing } from "./rails.ts";
import type { NamedMark } from "./tape.ts";

/** What a person points at or has selected; names, because indexes change. */
export type Thing =
  | { kind: "cell"; topic: string; partition: number; offset: number }
  | { kind: "stave"; topic: string; partition: number }
  | { kind: "mark"; topic: string; partition: number; group: string }
  | { kind: "edge"; topic: string; partition: number; edge: "hw" | "lso" | "start" }
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
  const edge = edgeAt(stave, l, box.cells, scrolls[index]!, x, y);
  if (edge) return { kind: "edge", topic, partition, edge };
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

/** How near to a line one must point, in px. */
const edgeNear = 3;

/** The high watermark, last stable offset or log start whose line is at a point. */
function edgeAt(stave: Stave, l: Layout, cells: number, scroll: number, x: number, y: number): "hw" | "lso" | "start" | null {
  if (l.columns === 0 || x >= l.right || y < cells - 10 || y >= cells + l.cellH + 10) return null;
  const onCells = y >= cells - 2 && y < cells + l.cellH + 2;
  if (onCells && l.cellW < 4 * edgeNear) return null; // records come first where they are small
  const near = (offset: number): boolean => offset >= stave.first && Math.abs(x - l.left - (offset - scroll) * l.cellW) <= edgeNear;
  if (near(stave.hw)) return "hw";
  if (stave.lso < stave.hw && near(stave.lso)) return "lso";
  return stave.logStart > 0 && near(stave.logStart) ? "start" : null;
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
    if (thing.offset === stave.leo) return [words.at(name, stave.leo), words.nextHere];
    const cell = stave.cells[thing.offset - stave.first];
    if (cell === undefined) return [];
    const lines = [words.at(name, thing.offset)];
    if (cell & Cell.gap) return [...lines, words.recordGone];
    lines.push(letterOf(cell) ? words.keyEnds(letterOf(cell)) : words.noKey);
    if (cell & Cell.tombstone) lines.push(words.tombstone);
    if (thing.offset >= stave.hw) lines.push(words.notReadable(stave.hw));
    if (cell & Cell.twice) lines.push(words.processedTwice);
    if (cell & Cell.busy) lines.push(words.beingProcessed);
    for (const mark of marks) {
      const group = frame.groups[mark.group]?.name ?? "";
      const done = mark.committed > thing.offset ? words.isCommitted : mark.position > thing.offset ? words.isRead : words.isUnread;
      lines.push(words.ofGroup(group, done));
    }
    return lines;
  }
  if (thing.kind === "mark") {
    const mark = marks.find((m) => frame.groups[m.group]?.name === thing.group);
    if (!mark) return [];
    const group = frame.groups[mark.group]!;
    const lines = [words.groupIn(thing.group, name)];
    lines.push(mark.committed < 0 ? words.nothingCommitted : words.committedAt(mark.committed));
    if (mark.position >= 0) lines.push(words.positionAt(mark.position));
    lines.push(mark.committed < 0 ? words.lagOf(mark.lag, stave.leo) : words.lagFrom(mark.lag, stave.leo, mark.committed));
    const owner = group.members[mark.member];
    lines.push(owner ? words.ownedBy(owner.name) : words.notOwned);
    return lines;
  }
  return [
    name,
    words.bounds(stave.logStart, stave.hw, stave.leo),
    stave.leader < 0 ? words.noLeader : words.leader(stave.leader, stave.leaderEpoch),
    ...followers(stave).map((r) => words.follower(r.broker, r.leo, standing(r, stave) || words.inSync)),
  ];
}
