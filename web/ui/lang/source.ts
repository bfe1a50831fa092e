import { pick } from "./lang.ts";

/**
 * What goes wrong between a page and its room. Plain strings, because the page hands them
 * to its worker, which has no page of its own to ask for its language.
 */
export const words = pick("source", {
  noConnection: "There is no connection to the room now: try again when it is back.",
  lostBefore: "The connection was lost before the room answered: look whether it was done.",
  lost: "The connection to the room was lost.",
  notUnderstood: "The room did not understand this page. Reload it.",
  refused: "The room refused this page. Reload it.",
  tooLarge: "That was too large for the room: a packet holds at most 1 MiB.",
  noSocket: "This browser cannot open a connection to the room ({0}).",
  noAddress: "The page lacks the address of its {0}. Reload it.",
  noWasm: "This browser has no WebAssembly, or it is switched off. The engine needs it: use a current browser.",
  noStart: "The engine could not start: {0}. Reload the page.",
  noScript: "its script did not load",
  otherVersion: "This page and its engine are of different versions. Reload the page.",
  cutShort: "A picture from the engine was cut short. Reload the page.",
  noLoad: "The engine could not be loaded: {0}. Reload the page.",
  answered: "the server answered {0} for it",
  startAgain: "{0}. Reload the page to start again.",
  ended: "The engine ended with code {0}: mostly there is no more memory then. Reload the page.",
  stopped: "The engine stopped.",
  stoppedWhy: "The engine stopped ({0}).",
  notRunning: "The engine does not run.",
  noLater: "a part of the engine could not be loaded: the server does not answer",
  laterAnswered: "a part of the engine could not be loaded: the server answered {0}",
});

export type SourceWords = typeof words;
