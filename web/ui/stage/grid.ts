import { Cell, hueOf, type Stave } from "../source/frame.ts";
import type { Layout } from "./layout.ts";
import { inkOf, picked, sheet, type Sheet } from "./sheet.ts";
import type { Palette } from "./theme.ts";

/** A colour of the palette, #rgb or #rrggbb, as one pixel of image data. */
export function pixel(colour: string): number {
  const long = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, "$&$&") : colour;
  const n = parseInt(long.slice(1, 7), 16);
  if (Number.isNaN(n)) return 0xff808080;
  return (0xff000000 | ((n & 0xff) << 16) | (n & 0xff00) | (n >> 16)) >>> 0;
}

/** Half of one pixel and half of another. */
const between = (a: number, b: number): number => (0xff000000 | (((a & 0xfefefe) >>> 1) + ((b & 0xfefefe) >>> 1))) >>> 0;

/**
 * Small cells, which have no letters: one line of pixels for each stave, with the gaps
 * between the cells, made higher when it is drawn. So 12,800 cells that all change cost
 * some stores each and 64 copies.
 */
export class Grid {
  private canvas = sheet();
  private ctx: CanvasRenderingContext2D;
  private rows: Sheet | ImageBitmap = this.canvas; // to copy from
  private image: ImageData;
  private pixels: Uint32Array;
  private shown: Uint32Array; // colour of each cell
  private colours: Uint32Array;
  private unread: number;
  private paper: number;
  private places: number;
  private step: number; // device pixels from one cell to the next
  private gap: number; // of these at its end are paper
  private half: boolean; // so is half of the pixel before
  private dirty = false;

  constructor(private l: Layout, staves: number, private ratio: number, p: Palette) {
    this.places = l.columns + 3;
    this.step = Math.max(1, Math.round(l.cellW * ratio));
    const gap = Math.max(1, Math.min(1.5 * ratio, Math.round(this.step * 0.2)));
    this.gap = Math.floor(gap);
    this.half = gap - this.gap >= 0.5;
    this.canvas.width = this.places * this.step;
    this.canvas.height = Math.max(1, staves);
    this.ctx = inkOf(this.canvas);
    this.image = this.ctx.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.shown = new Uint32Array(this.places * this.canvas.height);
    this.colours = Uint32Array.from(p.keys, pixel);
    this.unread = pixel(p.rule2);
    this.paper = pixel(p.paper);
  }

  /** Takes over the cells of one stave; draw shows them once all are taken over. */
  take(index: number, stave: Stave, from: number, to: number): void {
    const { shown, colours, places } = this;
    const row = index * places;
    const { cells, first, hw } = stave;
    to = Math.min(to, from + places);
    for (let i = row, o = from; i < row + places; i++, o++) {
      let colour = 0;
      if (o < to) {
        const cell = cells[o - first]!;
        if ((cell & Cell.gap) === 0) colour = o >= hw ? this.unread : colours[hueOf(cell)]!;
      }
      if (shown[i] !== colour) {
        shown[i] = colour;
        this.put(i * this.step, colour);
      }
    }
  }

  /** Makes the line of one cell: its colour, then paper. */
  private put(from: number, colour: number): void {
    const { pixels, gap, step } = this;
    const end = from + step;
    const edge = Math.max(from + 1, end - gap);
    for (let i = from; i < edge; i++) pixels[i] = colour;
    if (this.half && colour !== 0 && edge - 1 > from) pixels[edge - 1] = between(colour, this.paper);
    for (let i = edge; i < end; i++) pixels[i] = colour === 0 ? 0 : this.paper;
    this.dirty = true;
  }

  /** Draws a row with its first cell at x. */
  draw(ctx: CanvasRenderingContext2D, index: number, cells: number, x: number, y: number): void {
    if (this.dirty) {
      this.dirty = false;
      this.ctx.putImageData(this.image, 0, 0);
      this.rows = picked(this.canvas);
    }
    const { cellW, cellH } = this.l;
    const n = Math.min(cells, this.places);
    if (n <= 0) return;
    const left = Math.round(x * this.ratio) / this.ratio;
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(this.rows, 0, index, n * this.step, 1, left, y, n * cellW, cellH);
    ctx.imageSmoothingEnabled = true;
  }
}
