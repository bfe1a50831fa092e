import { pick } from "./lang.ts";

/** Two runs side by side. */
export const words = pick("compare", {
  here: "This run",
  there: "The other run",
  end: "End the comparison",
  figures: "What the two have come to",
  figure: "figure",
  differs: "differs",
  names: {} as Record<string, string>, // of the figures, where they are not English
  title: "Compare two runs",
  why: "A second run goes beside this one, in step. Whatever you do is done in both.",
  presets: "Ready to watch",
  own: "This run, with another setting from its start",
  ownHint: "As in a line of script: acks=all, process=2s, session.timeout.ms=30s.",
  setting: "Setting",
  begin: "Compare",
  forks: "Other ways that this run went",
  goThere: "Go there",
  copy: "A second run that is the same so far",
  copyHint: "Then begin a line with “other” in the console: it is for the second run alone.",
  sameSoFar: "the same so far",
  eager: "Eager against cooperative",
  eagerWhy: "Two more consumers join a group in which one is slow to poll. Count for how long partitions have no reader.",
  acks: "acks=1 against acks=all",
  acksWhy: "The partition leader is cut off from its followers, goes on acknowledging, and crashes.",
  commit: "Commit before against after processing",
  commitWhy: "A consumer crashes with records in hand: lost in one run, read twice in the other.",
  session: "A session timeout of 6 s against 30 s",
  sessionWhy: "A consumer crashes. For how long does nobody read its partitions?",
});
