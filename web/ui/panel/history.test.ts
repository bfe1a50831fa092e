import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHistory } from "./history.ts";

test("the history of a seat", () => {
  const text = 'at,topic,partition,offset,generation,key\n12,orders,1,41,3,"truck-7"\n13,orders,1,42,3,\n14,orders,2,7,4,"a,\\"b\\""\n15,orders,2,8,4,"\\x00"\n';
  assert.deepEqual(parseHistory(text), [
    { at: 12, topic: "orders", partition: 1, offset: 41, generation: 3, key: "truck-7" },
    { at: 13, topic: "orders", partition: 1, offset: 42, generation: 3, key: null },
    { at: 14, topic: "orders", partition: 2, offset: 7, generation: 4, key: 'a,"b"' },
    { at: 15, topic: "orders", partition: 2, offset: 8, generation: 4, key: "\\x00" },
  ]);
  assert.deepEqual(parseHistory("at,topic,partition,offset,generation,key\n"), []);
});
