import { words } from "../lang/source.ts";
import { aligned } from "./packets.ts";
import { Socket } from "./socket.ts";
import type { Source, SourceState } from "./source.ts";

/** A live room on the server. */
export class SocketSource implements Source {
  onpacket: (packet: Uint8Array) => void = () => {};
  onstate: (state: SourceState) => void = () => {};
  private socket: Socket;

  constructor(url: string) {
    this.socket = new Socket(url, words, {
      open: () => this.onstate({ kind: "open" }),
      packet: (bytes) => this.onpacket(aligned(bytes)),
      lost: (why, inMs) => this.onstate({ kind: "reconnecting", why, inMs }),
      refused: (why) => this.onstate({ kind: "failed", why }),
    });
    addEventListener("online", this.retry);
  }

  private retry = (): void => this.socket.retry();

  send(packet: Uint8Array): void {
    this.socket.send(packet);
  }

  close(): void {
    removeEventListener("online", this.retry);
    this.socket.close();
  }
}
