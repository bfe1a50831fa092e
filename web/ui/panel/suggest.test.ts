import assert from "node:assert/strict";
import { test } from "node:test";
import frameBytes from "../../../engine/scene/testdata/frame.bin";
import { Kind, State, type Frame } from "../source/frame.ts";
import { FrameReader } from "../source/reader.ts";
import { suggestions } from "./suggest.ts";

const fresh = (): Frame => new FrameReader().frame(frameBytes);

test("an empty stage asks for a topic", () => {
  const empty = { ...fresh(), topics: [] };
  assert.deepEqual(suggestions(empty, true, "main").map((s) => s.line), ["topic create orders partitions=3"]);
  // A playground of one's own may also begin with a whole cluster.
  assert.deepEqual(suggestions(empty, false, "").map((s) => s.id), ["topic", "brokers"]);
});

test("a new consumer is like those that are there, under a name of its own", () => {
  const frame = fresh();
  const member = frame.groups[0]!.members[1]!;
  member.settings = "group=x topics=y commit=after process=2s group.instance.id=one";
  member.chips = [{ topic: 0, partition: 0, paused: false }];
  frame.groups[0]!.members[0]!.kind = Kind.tab;
  const list = suggestions(frame, false, "");
  assert.equal(list.find((s) => s.id === "consumer")?.line, "consumer add c1 group=<b>bold</b> topics=<script>alert(1)</script> commit=after process=2s");
  assert.equal(list.find((s) => s.id === "crash")?.line, "consumer crash c2");
  member.state = State.crashed;
  assert.equal(suggestions(frame, false, "").find((s) => s.id === "crash"), undefined);
});

test("a live room offers a seat first, at an address that cannot break out", () => {
  const list = suggestions(fresh(), true, "a/b?c");
  assert.equal(list.length, 4);
  assert.equal(list[0]?.link, "/room/a%2Fb%3Fc/seat");
});
