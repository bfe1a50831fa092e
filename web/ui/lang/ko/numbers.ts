import { count } from "../lang.ts";
import type { words } from "../numbers.ts";

export const numbers: typeof words = {
  records: (n) => `레코드 ${count(n)}개`,
  duplicates: (n) => `중복 ${count(n)}개`,
  members: (n) => `멤버 ${count(n)}개`,
  viewers: (n) => `보는 사람 ${count(n)}명`,
  tabs: (n) => `탭 ${count(n)}개`,
  perSecond: (n) => `초당 ${count(n)}개`,
  every: (seconds) => `${seconds}초에 1개`,
  milliseconds: (n) => `${n}ms`,
  seconds: (n) => `${n}초`,
  minutes: (n) => `${n}분`,
  minutesSeconds: (m, s) => `${m}분 ${s}초`,
};
