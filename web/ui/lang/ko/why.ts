import type { words } from "../why.ts";
import { sentence } from "../sentence.ts";
import { josa } from "./josa.ts";
import { reasons } from "./reasons.ts";

export const why: typeof words = {
  title: "왜",
  why: "왜?",
  close: "닫기",
  back: "뒤로",
  asking: "묻는 중 …",
  settings: "관련 설정",
  standard: (value) => `기본값 ${value}`,
  isStandard: "기본값 그대로",
  empty: "(비어 있음)",
  further: "더 묻기",
  chain: "이렇게 된 과정",
  youWrote: "스크립트 한 줄",
  goTo: (time) => `${time} 시점으로 가기`,
  asOf: (time) => `${time} 시점의 답입니다.`,
  again: "지금 다시 묻기",
  return: (time) => josa(`${time}[으로/로] 돌아가기`),
  cannotGo: "라이브 룸은 실제 시계를 따르므로 이 시점으로 돌아갈 수 없습니다.",
  bad: "나쁨",
  warn: "주의",
  good: "좋음",
  say: (template, args) => josa(sentence(reasons[template] ?? template, args)),
};
