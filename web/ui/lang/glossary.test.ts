import assert from "node:assert/strict";
import { test } from "node:test";
import { english } from "./glossary.ts";
import { korean } from "./ko/glossary.ts";

test("every word of Kafka's has one sentence, in both languages", () => {
  assert.ok(Object.keys(english).length >= 38);
  for (const terms of [english, korean]) {
    for (const [word, meaning] of Object.values(terms)) {
      assert.match(meaning, /^.{10,200}\.$/, `${word}: ${meaning}`);
      assert.ok(!/[.!?] ./.test(meaning.replaceAll("group.instance.id", "")), `${word} takes more than a sentence: ${meaning}`);
    }
  }
  for (const word of ["message", "queue", "shard", "cursor", "node", "subscriber"]) {
    assert.ok(!Object.values(english).some((entry) => new RegExp(`\\b${word}`, "i").test(entry.join(" "))), `Kafka does not say ${word}`);
  }
});
