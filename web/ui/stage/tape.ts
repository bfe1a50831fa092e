import { words } from "../lang/stage.ts";
import { RangeKind, type Mark, type Stave } from "../source/frame.ts";
import { drawCells } from "./cells.ts";
import { drawEdges } from "./edges.ts";
import type { Grid } from "./grid.ts";
import type { Labels } from "./labels.ts";
import { clamp, type Layout, type StaveBox } from "./layout.ts";
import { drawMarks } from "./marks.ts";
import { drawRails } from "./rails.ts";
import type { Sprites } from "./sprites.ts";
import type { Strip } from "./strip.ts";
import type { Palette } from "./theme.ts";

/** A mark with the names that stand beside it. */
export interface NamedMark extends Mark {
  groupName: string;
  owner: string; // name of the member, empty for nobody
  hue: number;
}

export interface Brush {
  ctx: CanvasRenderingContext2D;
  layout: Layout;
  palette: Palette;
  sprites: Sprites;
  labels: Labels; // of the stave that is being drawn
  grid: Grid | null; // where the cells are too small for letters
  width: number; // of the tapes with their labels
  opaque?: boolean; // nothing shines through the canvas
  owners: boolean; // name the owner beside a mark, because no wire shows it
  brokers: boolean; // more than one: name the partition leader
  fade?: CanvasGradient; // of all tapes at their left ends, made for the first
  plain?: boolean; // no names: they stand elsewhere
  again(): void; // something is there now that was missing: draws all anew
}

/** How fast a tape follows its log end: the time in which it covers 63 % of the way. */
const followMs = 70;
/** So many cells beyond the log end are shown when an election tore them off. */
const tailMost = 4;
/** A tape never lags further behind than this many cells. */
const lagMost = 1.4;
/** So far left of its tape ends a label, in design pixels; marks reach less far. */
const labelAir = 9;

/**
 * The tape of one stave: which offset stands at its left edge. It glides when records
 * arrive, and it knows what it showed last, so that only changed tapes are drawn.
 */
export class Tape {
  scroll = NaN;
  index = 0; // of its stave in the frame
  strip: Strip | null = null; // made when it is first drawn
  private cells: Uint32Array = new Uint32Array();
  private numbers: number[] = [];
  private dim = false;
  labelled: boolean | null = null; // whether the label that stands there is dim; null for none

  /** Moves by one animation frame; true while there is way left. */
  step(stave: Stave, columns: number, ms: number, still: boolean): boolean {
    const room = Math.max(1, columns - 1 - Math.min(tailMost, tornOff(stave)));
    const goal = Math.max(stave.logStart, stave.leo - room);
    if (still || Number.isNaN(this.scroll) || Math.abs(goal - this.scroll) > columns) {
      this.scroll = goal;
      return false;
    }
    this.scroll += (goal - this.scroll) * (1 - Math.exp(-ms / followMs));
    this.scroll = clamp(this.scroll, goal - lagMost, goal + lagMost);
    if (Math.abs(goal - this.scroll) < 0.02) this.scroll = goal;
    return this.scroll !== goal;
  }

  /** Remembers what is about to be drawn; true when it differs from what stands there. */
  changed(stave: Stave, marks: NamedMark[], dim: boolean): boolean {
    let n = 0;
    let changed = dim !== this.dim;
    this.dim = dim;
    const put = (value: number): void => {
      if (this.numbers[n] !== value) {
        this.numbers[n] = value;
        changed = true;
      }
      n++;
    };
    put(this.scroll);
    put(stave.logStart);
    put(stave.hw);
    put(stave.lso);
    put(stave.leo);
    put(stave.first);
    put(stave.leader);
    for (const r of stave.replicas) {
      put(r.broker);
      put(r.leo);
      put(r.hw);
      put(r.diverged);
      put(r.state * 2 + (r.inSync ? 1 : 0));
    }
    for (const r of stave.ranges) {
      put(r.first);
      put(r.end);
      put(r.kind);
    }
    for (const mark of marks) {
      put(mark.group * 100 + mark.hue);
      put(mark.member);
      put(mark.committed);
      put(mark.position);
      put(mark.processed);
      put(mark.lag);
    }
    if (n !== this.numbers.length) {
      this.numbers.length = n;
      changed = true;
    }
    if (!changed && this.cells.length === stave.cells.length) {
      const { cells } = stave;
      for (let i = 0; i < cells.length; i++) {
        if (cells[i] !== this.cells[i]) {
          changed = true;
          break;
        }
      }
    } else {
      changed = true;
    }
    this.cells = stave.cells;
    return changed;
  }
}

