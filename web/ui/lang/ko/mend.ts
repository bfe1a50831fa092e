import type { words } from "../mend.ts";

export const mend: typeof words = {
  title: "실행할 수 없는 스크립트",
  close: "닫기",
  script: "스크립트",
  line: (n) => `${n}번째 줄:`,
  hint: "여기서 고치거나 온전한 링크를 붙여 넣으세요. 재생되기 전까지는 뒤의 실행이 그대로 있습니다.",
  play: "재생",
};
