import { pick } from "./lang.ts";

/** A run as a link. */
export const words = pick("share", {
  tooLong: "This run has too many lines for a link: save it as a script file instead.",
  damaged: "The run in this link cannot be read: a part of the link is missing or was changed. Ask for it again.",
});
