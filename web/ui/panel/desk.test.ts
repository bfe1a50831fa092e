import assert from "node:assert/strict";
import { test } from "node:test";
import { Desk, lineOf, word } from "./desk.ts";

test("words are quoted when a script would read them otherwise", () => {
  assert.equal(word("orders"), "orders");
  assert.equal(word("<script>"), "<script>");
  assert.equal(word("two words"), '"two words"');
  assert.equal(word(""), '""');
  assert.equal(word('say "hi" \\ a=b #c'), '"say \\"hi\\" \\\\ a=b #c"');
});

test("a line leaves out settings without a value", () => {
  assert.equal(
    lineOf(["consumer", "add", "c 1"], { group: "billing", commit: "", process: "200ms" }),
    'consumer add "c 1" group=billing process=200ms',
  );
});

test("a desk keeps what was sent and what came of it", async () => {
  const desk = new Desk(async (lines) => [{ line: 1, failed: lines === "bad", text: lines === "bad" ? "no such verb" : "" }]);
  let changes = 0;
  desk.onchange = () => changes++;
  assert.equal(await desk.run("play"), "");
  assert.equal(await desk.run("bad"), "no such verb");
  assert.equal(changes, 4);
  assert.deepEqual(desk.entries.map((e) => e.results?.[0]?.failed), [false, true]);
  for (let i = 0; i < 300; i++) void desk.run("play");
  assert.equal(desk.entries.length, 200);
});
