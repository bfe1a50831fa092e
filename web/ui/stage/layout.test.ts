import assert from "node:assert/strict";
import { test } from "node:test";
import { cellsWanted, layout, type Needs } from "./layout.ts";

const needs = (over: Partial<Needs>): Needs => ({
  width: 520, height: 680, unit: 1, topics: [3], groups: 1, followers: 0, wires: true, ...over,
});

test("fewer things are shown larger", () => {
  const look = (n: number) => layout(needs({ topics: [n] })).look;
  assert.equal(look(1), "full");
  assert.equal(look(6), "full");
  assert.equal(look(12), "compact");
  assert.equal(look(40), "mini");
  assert.equal(look(64), "rail");
});

test("everything fits without scrolling down to a desktop window", () => {
  for (let n = 1; n <= 64; n++) {
    for (const groups of [0, 1, 2, 4, 9]) {
      const l = layout(needs({ topics: [n], groups }));
      assert.ok(l.height <= 680 + 1e-6, `${n} partitions, ${groups} groups: ${l.height}`);
    }
  }
});

test("staves neither overlap nor leave their region, at any size", () => {
  for (const width of [200, 288, 390, 520, 1400, 3000]) {
    for (const height of [200, 680, 1900, Infinity]) {
      for (const topics of [[1], [6], [64], [3, 0, 20], [0], []]) {
        const l = layout(needs({ width, height, topics, groups: 3, followers: 2, unit: width > 2000 ? 1.6 : 1 }));
        let y = 0;
        for (const s of l.staves) {
          assert.ok(s.top >= y && s.cells >= s.top, "top");
          assert.ok(s.cells + l.cellH + l.rows * l.rowH <= s.bottom + 1e-6, `marks below ${s.bottom} at ${width}x${height}`);
          y = s.bottom;
        }
        assert.equal(l.staves.length, topics.reduce((a, b) => a + b, 0));
        assert.equal(l.heads.length, topics.length);
        assert.ok(l.height >= y && l.height < 64 * 140 * l.unit);
        assert.ok(l.right <= width && l.left < l.right);
        assert.ok(l.columns * l.cellW <= l.right - l.left + 1e-6, "columns");
      }
    }
  }
});

test("a page that scrolls still shows letters for a handful of partitions", () => {
  const phone = layout(needs({ width: 360, height: Infinity, topics: [6], wires: false }));
  assert.equal(phone.look, "full");
  assert.ok(phone.columns >= 10, `${phone.columns} columns`);
  assert.equal(layout(needs({ height: Infinity, topics: [64] })).look, "mini");
});

test("more cells are asked for than fit, but no more than a room gives", () => {
  const l = layout(needs({}));
  assert.ok(cellsWanted(l) > l.columns);
  assert.equal(cellsWanted(layout(needs({ width: 4000, topics: [40] }))), 200);
});
