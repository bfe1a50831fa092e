import { pick } from "./lang.ts";

/** The table that one of Kafka's tools prints, again and again. */
export const words = pick("describe", {
  which: "What to print",
  wide: "Wide",
  nothing: "(it prints nothing)",
});
