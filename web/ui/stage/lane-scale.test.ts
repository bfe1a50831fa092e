import assert from "node:assert/strict";
import { test } from "node:test";
import { scale } from "./lane-scale.ts";
import { Memory } from "./panel-memory.ts";

test("instants keep their order and stand apart, quiet times are short", () => {
  const times = [1000, 1001, 1200, 60_000, 60_001];
  const axis = scale([...times, 1001], 60_500);
  for (let i = 1; i < times.length; i++) {
    const step = axis.x(times[i]!) - axis.x(times[i - 1]!);
    assert.ok(step >= 12 && step <= 80, `${times[i]}: ${step}`);
  }
  assert.equal(axis.breaks.length, 1);
  assert.ok(axis.x(30_000) > axis.x(1200) && axis.x(30_000) < axis.x(60_000));
  assert.ok(axis.x(60_500) <= axis.width && axis.x(0) >= 0);
});

test("what was seen stays in sight after going back, and goes when it does not happen again", () => {
  const memory = new Memory<number>(4, String, (n) => n);
  assert.deepEqual(memory.merge([1, 2, 3], 3), [1, 2, 3]);
  assert.deepEqual(memory.merge([1], 1), [1, 2, 3], "2 and 3 lie ahead");
  assert.deepEqual(memory.merge([1, 5], 5), [1, 5], "another future: they did not happen");
  assert.deepEqual(memory.merge([5, 6, 7], 7), [1, 5, 6, 7], "older than the list reaches");
  assert.deepEqual(memory.merge([7, 8], 8), [5, 6, 7, 8], "four at most");
});
