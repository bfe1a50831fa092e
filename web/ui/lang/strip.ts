import { pick } from "./lang.ts";

/** The strip below the stage: transport, timeline, the newest sentence, the clock. */
export const words = pick("strip", {
  nothingYet: "Nothing has happened yet.",
  why: "Why?",
  allSentences: "All sentences",
  whatHappened: "What happened",
  close: "Close",
  clock: "Clock of this page",
  back: "Back by one event",
  previous: "Back to the last thing worth a notice",
  next: "On to the next thing worth a notice",
  on: "On by one event",
  play: "Play",
  pause: "Pause",
  speed: "Speed",
  instant: "Instant",
  instantOf: (now: string, end: string) => `${now} of ${end}`,
});
