import assert from "node:assert/strict";
import { test } from "node:test";
import { josa } from "./ko/josa.ts";

// The same examples as in web/lang/lang_test.go.
test("Korean particles follow the sound before them", () => {
  const examples: Record<string, string> = {
    "plain": "plain",
    "c1[이/가] c2[을/를]": "c1이 c2를",
    "c3[은/는], c4[은/는], c0[은/는]": "c3은, c4는, c0은",
    "orders-7[으로/로]": "orders-7로",
    "orders-6[으로/로]": "orders-6으로",
    "topic[을/를]": "topic을",
    "orders[을/를]": "orders를",
    "billing[과/와]": "billing과",
    "그룹[이/가] 컨슈머[이/가] 오프셋[으로/로]": "그룹이 컨슈머가 오프셋으로",
    '"truck-10"[은/는]': '"truck-10"은',
    "[a, b] [not/this] [open": "[a, b] [not/this] [open",
  };
  for (const [text, want] of Object.entries(examples)) assert.equal(josa(text), want);
});
