import { count, pick } from "./lang.ts";

/** A number with its noun, as English counts. */
const things = (n: number, one: string): string => `${count(n)} ${one}${n === 1 ? "" : "s"}`;

/** Numbers and times with their units. */
export const words = pick("numbers", {
  records: (n: number) => things(n, "record"),
  duplicates: (n: number) => things(n, "duplicate"),
  members: (n: number) => things(n, "member"),
  viewers: (n: number) => things(n, "viewer"),
  tabs: (n: number) => things(n, "tab"),
  perSecond: (n: number) => `${things(n, "record")}/s`,
  every: (seconds: number) => `1 record every ${seconds} s`,
  milliseconds: (n: number) => `${n} ms`,
  seconds: (n: string) => `${n} s`,
  minutes: (n: number) => `${n} min`,
  minutesSeconds: (m: number, s: number) => `${m} min ${s} s`,
});
