import { pick } from "./lang.ts";

/** A run as a link. */
export const words = pick("share", {
  tooLong: "This run has too many lines for a link: save it as a script file instead.",
  noText: "The script in this link cannot be read: a part of it was changed on the way and is no text.",
  oddLetter: (letter: string, at: number) => `The run in this link cannot be read: its character ${at}, “${letter}”, is none that a link is made of.`,
  cutOff: "The run in this link cannot be read: the end of the link is missing, it was cut off.",
  changed: "The run in this link cannot be read: a part of the link was changed on the way.",
  longLink: "The run in this link is too long: a script has at most 1 MB.",
});
