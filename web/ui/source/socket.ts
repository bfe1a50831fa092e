// A WebSocket that comes back: used by a viewer's page and by a seat's worker.

import { fill } from "../lang/fill.ts";
import type { SourceWords } from "../lang/source.ts";

export interface SocketEvents {
  open(): void;
  packet(bytes: Uint8Array): void;
  lost(why: string, inMs: number): void;
  /** The server ended the session for a reason; trying again would not help. */
  refused(why: string): void;
}

const firstWaitMs = 250;
const longestWaitMs = 4000;

/** Close codes after which the same page would be refused again. */
const refusals = new Map<number, "notUnderstood" | "refused" | "tooLarge">([
  [1002, "notUnderstood"],
  [1003, "notUnderstood"],
  [1007, "notUnderstood"],
  [1008, "refused"],
  [1009, "tooLarge"],
]);

export class Socket {
  private socket: WebSocket | null = null;
  private waitMs = firstWaitMs;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(
    private url: string,
    private words: SourceWords,
    private events: SocketEvents,
  ) {
    this.connect();
  }

  get open(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  send(packet: Uint8Array): void {
    if (this.open) this.socket!.send(packet as Uint8Array<ArrayBuffer>);
  }

  /** Ends the connection now and does not come back. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket?.close(1000);
  }

  /** Tries again now instead of waiting for the next attempt. */
  retry(): void {
    if (this.socket || this.closed) return;
    clearTimeout(this.timer);
    this.connect();
  }

  private connect(): void {
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.url);
    } catch (error) {
      this.events.refused(fill(this.words.noSocket, String(error)));
      return;
    }
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.waitMs = firstWaitMs;
      this.events.open();
    };
    socket.onmessage = (event: MessageEvent) => {
      if (event.data instanceof ArrayBuffer && event.data.byteLength > 0) this.events.packet(new Uint8Array(event.data));
    };
    socket.onclose = (event: CloseEvent) => {
      if (this.socket === socket) this.socket = null;
      if (this.closed) return;
      const code = refusals.get(event.code);
      if (code) {
        const refusal = this.words[code];
        this.closed = true;
        this.events.refused(event.reason ? `${refusal} (${event.reason})` : refusal);
        return;
      }
      const wait = this.waitMs * (0.75 + Math.random() / 2);
      this.waitMs = Math.min(longestWaitMs, this.waitMs * 2);
      this.events.lost(event.reason || this.words.lost, wait);
      this.timer = setTimeout(() => this.connect(), wait);
    };
  }
}

/** The address of a live room's socket, from the address of the page. */
export function socketUrl(room: string): string {
  const url = new URL(`/room/${encodeURIComponent(room)}/socket`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
