import { pick } from "./lang.ts";

/** What can be done with a whole run: links, files, pictures. */
export const words = pick("run", {
  title: "This run",
  close: "Close",
  link: "Copy a link to this run",
  script: "Save as a script file",
  openFile: "Open a script file",
  picture: "Save a picture",
  png: "PNG",
  svg: "SVG",
  events: "Save every event",
  eventsHint: "A table with tabs between its columns, for a spreadsheet.",
  compare: "Compare it with another run",
  notText: (name: string) => `${name} is not a script: it is not text.`,
  tooLarge: (name: string) => `${name} is too large for a script: 1 MB at most.`,
  noPicture: "This browser cannot draw the page into a picture. Save it as SVG, or take a screenshot.",
});
