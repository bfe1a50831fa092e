import address from "built:easel-worker.js";
import { encodedOf } from "../source/reader.ts";
import { fit, type Easel, type Setting, type Work } from "./easel.ts";
import type { Air } from "./flights.ts";
import type { Box } from "./labels.ts";
import type { Point } from "./plugs.ts";

export { Grid } from "./grid.ts";

/** What the worker is told; the first message brings its canvas. */
export type Order =
  | { canvas: OffscreenCanvas }
  | { setting: Setting }
  | {
    bytes: Uint8Array | null; // the frame; null when it is the one before
    scrolls: Float64Array; // by stave
    staves: number[];
    dimmed: boolean[];
    all: boolean;
    owners: boolean;
    offset: Point;
    air: FarAir | null;
  };

type FarAir = Omit<Air, "layout" | "tapes">;

/** What it answers. */
export type Drawn =
  | { ready: true }
  | { again: true }
  | { took: number } // it draws, and can take the next order; ms for the one before
  | { texts: Box[] }; // all was drawn

export interface Heard {
  ready(): void;
  again(): void; // all must be drawn anew
  failed(): void;
}

/**
 * An easel in a worker: where 12,800 cells change in every frame, drawing them takes longer
 * than all else that the page does, and a slow processor has more than one core. It stands
 * in for the page's own easel, and shows itself when it has drawn for the first time.
 */
export class FarEasel {
  static readonly possible = typeof OffscreenCanvas === "function" && "transferControlToOffscreen" in HTMLCanvasElement.prototype;

  ready = false;
  /** How many of its pictures were shown, and how long the last ones took to draw there, in ms. */
  count = 0;
  took: number[] = [];
  readonly canvas = document.createElement("canvas");

  private worker: Worker;
  private busy = false;
  private wanted = false; // there is something to draw
  private work: Work | null = null;
  private sent: Work["frame"] | null = null;
  private staves = new Set<number>(); // to be drawn
  private all = false;
  private flew = false;
  private shown = false;
  private boxes: Box[] = [];

  constructor(private page: { body: HTMLElement; tapes: HTMLCanvasElement; flights: HTMLCanvasElement }, private near: Easel, heard: Heard) {
    this.canvas.className = "crowd";
    this.canvas.hidden = true;
    this.canvas.ariaHidden = "true";
    page.body.prepend(this.canvas); // under all else
    this.worker = new Worker(address);
    this.worker.onmessage = (event: MessageEvent<Drawn>) => this.hear(event.data, heard);
    this.worker.onerror = (event) => {
      event.preventDefault(); // the page draws by itself, as before
      heard.failed();
    };
    const canvas = this.canvas.transferControlToOffscreen();
    this.post({ canvas }, [canvas]);
  }

  private post(order: Order, transfer: Transferable[] = []): void {
    this.worker.postMessage(order, transfer);
  }

  private hear(message: Drawn, heard: Heard): void {
    if ("ready" in message) {
      this.ready = true;
      heard.ready();
      return;
    }
    if ("again" in message) return heard.again();
    if ("texts" in message) {
      this.boxes = message.texts;
      this.show(true);
      return;
    }
    this.busy = false;
    this.count++;
    this.took.push(message.took);
    if (this.took.length > tookMost) this.took.shift();
    if (this.wanted) this.send();
  }

  arrange(setting: Setting): void {
    fit(this.canvas, setting.flights);
    this.post({ setting });
    this.staves.clear();
    this.work = null;
    this.wanted = false;
  }

  /** Draws as soon as it has drawn what came before; what it could not draw in time is left out. */
  draw(work: Work): void {
    this.work = work;
    for (const stave of work.staves) this.staves.add(stave);
    this.all ||= work.all;
    this.wanted ||= work.staves.length > 0 || work.all || work.air !== null || this.flew;
    this.flew = work.air !== null;
    if (this.wanted && !this.busy) this.send();
  }

  private send(): void {
    const { work } = this;
    if (!work) return;
    const bytes = work.frame === this.sent ? null : encodedOf(work.frame).slice();
    const air = work.air && sentAir(work.air);
    this.post({ bytes, air, scrolls: Float64Array.from(work.tapes, (t) => t.scroll), staves: [...this.staves], dimmed: work.dimmed, all: this.all, owners: work.owners, offset: work.offset }, bytes ? [bytes.buffer] : []);
    this.sent = work.frame;
    this.staves.clear();
    this.all = this.wanted = false;
    this.busy = true;
  }

  texts(): Box[] {
    return this.boxes;
  }

  /** Steps back until the next arrange. */
  rest(): void {
    this.work = null;
    this.wanted = false;
    this.show(false);
  }

  private show(on: boolean): void {
    if (this.shown === on || (on && !this.work)) return;
    this.shown = on;
    this.canvas.hidden = !on;
    this.page.tapes.hidden = this.page.flights.hidden = on;
    if (on) this.near.rest();
  }

  close(): void {
    this.worker.terminate();
    this.show(false);
    this.canvas.remove();
  }
}

const tookMost = 300;

/** What goes to the worker of where things fly: the rest it has. */
const sentAir = ({ offset, wires, ahead, producers, members }: Air): FarAir => ({ offset, wires, ahead, producers, members });
