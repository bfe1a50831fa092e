import type { words } from "../ledger.ts";

export const ledger: typeof words = {
  title: "레코드의 행방",
  allWell: "잃은 것도, 두 번 처리된 것도, 순서가 어긋난 것도 없습니다.",
  sent: "보냄",
  acked: "승인됨",
  failed: "포기함",
  lost: "유실",
  twice: "중복",
  disordered: "순서 어긋남",
  recordsLost: (records) => `${records} 유실`,
  outOfOrder: (n) => `${n}개 순서 어긋남`,
  verdicts: { lost: "유실", duplicated: "중복", disordered: "순서 어긋남" },
  aRecord: "레코드 1개",
  told: (records, partition, offset, verdict, who) => `${partition}의 오프셋 ${offset}부터 ${records}: ${verdict}${who ? ` (${who})` : ""}.`,
  permittedBy: "허용한 설정",
  why: "왜?",
};
