import type { words } from "../twin.ts";

export const twin: typeof words = {
  partitions: "파티션",
  partition: "파티션",
  partitionLeader: "파티션 리더",
  logStart: "로그 시작",
  highWatermarkHead: "하이 워터마크",
  logEndHead: "로그 끝",
  groupCommitted: (group) => `${group}: 커밋된 오프셋`,
  lagHead: "랙",
  owner: "담당 멤버",
  notRead: "읽지 않음",
  nobody: "없음",
  groupTable: (group, state, generation, assignor) => `그룹 ${group}: ${state}, 세대 ${generation}${assignor ? `, ${assignor}` : ""}`,
  member: "멤버",
  state: "상태",
  lagColumn: "랙",
  memberId: "멤버 ID",
  none: "없음",
  noMembers: "멤버 없음",
};
