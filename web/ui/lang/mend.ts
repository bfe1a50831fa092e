import { pick } from "./lang.ts";

/** A script that does not work, to be mended. */
export const words = pick("mend", {
  title: "A script that does not work",
  close: "Close",
  script: "The script",
  line: (n: number) => `Line ${n}:`,
  hint: "Mend it here, or paste a whole link. Until it plays, the run behind this stays.",
  play: "Play it",
});
