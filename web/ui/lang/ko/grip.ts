import type { words } from "../grip.ts";

export const grip: typeof words = {
  committed: (group, partition) => `${partition}에서 ${group}의 커밋된 오프셋`,
  position: (owner, partition) => `${partition}에서 ${owner}의 포지션`,
  now: (offset) => `오프셋 ${offset}`,
  to: (offset, line) => `오프셋 ${offset}: ${line}`,
  fixed: "이 멤버는 다른 곳에서 실행됩니다. 포지션은 그 프로그램만 옮길 수 있습니다.",
  how: "왼쪽과 오른쪽으로 옮기고, Enter로 실행하고, M으로 다음 표시로 가고, W로 까닭을 묻고, Escape로 그만둡니다.",
};
