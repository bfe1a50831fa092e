import assert from "node:assert/strict";
import { test } from "node:test";
import type { Layout } from "./layout.ts";
import { placeFor } from "./marks.ts";

const l = { left: 40, right: 400, unit: 1 } as Layout;
const width = 420;

test("a name stands right of its mark where there is room", () => {
  assert.equal(placeFor(l, width, 60, 100, 120, 200, []), 210);
  assert.equal(placeFor(l, width, 60, 100, 120, 200, [150, 200]), 210);
});

test("else left of it, and left of the poles that would cross it there", () => {
  assert.equal(placeFor(l, width, 60, 250, 270, 400, []), 174);
  assert.equal(placeFor(l, width, 60, 250, 270, 400, [200]), 128);
  assert.equal(placeFor(l, width, 60, 250, 270, 400, [180, 220]), 108);
});

test("else on its own line", () => {
  assert.equal(placeFor(l, width, 60, 60, 80, 400, []), 90);
  assert.equal(placeFor(l, width, 60, 130, 150, 400, [90]), 160);
});

test("where nothing is free it still stands somewhere on the tape", () => {
  for (const from of [40, 130, 250, 400]) {
    const x = placeFor(l, width, 60, from, from, 400, [60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 360, 390]);
    assert.ok(x >= l.left - 4 && x + 60 <= width - 2, `${from}: ${x}`);
  }
});
