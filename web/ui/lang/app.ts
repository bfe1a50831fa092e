import { pick } from "./lang.ts";

/** The playground and the live room around the stage. */
export const words = pick("app", {
  settings: "Settings",
  describe: "Describe, live",
  noCopy: (link: string) => `This browser does not let a page copy. The link is ${link}`,
  noCopyShared: "This browser does not let a page copy: the link is in the address bar now.",
  linkCopied: "Link copied",
  share: "Share this run",
  more: "More for this run",
  openRoom: "Open a live room",
  liveRoom: "Live room",
  takeSeat: "Take a seat",
  thingsToTry: "Things to try",
  controls: "Controls",
  reload: "Reload",
  partMissing: "A part of this page could not be loaded: is the server still there? Try it again.",
  close: "Close",
  mend: "Show the script",
  tryingAgain: "Trying again; what you see is the last known state.",
});
