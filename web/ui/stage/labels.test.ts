import assert from "node:assert/strict";
import { test } from "node:test";
import { Labels, type Style } from "./labels.ts";

/** A canvas on which every letter is six pixels wide. */
const drawn: string[] = [];
const ctx = {
  measureText: (text: string) => ({ width: 6 * text.length }), fillText: (text: string) => drawn.push(text), fillRect() {},
} as unknown as CanvasRenderingContext2D;
const style: Style = { align: "left", size: 10, family: "mono", colour: "#000" };

test("a label that finds its place taken is left out", () => {
  const labels = new Labels();
  assert.ok(labels.put(ctx, "first", 0, 10, style));
  assert.ok(!labels.put(ctx, "over", 20, 12, style), "it begins inside the first");
  assert.ok(labels.put(ctx, "beside", 40, 10, style));
  assert.ok(labels.put(ctx, "below", 0, 23, style));
  assert.ok(!labels.put(ctx, "ends in it", 130, 10, { ...style, align: "right" }), "it ends beyond the second one's start");
  assert.deepEqual(drawn, ["first", "beside", "below"]);
  labels.clear();
  assert.ok(labels.put(ctx, "over", 20, 12, style));
});

test("alignment", () => {
  const labels = new Labels();
  assert.equal(labels.box(ctx, "abcd", 100, 0, style).x, 100);
  assert.equal(labels.box(ctx, "abcd", 100, 0, { ...style, align: "right" }).x, 76);
  assert.equal(labels.box(ctx, "abcd", 100, 0, { ...style, align: "center" }).x, 88);
});
