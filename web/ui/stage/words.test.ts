import assert from "node:assert/strict";
import { test } from "node:test";
import { words } from "../lang/numbers.ts";
import { count, duration, freeName, moment, rate } from "./words.ts";

test("numbers as people read them", () => {
  assert.equal(count(1234567), "1,234,567");
  assert.equal(count(999), "999");
  assert.equal(words.records(1), "1 record");
  assert.equal(words.tabs(0), "0 tabs");
  assert.equal(duration(-5), "0.0 s");
  assert.equal(duration(9999), "9.9 s");
  assert.equal(duration(38_400), "38 s");
  assert.equal(duration(94_000), "1 min 34 s");
  assert.equal(duration(300_000), "5 min");
  assert.equal(rate(5000), "5 records/s");
  assert.equal(rate(1000), "1 record/s");
  assert.equal(rate(500), "1 record every 2 s");
  assert.equal(moment(18_960, false), "18.96 s");
  assert.equal(moment(125_000, false), "2:05");
});

test("the first name that is free", () => {
  assert.equal(freeName("c", ["c1", "c3"]), "c2");
  assert.equal(freeName("p", []), "p1");
});
