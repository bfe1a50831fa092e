import assert from "node:assert/strict";
import { test } from "node:test";
import { fragmentOf, scriptOf } from "./share.ts";

/** Numbers that look like chance and are the same every time. */
function chance(seed: number): () => number {
  return () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
}

test("1,000 runs survive a link", async () => {
  const next = chance(7);
  for (let i = 0; i < 1000; i++) {
    const lines = Array.from({ length: Math.floor(next() * 40) }, (_, n) => `send orders "é ${next()} #%+&=" key=k${n} 한국어`);
    const script = lines.join("\n");
    assert.equal(await scriptOf(await fragmentOf(script)), script);
  }
});

test("1,000 damaged links say so", async () => {
  const next = chance(11);
  const whole = await fragmentOf(Array.from({ length: 60 }, (_, i) => `send orders v${i} key=k${i % 7}`).join("\n"));
  assert.ok(whole.startsWith("#run="));
  let told = 0;
  for (let i = 0; i < 1000; i++) {
    const at = 5 + Math.floor(next() * (whole.length - 5));
    const damaged = i % 2 ? whole.slice(0, at) : `${whole.slice(0, at)}${whole[at] === "A" ? "B" : "A"}${whole.slice(at + 1)}`;
    try {
      assert.equal(typeof (await scriptOf(damaged)), "string"); // damage that still unpacks is the script's business
    } catch (error) {
      told++;
      assert.match(String(error), /cannot be read/);
    }
  }
  assert.ok(told > 500, `${told} were told`);
});

test("other fragments are none", async () => {
  assert.equal(await scriptOf(""), null);
  assert.equal(await scriptOf("#main"), null);
  await assert.rejects(scriptOf("#script=%E0%A4%A"), /cannot be read/);
});
