import type { words } from "../console.ts";

export const console: typeof words = {
  title: "콘솔",
  empty: "버튼 하나가 스크립트 한 줄입니다. 보낸 줄이 여기에 나옵니다.",
  error: "오류:",
  line: "스크립트 한 줄",
};
