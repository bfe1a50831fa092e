// A source is where a page's room lives: a worker of its own or a server. The page
// cannot tell them apart.

import { fill } from "../lang/fill.ts";
import { words } from "../lang/source.ts";

export type SourceState =
  | { kind: "opening" }
  | { kind: "open" }
  | { kind: "reconnecting"; why: string; inMs: number }
  | { kind: "failed"; why: string; line?: number | undefined }; // line: of the script that does not work

export interface Source {
  /** Sends one packet. It is dropped unless the source is open. */
  send(packet: Uint8Array): void;
  onpacket: (packet: Uint8Array) => void;
  onstate: (state: SourceState) => void;
  close(): void;
}

/** The URL that the server put into a meta tag of the page; it changes with the content. */
export function builtUrl(name: string): string {
  const meta = document.querySelector<HTMLMetaElement>(`meta[name="partita-${name}"]`);
  if (!meta?.content) throw new Error(fill(words.noAddress, name));
  return new URL(meta.content, document.baseURI).href; // a worker has another base
}
