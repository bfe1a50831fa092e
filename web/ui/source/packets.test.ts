import assert from "node:assert/strict";
import { test } from "node:test";
import { From, helloPacket, pullPacket, readError, readResult, readWelcome, scriptPacket, byePacket } from "./packets.ts";

test("packets towards the room", () => {
  assert.deepEqual([...helloPacket(1, "é")], [1, 2, 1, 0xc3, 0xa9]);
  assert.deepEqual([...scriptPacket(258, "play")], [2, 2, 1, 0, 0, 112, 108, 97, 121]);
  assert.deepEqual([...pullPacket(300, "t")], [4, 44, 1, 116]);
  assert.deepEqual([...byePacket()], [5]);
});

test("packets from the room", () => {
  const bytes = new Uint8Array(64);
  const view = new DataView(bytes.buffer);
  bytes[0] = From.welcome;
  view.setUint32(1, 7, true);
  view.setFloat64(5, 1500, true);
  bytes.set([116, 97, 98], 13);
  assert.deepEqual(readWelcome(bytes.subarray(0, 16)), { session: 7, time: 1500, name: "tab" });

  bytes.fill(0);
  bytes[0] = From.result;
  view.setUint32(1, 9, true);
  view.setUint32(6, 1, true);
  bytes[14] = 1;
  view.setUint32(15, 2, true);
  view.setUint32(19, 2, true);
  bytes.set([110, 111], 23);
  assert.deepEqual(readResult(bytes.subarray(0, 25)), {
    number: 9,
    results: [
      { line: 1, failed: false, text: "" },
      { line: 2, failed: true, text: "no" },
    ],
  });
  assert.equal(readError(new Uint8Array([70, 104, 105])), "hi");
});
