import type { Frame, Stave } from "../source/frame.ts";
import type { Layout } from "./layout.ts";
import { rowY } from "./marks.ts";
import type { NamedMark } from "./tape.ts";

/** What a person points at or has selected; names, because indexes change. */
export type Thing =
  | { kind: "cell"; topic: string; partition: number; offset: number }
  | { kind: "stave"; topic: string; partition: number }
  | { kind: "mark"; topic: string; partition: number; group: string }
  | { kind: "edge"; topic: string; partition: number; edge: "hw" | "lso" | "start" | "leo" }
  | { kind: "flight"; topic: string; partition: number; what: "produce" | "fetch" | "replica"; who: string; sent: number; due: number }
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
