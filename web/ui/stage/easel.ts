import type { Frame } from "../source/frame.ts";
import { Flown, drawFlights, type Air } from "./flights.ts";
import type { Grid } from "./grid.ts";
import { Labels, type Box } from "./labels.ts";
import type { Layout } from "./layout.ts";
import type { Point } from "./plugs.ts";
import { inkOf, type Sheet } from "./sheet.ts";
import { Sprites } from "./sprites.ts";
import { drawStave, type Brush, type NamedMark, type Tape } from "./tape.ts";
import type { Palette } from "./theme.ts";

export interface Size {
  width: number; // CSS pixels
  height: number;
}

/** What stays the same from frame to frame. */
export interface Setting {
  layout: Layout;
  palette: Palette;
  ratio: number; // device pixels of a CSS pixel
  unit: number; // CSS pixels of one design pixel on this page
  staves: number;
  tapes: Size;
  flights: Size;
}

/** What there is to draw in one animation frame. */
export interface Work {
  frame: Frame;
  tapes: Tape[]; // by stave
  marks: NamedMark[][]; // likewise
  staves: number[]; // that look different from what stands there
  dimmed: boolean[]; // by stave: something else is pointed at
  all: boolean; // nothing stands there
  offset: Point; // of the tapes on the stage
  owners: boolean; // name the owner beside a mark
  air: Air | null; // null when nothing flies
}

/** Draws tapes and what is in flight, on a canvas each. */
export class Easel {
  /** What draws the small cells of a crowd; null until it is there. */
  gridClass: typeof Grid | null = null;
  /** Whether the canvas has no background but its own. */
  protected opaque = false;
  /** Something is there now that was missing: all must be drawn anew. */
  onagain: () => void = () => {};

  protected setting!: Setting;
  protected flown = new Flown();
  private sprites!: Sprites; // of cells
  private small!: Sprites; // of cells in flight
  private grid: Grid | null = null;
  private labels: Labels[] = []; // by stave

  constructor(protected tapes: Sheet, protected flights: Sheet) {}

  arrange(setting: Setting): void {
    const { layout: l, palette, ratio, unit, staves } = setting;
    this.setting = setting;
    if (this.tapes !== this.flights) size(this.tapes, setting.tapes, ratio);
    size(this.flights, setting.flights, ratio);
    const gap = Math.max(1, Math.min(3 * l.unit, l.cellW * 0.12));
    this.sprites = new Sprites(l.cellW - gap, l.cellH, ratio, palette);
    const fly = Math.max(10 * unit, Math.min(22 * l.unit, l.cellH * 0.75));
    this.small = new Sprites(fly, fly, ratio, palette);
    this.grid = l.look === "mini" && this.gridClass ? new this.gridClass(l, staves, ratio, palette) : null;
    this.labels = Array.from({ length: staves }, () => new Labels());
    this.flown.clear();
  }

  /** Gives back the memory of the canvases until the next arrange. */
  rest(): void {
    size(this.tapes, { width: 0, height: 0 }, 1);
    size(this.flights, { width: 0, height: 0 }, 1);
  }

  draw(work: Work): void {
    this.flown.wipe(inkOf(this.flights));
    this.drawTapes(work);
    this.drawFlights(work);
  }

  protected drawFlights({ air, frame }: Work): void {
    if (air) drawFlights({ ...air, ctx: inkOf(this.flights), palette: this.setting.palette, sprites: this.small, flown: this.flown }, frame);
  }

  protected drawTapes(work: Work): void {
    const { layout, palette, tapes } = this.setting;
    const { grid } = this;
    const brush: Brush = {
      ctx: inkOf(this.tapes), layout, palette, sprites: this.sprites, labels: this.labels[0] ?? new Labels(), grid,
      width: tapes.width, opaque: this.opaque, owners: work.owners, brokers: work.frame.brokers.length > 1,
      again: () => this.onagain(),
    };
    for (const index of grid ? work.staves : []) {
      const stave = work.frame.staves[index]!;
      grid!.take(index, stave, Math.max(stave.first, Math.floor(work.tapes[index]!.scroll)), stave.first + stave.cells.length);
    }
    for (const index of work.staves) {
      const tape = work.tapes[index]!;
      if (work.all) tape.labelled = null;
      brush.labels = this.labels[index]!;
      drawStave(brush, layout.staves[index]!, work.frame.staves[index]!, tape, work.marks[index]!, work.dimmed[index]!);
    }
  }

  /** The texts on the tapes. */
  texts(): Box[] {
    return this.labels.flatMap((labels) => labels.boxes);
  }
}

function size(canvas: Sheet, { width, height }: Size, ratio: number): void {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  inkOf(canvas).scale(ratio, ratio);
}

/** Makes a canvas so large on the page. */
export function fit(canvas: HTMLCanvasElement, { width, height }: Size): void {
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

/** The marks of each stave with the names that stand beside them. */
export function marksOf(frame: Frame): NamedMark[][] {
  const marks: NamedMark[][] = frame.staves.map(() => []);
  for (const mark of frame.marks) {
    const group = frame.groups[mark.group];
    if (!group) continue;
    marks[mark.stave]?.push({ ...mark, groupName: group.name, owner: group.members[mark.member]?.name ?? "", hue: group.hue });
  }
  return marks;
}
