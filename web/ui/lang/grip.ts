import { pick } from "./lang.ts";

/** A committed offset or a position that is being moved. */
export const words = pick("grip", {
  committed: (group: string, partition: string) => `Committed offset of ${group} in ${partition}`,
  position: (owner: string, partition: string) => `Position of ${owner} in ${partition}`,
  now: (offset: number) => `offset ${offset}`,
  to: (offset: number, line: string) => `offset ${offset}: ${line}`,
  fixed: "This member is run from elsewhere: only its own program moves its position.",
  how: "Left and right move it, Enter does it, M goes to the next mark, W asks why, Escape leaves it.",
});
