import type { words } from "../lanes.ts";
import { josa } from "./josa.ts";

export const lanes: typeof words = {
  group: "그룹",
  close: "닫기",

  ribbon: "리밸런스",
  ribbonTable: (group) => `${group}에서 누가 무엇을 맡았는지, 세대마다 한 열`,
  ribbonHow: "고리는 옮겨 간 파티션입니다. 빗금은 일시 정지입니다: 새 주인이 읽기 전까지 아무도 그 파티션을 읽지 않았습니다. 칸을 고르면 까닭이 나옵니다.",
  noGroup: "아직 컨슈머 그룹이 없습니다.",
  noEras: "이 그룹에서 아직 아무도 파티션을 맡지 않았습니다.",
  generation: (n) => `세대 ${n}`,
  moved: (n) => `이동 ${n}`,
  pausedFor: (seconds) => `정지 ${seconds} 파티션·초`,
  notPaused: "정지 없음",
  sum: (moves, seconds) => `보이는 동안 모두 ${moves}번 옮겨 갔고 ${seconds} 파티션·초 멈췄습니다.`,
  nobody: "없음",
  why: (partition, generation, text) => `${partition}, ${generation}: ${text}. 왜?`,
  cell: (owner, moved, pause) => `${owner}${moved ? ", 옮겨 옴" : ""}${pause ? `, ${pause} 정지` : ""}`,
  goTo: (moment) => josa(`${moment}[으로/로] 가기`),

  lane: "코디네이터",
  laneLabel: (group) => `${group}의 멤버와 코디네이터가 주고받은 것. 화살표 키로 옮겨 다니고 Enter로 그 순간으로 가서 까닭을 봅니다.`,
  laneHow: "시간은 오른쪽으로 흐르고, 조용한 동안은 줄여서 그립니다.",
  coordinator: (broker) => `코디네이터 ${broker}`,
  noExchanges: "최근 이 그룹의 멤버와 코디네이터 사이에 오간 것이 없습니다.",
  kinds: { join: "조인", sync: "싱크", heartbeat: "하트비트", commit: "커밋", leave: "탈퇴", offsets: "오프셋 조회" },
  asks: (client, what) => `${client}: ${what}`,
  answers: (client, what) => `${client}에 대한 응답: ${what}`,
  wrong: (code) => `, ${code}`,
  lost: ", 가는 길에 사라짐",
  at: (text, moment) => `${text}, ${moment}`,
};
