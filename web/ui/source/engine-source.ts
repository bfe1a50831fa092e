import { fill } from "../lang/fill.ts";
import { words } from "../lang/source.ts";
import type { FromWorker, Start } from "./messages.ts";
import { builtUrl, type Source, type SourceState } from "./source.ts";

/** A room of the page's own: the engine in a worker. */
export class EngineSource implements Source {
  onpacket: (packet: Uint8Array) => void = () => {};
  onstate: (state: SourceState) => void = () => {};
  private worker: Worker;
  private start: Start;

  constructor(config: string) {
    this.start = { start: "room", wasm: builtUrl("wasm"), later: builtUrl("later"), config, words };
    this.worker = startWorker(this.start, (message) => {
      if (message instanceof Uint8Array) this.onpacket(message);
      else if ("fault" in message) this.onstate({ kind: "failed", why: message.fault });
    });
    queueMicrotask(() => this.onstate({ kind: "open" })); // the worker keeps what comes before the engine runs
  }

  send(packet: Uint8Array): void {
    this.worker.postMessage(packet);
  }

  drawn(): void {
    this.start.at = performance.timeOrigin + performance.now();
  }

  close(): void {
    this.worker.terminate();
  }
}

/** What the script in the head has started already; see head.ts. */
export interface Early {
  worker: Worker;
  engine: Promise<WebAssembly.Module>;
}

/** Starts the worker with the engine and turns every way it can fail into a fault. */
export function startWorker(start: Start, hear: (message: FromWorker) => void): Worker {
  if (typeof WebAssembly !== "object") {
    throw new Error(words.noWasm);
  }
  const here = globalThis as { partitaEarly?: Early };
  const early = here.partitaEarly;
  delete here.partitaEarly; // a second worker must not get the first one's
  const worker = early?.worker ?? new Worker(builtUrl("worker"));
  worker.onmessage = (event: MessageEvent<FromWorker>) => hear(event.data);
  worker.onerror = (event) => {
    event.preventDefault();
    hear({ fault: fill(words.noStart, event.message || words.noScript) });
  };
  const post = (engine?: WebAssembly.Module): void => worker.postMessage({ ...start, engine });
  if (early) {
    early.engine.then(post).catch(() => post());
  } else {
    post();
  }
  return worker;
}
