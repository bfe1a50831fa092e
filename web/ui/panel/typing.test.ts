import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOptions, searchBack } from "./typing.ts";

test("a completion has the word at hand and ways to go on", () => {
  assert.deepEqual(parseOptions("lin\nlinger.ms=\t5\nlink\t"), { word: "lin", options: [{ text: "linger.ms=", hint: "5" }, { text: "link", hint: "" }] });
  assert.deepEqual(parseOptions(""), { word: "", options: [] });
});

test("the history is searched from the newest line back", () => {
  const history = ["send orders a", "consumer crash c1", "send orders b"];
  assert.equal(searchBack(history, "send", 3), 2);
  assert.equal(searchBack(history, "send", 2), 0);
  assert.equal(searchBack(history, "send", 0), -1);
  assert.equal(searchBack(history, "nothing", 3), -1);
});
