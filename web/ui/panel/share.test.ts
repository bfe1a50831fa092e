import assert from "node:assert/strict";
import { test } from "node:test";
import { BadLink, fragmentOf, scriptOf } from "./share.ts";

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

/** What a link is told to be wrong with, and what can be read of it. */
async function wrongWith(link: string): Promise<{ message: string; script: string }> {
  try {
    await scriptOf(link);
  } catch (error) {
    if (error instanceof BadLink) return error;
    throw error;
  }
  throw new Error("nothing is wrong with it");
}

const lines = (n: number): string => Array.from({ length: n }, (_, i) => `send orders v${i * 7919} key=k${(i * i) % 97}`).join("\n");

for (const [kind, script] of [["compressed", lines(60)], ["short", `${lines(4)}\nsend orders "é 한국어 🎵" key=키\n# end`]] as const) {
  test(`1,000 damaged ${kind} links say so`, async () => {
    const next = chance(11);
    const whole = await fragmentOf(script);
    const first = kind === "short" ? "#script".length : "#run=".length; // before that it is no link of a run
    let told = 0;
    assert.ok(whole.startsWith(kind === "short" ? "#script." : "#run="));
    for (let i = 0; i < 1000; i++) {
      const at = first + Math.floor(next() * (whole.length - first));
      const other = whole[at] === "A" ? "B" : "A";
      const damaged = i % 2 ? whole.slice(0, at) : `${whole.slice(0, at)}${other}${whole.slice(at + 1)}`;
      try {
        assert.equal(await scriptOf(damaged), script); // nothing that counts was damaged
      } catch (error) {
        assert.ok(error instanceof BadLink, String(error));
        assert.match(error.message, /cannot be read/);
        told++;
      }
    }
    assert.ok(told > 980, `${told} were told`);
  });
}

test("a short link that was cut off anywhere says that its end is missing", async () => {
  for (const script of ["", "pause", lines(9), 'send orders "한국어 é 🎵🎵" key=키']) {
    const whole = await fragmentOf(script);
    assert.ok(whole.startsWith("#script."));
    for (let at = "#script".length; at < whole.length; at++) {
      const { message, script: left } = await wrongWith(whole.slice(0, at));
      assert.match(message, /the end of the link is missing/, whole.slice(0, at));
      assert.ok(script.startsWith(left), left);
    }
  }
  assert.match((await wrongWith("#run")).message, /the end of the link is missing/);
});

test("short links can be read by people, and are hardly longer than their lines", async () => {
  assert.match(await fragmentOf("topic create orders"), /^#script\.[0-9a-z]{5}=topic%20create%20orders$/);
});

test("each kind of damage has its sentence, and what can be read stays at hand", async () => {
  const script = lines(400);
  const whole = await fragmentOf(script);
  const half = await wrongWith(whole.slice(0, whole.length / 2));
  assert.match(half.message, /the end of the link is missing/);
  assert.ok(half.script.length > 500 && script.startsWith(half.script), `it begins ${half.script.slice(0, 40)}`);
  const odd = await wrongWith(`${whole.slice(0, 3000)}!${whole.slice(3001)}`);
  assert.match(odd.message, /its character 3001, “!”, is none/);
  assert.ok(script.startsWith(odd.script) && odd.script.length > 500);
  assert.match((await wrongWith(whole.replace(/~.*/, "~0"))).message, /changed on the way/);
  assert.equal((await wrongWith(whole.replace(/~.*/, "~0"))).script, script);
  assert.match((await wrongWith("#run=_____w")).message, /cannot be read/);
  assert.match((await wrongWith("#run=AAAA")).message, /cut off/);
  assert.match((await wrongWith("#run=")).message, /cut off/);
  const long = await wrongWith(await fragmentOf("send orders a\n".repeat(80_000)));
  assert.match(long.message, /at most 1 MB/);
  assert.equal(long.script.length, 1_000_000);
  const text = await wrongWith("#script=topic%20create%20a%0Asend%20a%20%E0%A4%A");
  assert.match(text.message, /is no text/);
  assert.equal(text.script, "topic create a\nsend a %E0%A4%A");
});

test("links from before there was a checksum are read", async () => {
  const script = lines(60);
  for (const short of ["", "pause", 'send orders "한국어"']) assert.equal(await scriptOf(`#script=${encodeURIComponent(short)}`), short);
  assert.equal(await scriptOf((await fragmentOf(script)).replace(/~.*/, "")), script);
});

test("other fragments are none", async () => {
  assert.equal(await scriptOf(""), null);
  assert.equal(await scriptOf("#main"), null);
});
