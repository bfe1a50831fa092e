import assert from "node:assert/strict";
import { test } from "node:test";
import frameBytes from "../../../engine/scene/testdata/frame.bin";
import { FrameReader } from "../source/reader.ts";
import { describe } from "./aim.ts";
import { hit } from "./hit.ts";
import { layout } from "./layout.ts";
import type { NamedMark } from "./tape.ts";

const frame = new FrameReader().frame(frameBytes);
const l = layout({ width: 520, height: 600, unit: 1, topics: [2, 0], groups: 1, followers: 0, wires: true });
const scrolls = frame.staves.map((s) => s.first);
const marks: NamedMark[][] = frame.staves.map((_, i) =>
  frame.marks.filter((m) => m.stave === i).map((m) => ({ ...m, groupName: frame.groups[m.group]!.name, owner: "", hue: 4 })));
const topic = "<script>alert(1)</script>";

test("what stands under the pointer", () => {
  const box = l.staves[1]!;
  const stave = frame.staves[1]!;
  const at = (x: number, y: number) => hit(frame, l, scrolls, marks, x, y);
  assert.deepEqual(at(l.left + 2.5 * l.cellW, box.cells + 3), { kind: "cell", topic, partition: 1, offset: stave.first + 2 });
  assert.deepEqual(at(l.left + 2, box.cells + l.cellH + 0.7 * l.rowH), { kind: "mark", topic, partition: 1, group: "<b>bold</b>" });
  assert.deepEqual(at(4, box.cells + 3), { kind: "stave", topic, partition: 1 });
  assert.equal(at(4, l.height + 50), null);
  // The line of the high watermark, over the cells and above them.
  const hw = l.left + (stave.hw - stave.first) * l.cellW;
  assert.deepEqual(at(hw + 2, box.cells + 3), { kind: "edge", topic, partition: 1, edge: "hw" });
  assert.deepEqual(at(hw - 2, box.cells - 6), { kind: "edge", topic, partition: 1, edge: "hw" });
  assert.equal(at(hw + l.cellW / 2, box.cells + 3)?.kind, "cell");
  // Right of the log end there is nothing to point at but the partition.
  const beyond = at(l.left + (stave.leo - stave.first + 3.5) * l.cellW, box.cells + 3);
  assert.equal(beyond?.kind, "stave");
});

test("things are told in words", () => {
  const stave = frame.staves[1]!;
  const tell = (offset: number) => describe(frame, { kind: "cell", topic, partition: 1, offset }).join("; ");
  assert.match(tell(stave.leo), /the next record will stand here/);
  assert.match(tell(stave.leo - 1), /not readable yet: the high watermark is/);
  assert.match(tell(stave.first + 4), /no record at this offset any more/);
  assert.match(tell(stave.first + 5), /tombstone/);
  assert.match(tell(stave.first + 2), /processed more than once/);
  assert.match(tell(stave.first), /key ends in .*<b>bold<\/b>: not read yet/);
  assert.match(describe(frame, { kind: "mark", topic, partition: 1, group: "<b>bold</b>" }).join("; "), /nothing committed yet; lag .*; nobody in the group owns it/);
  assert.deepEqual(describe(frame, { kind: "cell", topic: "gone", partition: 0, offset: 1 }), []);
});
