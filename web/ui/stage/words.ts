// Numbers as people read them.

import { words } from "../lang/numbers.ts";

export { count } from "../lang/lang.ts";

/** Milliseconds as "0.4 s", "38 s" or "1 min 34 s". */
export function duration(ms: number): string {
  if (ms < 0) ms = 0;
  if (ms < 10_000) return words.seconds((Math.floor(ms / 100) / 10).toFixed(1));
  const s = Math.floor(ms / 1000);
  if (s < 60) return words.seconds(String(s));
  return s % 60 === 0 ? words.minutes(Math.floor(s / 60)) : words.minutesSeconds(Math.floor(s / 60), s % 60);
}

/** Thousandths of records a second. */
export function rate(thousandths: number): string {
  const perSecond = thousandths / 1000;
  if (perSecond >= 1 || perSecond === 0) return words.perSecond(Math.round(perSecond * 10) / 10);
  return words.every(Math.round(10 / perSecond) / 10);
}

/** A moment: a wall clock in a live room, else the time since the start. */
export function moment(ms: number, live: boolean): string {
  if (live) {
    const d = new Date(ms);
    return [d.getHours(), d.getMinutes(), d.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
  }
  const s = ms / 1000;
  return s < 100 ? words.seconds(s.toFixed(2)) : `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
}

/** The first name of the form base1, base2 … that is not taken. */
export function freeName(base: string, taken: Iterable<string>): string {
  const all = new Set(taken);
  for (let n = 1; ; n++) if (!all.has(base + n)) return base + n;
}
