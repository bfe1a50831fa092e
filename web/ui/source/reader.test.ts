import assert from "node:assert/strict";
import { test } from "node:test";
import frameBytes from "../../../engine/scene/testdata/frame.bin";
import seatBytes from "../../../engine/scene/testdata/seat.bin";
import { BrokerState, Cell, RangeKind, ReplicaState, hueOf, letterOf } from "./frame.ts";
import { FrameError, FrameReader } from "./reader.ts";
import { aligned } from "./packets.ts";

/** The bytes at some distance from the start of a buffer. */
function shifted(bytes: Uint8Array, by: number): Uint8Array {
  const copy = new Uint8Array(new ArrayBuffer(bytes.length + by), by);
  copy.set(bytes);
  return copy;
}

test("a frame that Go encoded", () => {
  const frame = new FrameReader().frame(frameBytes);
  assert.equal(frame.room, "main");
  assert.equal(frame.time, 48);
  assert.deepEqual(frame.brokers, [
    { id: 101, up: true, label: "controller", state: BrokerState.paused, fenced: false, controller: true, rack: "a", slowMs: 0 },
  ]);
  assert.equal(frame.producers[0]?.txn, "IN_TRANSACTION");
  assert.deepEqual(frame.staves[0]?.replicas[1], { broker: 102, leo: 11, hw: 7, logStart: 0, inSync: false, state: ReplicaState.catchesUp, diverged: 8 });
  assert.deepEqual(frame.staves[0]?.ranges.map((r) => r.kind), [RangeKind.aborted, RangeKind.acquired]);
  assert.deepEqual(frame.groups[0]?.eras, [{ epoch: 2, at: 40, cells: [{ stave: 1, owner: "c2", moved: true, paused: 1500 }] }]);
  assert.deepEqual(frame.groups[0]?.members[0]?.awaiting, [{ topic: 0, partition: 1, paused: false }]);
  assert.equal(frame.flights[0]?.to, 102);
  assert.equal(frame.flights[0]?.lasts, 5);
  assert.equal(frame.ledger.alarms[0]?.setting, "acks=1");
  assert.equal(frame.exchanges[0]?.what, "join");
  assert.equal(frame.topics[0]?.name, "<script>alert(1)</script>");
  assert.equal(frame.topics[1]?.name, "später-Ελλάδα-주문");
  assert.equal(frame.staves.length, 2);
  const stave = frame.staves[1]!;
  assert.equal(stave.cells.length, stave.leo - stave.first);
  assert.ok(stave.cells[2]! & Cell.twice);
  assert.equal(stave.cells[4], Cell.gap);
  assert.equal(letterOf(stave.cells[0]!).length, 1);
  assert.ok(hueOf(stave.cells[0]!) >= 1 && hueOf(stave.cells[0]!) <= 6);
  const group = frame.groups[0]!;
  assert.equal(group.name, "<b>bold</b>");
  assert.equal(group.members[1]?.status, "idle: 2 partitions for 3 members");
  assert.deepEqual(group.members[2]?.session, { left: 0, total: 0 });
  assert.equal(frame.marks[1]?.committed, -1);
  assert.equal(frame.notes[0]?.text, "<img src=x onerror=alert(1)> joined the group.");
  assert.equal(frame.lastNote, 1);
});

test("a seat that Go encoded", () => {
  const seat = new FrameReader().seat(seatBytes);
  assert.equal(seat.name, "c2");
  assert.equal(seat.title, "You own 2 of 6 partitions. 4 other tabs share the rest.");
  assert.deepEqual(
    seat.parts.map((part) => [part.label, part.committed, part.hw, part.cells.length]),
    [
      ["orders-1", 40, 45, 7],
      ["orders-4", 18, 18, 3],
    ],
  );
  assert.ok(seat.parts[0]!.cells[5]! & Cell.busy);
});

test("cells are read in place, or copied when they are not aligned", () => {
  const reader = new FrameReader();
  const straight = reader.frame(shifted(frameBytes, 4));
  for (const by of [1, 2, 3]) {
    const frame = new FrameReader().frame(shifted(frameBytes, by));
    assert.deepEqual(frame.staves, straight.staves);
  }
  const packet = aligned(shifted(frameBytes, 1));
  const bytes = packet.subarray(0);
  assert.equal(bytes.byteOffset % 4, 3, "the byte after the packet's type is aligned");
  assert.equal(reader.frame(shifted(frameBytes, 8)).staves[0]!.cells.buffer.byteLength, frameBytes.length + 8);
});

test("strings are kept from frame to frame, and still right when they move", () => {
  const reader = new FrameReader();
  const one = reader.frame(shifted(frameBytes, 0));
  assert.deepEqual(reader.frame(shifted(frameBytes, 0)), one);
  assert.equal(reader.seat(shifted(seatBytes, 0)).group, "billing");
  assert.deepEqual(reader.frame(shifted(frameBytes, 0)), one);
});

test("bytes that are no frame", () => {
  const reader = new FrameReader();
  assert.throws(() => reader.frame(new Uint8Array([9, 0, 0])), (error) => error instanceof FrameError && /Reload/.test(error.message));
  assert.throws(() => reader.frame(new Uint8Array()), FrameError);
  for (let size = 1; size < frameBytes.length; size += 7) {
    assert.throws(() => reader.frame(shifted(frameBytes.slice(0, size), 0)), FrameError, `cut after ${size} bytes`);
  }
});
