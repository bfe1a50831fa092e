import type { Stave } from "../source/frame.ts";
import type { Layout } from "./layout.ts";
import { inkOf, sheet } from "./sheet.ts";
import { faceOf, type Sprites } from "./sprites.ts";

/** Set in every key, so that nothing equals a place that was never drawn. */
const drawn = 2 ** 30;

/**
 * The cells of one tape with their letters, drawn once each: offset o stands at place
 * o modulo the number of places, so that a tape that moves is two copies of this, and only
 * records that are new, or became readable, are drawn.
 */
export class Strip {
  private canvas = sheet();
  private ctx: CanvasRenderingContext2D;
  private keys: Float64Array;
  private readonly step: number; // device pixels from one cell to the next
  private readonly high: number;

  constructor(private l: Layout, private sprites: Sprites) {
    const { ratio } = sprites;
    this.step = Math.max(1, Math.round(l.cellW * ratio));
    this.high = Math.max(1, Math.round(sprites.height * ratio));
    const places = l.columns + 3;
    this.keys = new Float64Array(places);
    this.canvas.width = places * this.step;
    this.canvas.height = this.high;
    this.ctx = inkOf(this.canvas);
  }

  /** Draws the cells from one offset up to another, with the one at from at x. */
  draw(ctx: CanvasRenderingContext2D, stave: Stave, from: number, to: number, x: number, y: number): void {
    const { keys, step, high, sprites } = this;
    const places = keys.length;
    to = Math.min(to, from + places);
    for (let o = from; o < to; o++) {
      const cell = stave.cells[o - stave.first]!;
      const unread = o >= stave.hw;
      const key = drawn + (cell & 0x7ffffff) * 2 + (unread ? 1 : 0);
      const place = o % places;
      if (keys[place] === key) continue;
      keys[place] = key;
      this.ctx.clearRect(place * step, 0, step, high);
      const inset = Math.round((this.l.cellW - sprites.width) / 2 * sprites.ratio);
      sprites.copy(this.ctx, cell, faceOf(cell, unread), place * step + inset, 0);
    }
    const { ratio } = sprites;
    const left = Math.round(x * ratio);
    for (let o = from; o < to; ) {
      const place = o % places;
      const n = Math.min(to - o, places - place);
      ctx.drawImage(this.canvas, place * step, 0, n * step, high, (left + (o - from) * step) / ratio, y, (n * step) / ratio, high / ratio);
      o += n;
    }
  }
}
