import type { words } from "../aim.ts";
import { josa } from "./josa.ts";

export const aim: typeof words = {
  start: (partition, offset) => `${partition}, 로그 시작 오프셋 ${offset}`,
  lso: (partition, offset) => `${partition}, 마지막 안정 오프셋 ${offset}`,
  hw: (partition, offset) => `${partition}, 하이 워터마크 ${offset}`,
  leo: (partition, offset) => `${partition}, 로그 끝 오프셋 ${offset}`,
  underway: (partition) => `${partition}의 이동 중인 레코드`,
  produced: (records, producer, broker) => josa(`${producer}에서 브로커 ${broker}[으로/로] ${records}`),
  fetched: (records, broker, member) => josa(`브로커 ${broker}에서 ${member}[으로/로] ${records}`),
  replicated: (records, leader, follower) => josa(`파티션 리더 ${leader}에서 팔로워 ${follower}[으로/로] ${records}`),
  far: (done, all) => `이동 ${all} ms 중 ${done} ms 지남`,
};
