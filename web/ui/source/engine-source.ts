import { fill } from "../lang/fill.ts";
import { tell } from "../lang/sentences.ts";
import { words } from "../lang/source.ts";
import type { FromWorker, Start } from "./messages.ts";
import { builtUrl, type Source, type SourceState } from "./source.ts";

/** How the engine says which line of its script does not work (engine/room). */
const wrongLine = /^\x01line \x02(\d+)\x03/;

/** A room of the page's own: the engine in a worker. */
export class EngineSource implements Source {
  onpacket: (packet: Uint8Array) => void = () => {};
  onstate: (state: SourceState) => void = () => {};
  private worker: Worker;

  /** Config is the room's script; its time begins at an instant of this page's clock, or with NaN when it can. */
  constructor(config: string, begins = NaN) {
    const at = Number.isNaN(begins) ? undefined : performance.timeOrigin + begins;
    this.worker = startWorker({ start: "room", wasm: builtUrl("wasm"), later: builtUrl("later"), config, at, words }, (message) => {
      if (message instanceof Uint8Array) this.onpacket(message);
      else if ("fault" in message) this.onstate({ kind: "failed", why: tell(message.fault), line: Number(wrongLine.exec(message.fault)?.[1]) || undefined });
    });
    queueMicrotask(() => this.onstate({ kind: "open" })); // the worker keeps what comes before the engine runs
  }

  send(packet: Uint8Array): void {
    this.worker.postMessage(packet);
  }

  close(): void {
    this.worker.terminate();
  }
}

/** Starts the worker with the engine and turns every way it can fail into a fault. */
export function startWorker(start: Start, hear: (message: FromWorker) => void): Worker {
  if (typeof WebAssembly !== "object") {
    throw new Error(words.noWasm);
  }
  const here = globalThis as { partitaEarly?: Worker }; // see head.ts
  const worker = here.partitaEarly ?? new Worker(builtUrl("worker"));
  delete here.partitaEarly; // nobody else may have it
  let faulted = false;
  worker.onmessage = (event: MessageEvent<FromWorker>) => {
    faulted ||= "fault" in event.data;
    hear(event.data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    if (!faulted) hear({ fault: fill(words.noStart, event.message || words.noScript) });
  };
  worker.postMessage(start);
  return worker;
}
