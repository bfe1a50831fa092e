import assert from "node:assert/strict";
import { test } from "node:test";
import { choicesOf, lineOfSetting, parseSettings } from "./settings-lines.ts";

test("settings come with their defaults", () => {
  assert.deepEqual(parseSettings("acks\t1\tall\t[0, 1, all]\tk\nthreads\t1\t1\t[1,...,100]\t\nclient.id\tp1\t\t\tkl\n"), [
    { name: "acks", value: "1", standard: "all", valid: "[0, 1, all]", kafka: true, locked: false },
    { name: "threads", value: "1", standard: "1", valid: "[1,...,100]", kafka: false, locked: false },
    { name: "client.id", value: "p1", standard: "", valid: "", kafka: true, locked: true },
  ]);
  assert.deepEqual(choicesOf("[0, 1, all]"), ["0", "1", "all"]);
  assert.deepEqual(choicesOf("[1,...]"), []);
  assert.deepEqual(choicesOf(""), []);
});

test("a change is one line", () => {
  assert.equal(lineOfSetting("consumer", "c1", "session.timeout.ms", "10s"), "consumer set c1 session.timeout.ms=10s");
  assert.equal(lineOfSetting("topic", "orders", "retention.ms", ""), "topic config orders retention.ms=");
  assert.equal(lineOfSetting("broker", "all", "log.cleaner.backoff.ms", "5"), "broker config all log.cleaner.backoff.ms=5");
});
