import type { words } from "../settings.ts";
import { josa } from "./josa.ts";

export const settings: typeof words = {
  whose: "누구의 설정",
  kinds: { producer: "프로듀서", consumer: "컨슈머", topic: "토픽", broker: "브로커" },
  of: "대상",
  all: "모든 브로커",
  search: "검색",
  changedOnly: (n) => `바뀐 것만 (${n})`,
  nobody: "아직 없습니다.",
  none: "그런 이름의 설정이 없습니다.",
  newProcess: "클라이언트는 시작할 때 설정을 읽습니다. 여기서 바꾸면 멈추고 새 프로세스를 시작합니다.",
  application: "애플리케이션 (Kafka 설정 아님)",
  empty: "(비어 있음)",
  changed: "바뀜",
  standard: (value) => `기본값 ${value}`,
  locked: "실행 중에는 읽기 전용",
  reset: "되돌리기",
  resetOf: (name) => josa(`${name}[을/를] 기본값으로 되돌리기`),
};
