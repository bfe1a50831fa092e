import assert from "node:assert/strict";
import { test } from "node:test";
import { answer } from "./ko/answers.ts";

test("tables have Korean titles, and the cells that they had", () => {
  const text = "billing is Stable, generation 3, 2 members, range\npartition  committed   end  lag  owner\norders-0        none     9    9  nobody\norders-1          12  1012    5  c 1\nc2 has no partition";
  assert.deepEqual(answer(text, "show group billing"), [
    "billing: Stable, 세대 3, 멤버 2개 range",
    [["파티션", "커밋됨", "끝", "랙", "맡은 멤버"], ["orders-0", "없음", "9", "9", "없음"], ["orders-1", "12", "1012", "5", "c 1"]],
    "c2는 맡은 파티션이 없습니다",
  ]);
});

test("what records say stays as it is", () => {
  const text = "offset  key    value\n     5  none   partition  committed\n     6         a";
  assert.deepEqual(answer(text, "show records orders-0"), [[["오프셋", "키", "값"], ["5", "none", "partition  committed"], ["6", "", "a"]]]);
  assert.deepEqual(answer(text, "kafka-console-consumer --topic orders"), [text]);
  assert.deepEqual(answer("key: key: value: 1\nvalue: a", "show record orders-0 5"), ["키: key: value: 1\n값: a"]);
});

test("help of Kafka's tools", () => {
  const text = "kafka-topics: creates, changes, describes and deletes topics\nOption                     Description\n--topic <value>            a topic's name\n--bootstrap-server <value> there is one cluster here: localhost:9092";
  assert.deepEqual(answer(text, "help kafka-topics"), [
    "kafka-topics: 토픽을 만들고, 바꾸고, 보고, 삭제합니다",
    [["옵션", "설명"], ["--topic <값>", "토픽 이름"], ["--bootstrap-server <값>", "여기에는 클러스터가 하나입니다: localhost:9092"]],
  ]);
});
