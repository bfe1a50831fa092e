// The words of the page. Each area keeps its English in a file of this folder, and no text
// that a person reads stands anywhere else in TypeScript. Another language is a script of
// its own (ko.ts), which the page names before its module: it leaves its words on
// globalThis, so nothing waits for them and English pages do not carry them.

/** The words of every area in the page's language, unless that is English. */
interface Given {
  partitaWords?: Record<string, unknown>;
}

/** The words of one area in the page's language. English is the type: strings and small functions. */
export function pick<T extends object>(area: string, english: T): T {
  return ((globalThis as Given).partitaWords?.[area] as T | undefined) ?? english;
}

/** Leaves the words of a language for pick; the script of that language calls it. */
export function give(words: Record<string, unknown>): void {
  (globalThis as Given).partitaWords = words;
}

/** 1234567 is "1,234,567", in every language that there is. */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}
