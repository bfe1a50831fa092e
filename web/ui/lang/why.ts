import { pick } from "./lang.ts";
import { sentence } from "./sentence.ts";

/** Why something is as it is. */
export const words = pick("why", {
  title: "Why",
  why: "Why?",
  close: "Close",
  back: "Back",
  asking: "Asking …",
  settings: "Settings behind it",
  standard: (value: string) => `default ${value}`,
  isStandard: "as by default",
  empty: "(empty)",
  further: "Ask further",
  chain: "How it came about",
  youWrote: "Line of script",
  goTo: (time: string) => `Go to ${time}`,
  asOf: (time: string) => `This is the answer of ${time}.`,
  again: "Ask again now",
  return: (time: string) => `Back to ${time}`,
  cannotGo: "A live room follows the wall clock: it cannot go back to these instants.",
  bad: "bad",
  warn: "warning",
  good: "good",
  /** A sentence that the engine made: a template in English, and what goes into it. */
  say: sentence,
});
