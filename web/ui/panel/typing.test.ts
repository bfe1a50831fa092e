import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOptions, searchBack, taken } from "./typing.ts";

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

test("an option is taken at the caret, and what stands after it stays", () => {
  const take = (text: string, word: string, option: string): string => {
    const { line, caret } = taken(text.replace("|", ""), text.indexOf("|"), word, option);
    return `${line.slice(0, caret)}|${line.slice(caret)}`;
  };
  assert.equal(take("con|", "con", "consumer"), "consumer |");
  assert.equal(take("con| add c1", "con", "consumer"), "consumer |add c1");
  assert.equal(take("consumer add c1 auto| topics=orders", "auto", "auto.offset.reset="), "consumer add c1 auto.offset.reset=| topics=orders");
  assert.equal(take("kafka-topics --desc| --topic orders", "--desc", "--describe"), "kafka-topics --describe |--topic orders");
  assert.equal(take("kafka-console-producer | <<< 'a b'", "", "--topic"), "kafka-console-producer --topic |<<< 'a b'");
  assert.equal(take("consumer crash |c2", "", "c1"), "consumer crash c1 |c2");
  assert.equal(take("cons|umer add", "cons", "consumer"), "consumer |add", "the rest of the word is not said twice");
  assert.equal(take("con|su add", "con", "consumer"), "consumer |add");
  assert.equal(take("producer add p2 li|nger.ms=5", "li", "linger.ms="), "producer add p2 linger.ms=|5");
  assert.equal(take("producer add p2 li|5", "li", "linger.ms="), "producer add p2 linger.ms=|5");
  assert.equal(take("topics=or|ders", "topics=or", "topics=orders"), "topics=orders |");
});
