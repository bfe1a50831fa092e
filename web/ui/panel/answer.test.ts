import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence } from "../lang/sentence.ts";
import { parseAnswer } from "./answer.ts";

test("an answer has questions with facts, formulas, settings and causes", () => {
  const answer = parseAnswer([
    "t\t$1, offset $2\torders-0\t5", "f\tvalue\ta\\tb\\\\n\\n", "h\tWhy is it in partition $1?\t0", "=\t$1 % $2 partitions = $3\t7\t3\t1",
    "n\tYes.", "s\tacks\tall\t1\tproducer p1", "c\t20\t3\t$1 crashes\tc1", "l\t10\tconsumer crash c1", "o\thw orders-0\thigh watermark $1\t9", "",
  ].join("\n"));
  assert.equal(sentence(answer.title.template, answer.title.args), "orders-0, offset 5");
  assert.deepEqual(answer.parts[0]!.facts, [{ label: "value", value: "a\tb\\n\n" }]);
  const [, part] = answer.parts;
  assert.equal(sentence(part!.question!.template, part!.question!.args), "Why is it in partition 0?");
  assert.deepEqual(part!.says.map((s) => [s.formula, sentence(s.template, s.args)]), [[true, "7 % 3 partitions = 1"], [false, "Yes."]]);
  assert.deepEqual(part!.settings, [{ name: "acks", value: "all", standard: "1", owner: "producer p1" }]);
  assert.deepEqual(part!.causes, [{ at: 20, tone: 3, template: "$1 crashes", args: ["c1"], line: false }, { at: 10, tone: 0, template: "$1", args: ["consumer crash c1"], line: true }]);
  assert.deepEqual(answer.further, [{ thing: "hw orders-0", template: "high watermark $1", args: ["9"] }]);
});
