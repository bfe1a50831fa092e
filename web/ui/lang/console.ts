import { pick } from "./lang.ts";

/** The console: the lines of this page and what came of them. */
export const words = pick("console", {
  title: "Console",
  empty: "Every button sends one line. It shows up here.",
  error: "Error:",
  line: "A line of script",
});
