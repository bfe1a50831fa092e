import type { words } from "../console.ts";
import { answer } from "./answers.ts";
import { hint } from "./hints.ts";
import { reasons } from "./reasons.ts";

export const console: typeof words = {
  title: "콘솔",
  empty: "버튼 하나가 스크립트 한 줄입니다. 보낸 줄이 여기에 나옵니다.",
  error: "오류:",
  line: "스크립트 한 줄",
  wide: "넓게",
  options: "이어 쓸 것",
  keys: "Tab은 완성, ↑ ↓는 이전 줄, Ctrl+R은 검색입니다.",
  same: "Kafka에서는:",
  say: (text) => reasons[text] ?? hint(text) ?? text,
  answer,
};
