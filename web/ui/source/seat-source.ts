import { words } from "../lang/source.ts";
import { startWorker } from "./engine-source.ts";
import type { Seat } from "./frame.ts";
import { FrameReader } from "./reader.ts";
import { builtUrl, type SourceState } from "./source.ts";

/** A tab that is a consumer: Go's consumer in a worker, which owns the connection. */
export class SeatSource {
  onseat: (seat: Seat) => void = () => {};
  onstate: (state: SourceState) => void = () => {};
  private worker: Worker;
  private reader = new FrameReader();
  private answers = new Map<number, (text: string) => void>();
  private orders = 0;

  constructor(socket: string, config: string) {
    this.worker = startWorker({ start: "seat", wasm: builtUrl("wasm"), config, words, socket }, (message) => {
      if (message instanceof Uint8Array) this.draw(message);
      else if ("fault" in message) this.onstate({ kind: "failed", why: message.fault });
      else if ("online" in message) {
        this.onstate(message.online ? { kind: "open" } : { kind: "reconnecting", why: message.why, inMs: message.inMs });
      } else if ("answer" in message) {
        this.answers.get(message.answer)?.(message.text);
        this.answers.delete(message.answer);
      }
    });
  }

  private draw(packet: Uint8Array): void {
    try {
      this.onseat(this.reader.seat(packet.subarray(1)));
    } catch (error) {
      this.onstate({ kind: "failed", why: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Tells the worker that the last picture is drawn. */
  pull(): void {
    this.worker.postMessage({ pull: true });
  }

  /** Carries out one line; the answer is empty, or says why it was refused. */
  order(line: string): Promise<string> {
    const id = ++this.orders;
    return new Promise((resolve) => {
      this.answers.set(id, resolve);
      this.worker.postMessage({ order: line, id });
    });
  }

  /** Every record that this tab processed, as lines of comma-separated values. */
  history(): Promise<string> {
    return this.order("history");
  }

  freeze(frozen: boolean): void {
    this.worker.postMessage({ frozen });
  }

  /** Leaves the group politely; the page is about to go. */
  bye(): void {
    this.worker.postMessage({ bye: true });
  }

  close(): void {
    this.worker.terminate();
  }
}
