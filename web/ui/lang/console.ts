import { pick } from "./lang.ts";

/** The console: the lines of this page and what came of them. */
export const words = pick("console", {
  title: "Console",
  empty: "Every button sends one line. It shows up here.",
  error: "Error:",
  line: "A line of script",
  wide: "Wide",
  options: "Ways to go on",
  keys: "Tab completes, ↑ ↓ earlier, Ctrl+R searches",
  same: "The same in Kafka:",
  /** What the engine says of a line or a way to go on. */
  say: (text: string) => text,
  /** What came of the lines that were asked: texts and tables, whose first row is their titles. */
  answer: (text: string, _asked: string): (string | string[][])[] => [text],
});