/** The x of an offset's left edge. */
export function xOf(offset: number, stave: Stave, scroll: number, l: Layout): number {
  if (l.columns > 0) return l.left + (offset - scroll) * l.cellW;
  const length = Math.max(1, stave.leo - stave.logStart);
  return l.left + ((offset - stave.logStart) / length) * (l.right - l.left);
}

/** How many offsets beyond the log end held acknowledged records before an election. */
export function tornOff(stave: Stave): number {
  let end = stave.leo;
  for (const range of stave.ranges) if (range.kind === RangeKind.lost) end = Math.max(end, range.end);
  return end - stave.leo;
}

/** Right of this a stave is drawn anew though its label stays. */
export const labelEdge = (l: Layout): number => Math.floor(l.left - labelAir * l.unit);

export function drawStave(b: Brush, box: StaveBox, stave: Stave, tape: Tape, marks: NamedMark[], dim: boolean): void {
  const { ctx, layout: l } = b;
  // Where the label is the only text of a stave it stays, and what is right of it is drawn.
  const kept = !b.plain && l.look !== "full" && tape.labelled === dim;
  const from = kept ? labelEdge(l) : 0;
  b.labels.clear(kept ? 1 : 0);
  ctx.fillStyle = b.palette.paper;
  ctx[b.opaque ? "fillRect" : "clearRect"](from, box.top, b.width - from, box.bottom - box.top);
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, box.top, b.width - from, box.bottom - box.top);
  ctx.clip();
  if (dim) ctx.globalAlpha = 0.28;
  if (!b.plain && !kept) drawLabel(b, box, stave);
  tape.labelled = dim;
  if (l.look === "rail") {
    drawRail(b, box, stave);
  } else {
    drawCells(b, box, stave, tape);
    drawEdges(b, box, stave, tape.scroll);
  }
  if (l.rails > 0) drawRails(b, box, stave, tape);
  drawMarks(b, box, stave, tape, marks);
  ctx.restore();
}

/** The partition's number, and left of it the broker that leads it. */
function drawLabel(b: Brush, box: StaveBox, stave: Stave): void {
  const { ctx, layout: l, palette: p, labels } = b;
  const u = l.unit;
  const pitch = box.bottom - box.top;
  if (l.look === "rail" && pitch < 11 * u && stave.partition % 4 !== 0) return;
  const size = (l.look === "full" ? 13 : l.look === "compact" ? 11.5 : Math.min(10, (pitch / u) * 0.85)) * u;
  const x = l.left - labelAir * u;
  const y = box.cells + l.cellH / 2;
  const number = String(stave.partition);
  const style = { align: "right", size, family: p.sans, weight: 650, colour: p.ink } as const;
  labels.put(ctx, number, x, y, style);
  if (!b.brokers || l.look !== "full") return;
  const none = stave.leader < 0;
  labels.put(ctx, none ? words.noneLeads : String(stave.leader), x - labels.box(ctx, number, 0, 0, style).w - 6 * u, y,
    { align: "right", size: 10 * u, family: p.mono, weight: none ? 600 : 400, colour: none ? p.bad : p.ink3 });
}

/** A partition with many others: how full it is, and how much of that may be read. */
function drawRail(b: Brush, box: StaveBox, stave: Stave): void {
  const { ctx, layout: l, palette: p } = b;
  const h = l.cellH;
  ctx.fillStyle = p.rule;
  ctx.beginPath();
  ctx.roundRect(l.left, box.cells, l.right - l.left, h, h / 2);
  ctx.fill();
  if (stave.hw > stave.logStart) {
    ctx.fillStyle = p.rule2;
    ctx.beginPath();
    ctx.roundRect(l.left, box.cells, xOf(stave.hw, stave, 0, l) - l.left, h, h / 2);
    ctx.fill();
  }
}
