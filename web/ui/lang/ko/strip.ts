import type { words } from "../strip.ts";

export const strip: typeof words = {
  nothingYet: "아직 아무 일도 일어나지 않았습니다.",
  why: "왜?",
  allSentences: "전체 기록",
  whatHappened: "일어난 일",
  close: "닫기",
  clock: "이 페이지의 시계",
  previous: "눈여겨볼 이전 일로",
  next: "눈여겨볼 다음 일로",
  back: "이벤트 하나 뒤로",
  on: "이벤트 하나 앞으로",
  play: "재생",
  pause: "일시 정지",
  speed: "속도",
  instant: "시점",
  instantOf: (now, end) => `${end} 중 ${now}`,
};
