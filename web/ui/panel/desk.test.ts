import assert from "node:assert/strict";
import { test } from "node:test";
import { Desk } from "./desk.ts";
import { lineFor, lineOf, word } from "./lines.ts";

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

test("a line that asks why is passed on when there is an answer", async () => {
  const desk = new Desk(async (lines) => [{ line: 1, failed: lines.includes("nobody"), text: lines.includes("nobody") ? "there is no group nobody" : "" }]);
  const asked: string[] = [];
  desk.onwhy = (question) => asked.push(question);
  for (const lines of ["why group billing", "why group nobody", " why record orders-0 5 ", "whyever", "why", "topic create a\nwhy topic a"]) await desk.run(lines);
  assert.deepEqual(asked, ["group billing", "record orders-0 5"]);
});

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}

test("each form stands for one line", () => {
  assert.equal(lineFor("send", form({ topic: "orders", key: "truck 7", value: "a b", partition: "" })), 'send orders "a b" key="truck 7"');
  assert.equal(lineFor("send", form({ topic: "orders", key: "", value: "", partition: "2" })), 'send orders "" partition=2');
  assert.equal(
    lineFor("consumer", form({ name: "c1", group: "billing", topics: "orders", process: " 200ms ", commit: "after", "group.instance.id": "" })),
    "consumer add c1 group=billing topics=orders process=200ms commit=after",
  );
  assert.equal(lineFor("producer", form({ name: "p1", topic: "orders", rate: "2/s", keys: "truck-1..truck-6", acks: "all" })), "producer add p1 topic=orders rate=2/s keys=truck-1..truck-6 acks=all");
  assert.equal(lineFor("topic", form({ name: "<script>", partitions: "3" })), "topic create <script> partitions=3");
});
