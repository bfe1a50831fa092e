// What a page and its worker say to each other besides packets, which pass as they are.

import type { SourceWords } from "../lang/source.ts";

/** The first message to a worker. */
export interface Start {
  start: "room" | "seat";
  wasm: string; // URL of the engine
  later?: string; // URL of its second part, when it has one
  config: string; // the room's script, or the seat's lines of name=value
  at?: number | undefined; // when its time begins, in Unix ms; without it at once
  words: SourceWords; // in the language of the page
  socket?: string; // URL of the live room, for a seat
}

export type ToWorker =
  | Start
  | Uint8Array
  | { order: string; id: number } // a line for the seat; answered by an Answer
  | { frozen: boolean }
  | { pull: true } // the page can take the next picture
  | { bye: true };

export type FromWorker =
  | Uint8Array
  | { fault: string }
  | { online: boolean; why: string; inMs: number }
  | { answer: number; text: string };
