import assert from "node:assert/strict";
import { test } from "node:test";
import frameBytes from "../../../engine/scene/testdata/frame.bin";
import { questionOf } from "../panel/question.ts";
import { FrameReader } from "../source/reader.ts";
import { around, describe, nextCell, walk } from "./aim.ts";
import type { Thing } from "./hit.ts";
import type { Painter } from "./painter.ts";

const frame = new FrameReader().frame(frameBytes);
const painter = {
  marks: frame.staves.map((_, i) => frame.marks.filter((m) => m.stave === i).map((m) => ({ ...m, groupName: frame.groups[m.group]!.name }))),
} as unknown as Painter;

test("the keyboard walks over all that is at a stave, and round", () => {
  for (const [index, stave] of frame.staves.entries()) {
    const all = around(frame, painter, index);
    assert.deepEqual(all.slice(0, 4).map((t) => t.kind === "edge" && t.edge), ["start", "lso", "hw", "leo"]);
    assert.equal(all.filter((t) => t.kind === "mark").length, frame.marks.filter((m) => m.stave === index).length);
    assert.equal(all.filter((t) => t.kind === "flight").length, frame.flights.filter((f) => f.stave === index).length);
    const first = nextCell(frame, null, [0, 0]) as Thing & { kind: "cell" };
    const start: Thing = { ...first, partition: stave.partition, topic: frame.topics[stave.topic]!.name };
    let at: Thing | null = start;
    const seen: (Thing | null)[] = [];
    for (let i = 0; i < all.length; i++) seen.push((at = walk(frame, painter, at, 1)));
    assert.deepEqual(seen, all);
    assert.deepEqual(walk(frame, painter, at, 1), all[0]);
    assert.deepEqual(walk(frame, painter, start, -1), all.at(-1));
    for (const thing of all) {
      assert.ok(describe(frame, thing).length > 1, JSON.stringify(thing));
      assert.ok(questionOf(thing).length > 0);
    }
  }
});

test("a flight is asked about by when it left and when it is due", () => {
  const flights = frame.staves.flatMap((_, i) => around(frame, painter, i)).filter((t) => t.kind === "flight");
  assert.ok(flights.length > 0);
  for (const f of flights) assert.match(questionOf(f), new RegExp(`^flight ${f.what} .* ${f.sent} ${f.due}$`));
});

test("arrow keys go from a mark to the newest record of its stave", () => {
  const stave = frame.staves[1]!;
  const topic = frame.topics[stave.topic]!.name;
  const from: Thing = { kind: "edge", topic, partition: stave.partition, edge: "hw" };
  assert.deepEqual(nextCell(frame, from, [0, -1]), { kind: "cell", topic, partition: stave.partition, offset: stave.leo - 1 });
  assert.deepEqual(nextCell(frame, nextCell(frame, from, [0, -1]), [0, -1]), { kind: "cell", topic, partition: stave.partition, offset: stave.leo - 2 });
});
