import { Cell, hueOf, type Stave } from "../source/frame.ts";
import type { Layout } from "./layout.ts";
import type { Palette } from "./theme.ts";

/** A colour of the palette, #rgb or #rrggbb, as one pixel of image data. */
export function pixel(colour: string): number {
  const long = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, "$&$&") : colour;
  const n = parseInt(long.slice(1, 7), 16);
  if (Number.isNaN(n)) return 0xff808080;
  return (0xff000000 | ((n & 0xff) << 16) | (n & 0xff00) | (n >> 16)) >>> 0;
}

/**
 * Small cells, which have no letters: one pixel each, one row a stave, enlarged when they
 * are drawn. So 12,800 cells that all change cost 12,800 stores and 64 copies.
 */
export class Grid {
  private canvas = document.createElement("canvas");
  private ctx: CanvasRenderingContext2D;
  private image: ImageData;
  private pixels: Uint32Array;
  private gaps: HTMLCanvasElement; // the lines between the cells
  private colours: Uint32Array;
  private unread: number;
  private places: number;
  private dirty = false;

  constructor(private l: Layout, staves: number, private ratio: number, p: Palette) {
    this.places = l.columns + 3;
    this.canvas.width = this.places;
    this.canvas.height = Math.max(1, staves);
    this.ctx = this.canvas.getContext("2d")!;
    this.image = this.ctx.createImageData(this.places, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.colours = Uint32Array.from(p.keys, pixel);
    this.unread = pixel(p.rule2);
    this.gaps = this.comb(p);
  }

  /** Takes over the cells of one stave; draw shows them once all are taken over. */
  take(index: number, stave: Stave, from: number, to: number): void {
    const { pixels, colours, places } = this;
    const row = index * places;
    const { cells, first, hw } = stave;
    to = Math.min(to, from + places);
    for (let i = 0, o = from; i < places; i++, o++) {
      let colour = 0;
      if (o < to) {
        const cell = cells[o - first]!;
        if ((cell & Cell.gap) === 0) colour = o >= hw ? this.unread : colours[hueOf(cell)]!;
      }
      if (pixels[row + i] !== colour) {
        pixels[row + i] = colour;
        this.dirty = true;
      }
    }
  }

  /** Draws a row with its first cell at x. */
  draw(ctx: CanvasRenderingContext2D, index: number, cells: number, x: number, y: number): void {
    if (this.dirty) {
      this.dirty = false;
      this.ctx.putImageData(this.image, 0, 0);
    }
    const { cellW, cellH } = this.l;
    const n = Math.min(cells, this.places);
    if (n <= 0) return;
    const left = Math.round(x * this.ratio) / this.ratio;
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(this.canvas, 0, index, n, 1, left, y, n * cellW, cellH);
    ctx.imageSmoothingEnabled = true;
    const step = cellW * this.ratio;
    ctx.drawImage(this.gaps, 0, 0, n * step, this.gaps.height, left, y, n * cellW, cellH);
  }

  /** What lies between cells, for a whole row. */
  private comb(p: Palette): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    const step = this.l.cellW * this.ratio;
    canvas.width = Math.ceil(this.places * step);
    canvas.height = Math.max(1, Math.round(this.l.cellH * this.ratio));
    const ctx = canvas.getContext("2d")!;
    ctx.fillStyle = p.paper;
    const gap = Math.max(1, Math.min(1.5 * this.ratio, Math.round(step * 0.2)));
    for (let i = 1; i <= this.places; i++) ctx.fillRect(Math.round(i * step) - gap, 0, gap, canvas.height);
    return canvas;
  }
}
