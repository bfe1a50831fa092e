// Numbers as people read them.

export function things(n: number, name: string): string {
  return `${count(n)} ${name}${n === 1 ? "" : "s"}`;
}

/** 1234567 is "1,234,567". */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Milliseconds as "0.4 s", "38 s" or "1 min 34 s". */
export function duration(ms: number): string {
  if (ms < 0) ms = 0;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const s = Math.floor(ms / 1000);
  if (s < 60) return `${s} s`;
  return s % 60 === 0 ? `${Math.floor(s / 60)} min` : `${Math.floor(s / 60)} min ${s % 60} s`;
}

/** Thousandths of records a second. */
export function rate(thousandths: number): string {
  const perSecond = thousandths / 1000;
  if (perSecond >= 1 || perSecond === 0) return `${things(Math.round(perSecond * 10) / 10, "record")}/s`;
  return `1 record every ${Math.round(10 / perSecond) / 10} s`;
}

/** A moment: a wall clock in a live room, else the time since the start. */
export function moment(ms: number, live: boolean): string {
  if (live) {
    const d = new Date(ms);
    return [d.getHours(), d.getMinutes(), d.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
  }
  const s = ms / 1000;
  return s < 100 ? `${s.toFixed(2)} s` : `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
}

/** The first name of the form base1, base2 … that is not taken. */
export function freeName(base: string, taken: Iterable<string>): string {
  const all = new Set(taken);
  for (let n = 1; ; n++) if (!all.has(base + n)) return base + n;
}
