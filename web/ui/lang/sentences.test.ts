import assert from "node:assert/strict";
import { test } from "node:test";
import { sentences } from "./ko/sentences.ts";
import { tell } from "./sentences.ts";

const joins = "\x01\x02c1\x03 joins \x02billing\x03.";
const idle = "\x01idle: \x02\x01\x021\x03 partition\x03, \x02\x01\x023\x03 members\x03";

test("a phrase without a translation is English", () => {
  assert.equal(tell(joins), "c1 joins billing.");
  assert.equal(tell(idle), "idle: 1 partition, 3 members");
  assert.equal(tell("not a phrase \x02"), "not a phrase \x02");
});

test("a phrase in Korean, its arguments as they are", () => {
  const korean = (key: string, ...args: string[]): string | undefined => sentences.say(key, args);
  assert.equal(korean("{0} joins {1}.", "c1", "billing"), "c1이 billing에 들어옵니다.");
  assert.equal(korean("{0} joins {1}.", "{1}", "c2"), "{1}이 c2에 들어옵니다.");
  assert.equal(korean("nobody says this"), undefined);
});
