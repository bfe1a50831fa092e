import { words } from "../lang/stage.ts";
import { Cell, hueOf, type Mark, type Stave } from "../source/frame.ts";
import { clamp, type Layout, type StaveBox } from "./layout.ts";
import { drawMarks } from "./marks.ts";
import { drawRails } from "./rails.ts";
import { drawRanges } from "./ranges.ts";
import { faceOf, type Sprites } from "./sprites.ts";
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
  width: number; // of the canvas
  owners: boolean; // name the owner beside a mark, because no wire shows it
  brokers: boolean; // more than one: name the partition leader
  plain?: boolean; // no names: they stand elsewhere
}

/** How fast a tape follows its log end: the time in which it covers 63 % of the way. */
const followMs = 70;
/** A tape never lags further behind than this many cells. */
const lagMost = 1.4;

/**
 * The tape of one stave: which offset stands at its left edge. It glides when records
 * arrive, and it knows what it showed last, so that only changed tapes are drawn.
 */
export class Tape {
  scroll = NaN;
  private cells: Uint32Array = new Uint32Array();
  private numbers: number[] = [];
  private dim = false;

  /** Moves by one animation frame; true while there is way left. */
  step(stave: Stave, columns: number, ms: number, still: boolean): boolean {
    const room = Math.max(1, columns - 1);
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

export function drawStave(b: Brush, box: StaveBox, stave: Stave, tape: Tape, marks: NamedMark[], dim: boolean): void {
  const { ctx, layout: l } = b;
  ctx.clearRect(0, box.top, b.width, box.bottom - box.top);
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, box.top, b.width, box.bottom - box.top);
  ctx.clip();
  if (dim) ctx.globalAlpha = 0.28;
  if (!b.plain) drawLabel(b, box, stave);
  if (l.look === "rail") drawRail(b, box, stave);
  else drawCells(b, box, stave, tape);
  if (l.rails > 0) drawRails(b, box, stave, tape);
  drawMarks(b, box, stave, tape, marks);
  ctx.restore();
}

function drawLabel(b: Brush, box: StaveBox, stave: Stave): void {
  const { ctx, layout: l, palette: p } = b;
  const pitch = box.bottom - box.top;
  if (l.look === "rail" && pitch < 11 * l.unit && stave.partition % 4 !== 0) return;
  const size = l.look === "full" ? 13 : l.look === "compact" ? 11.5 : Math.min(10, (pitch / l.unit) * 0.85);
  const y = box.cells + l.cellH / 2;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  ctx.fillStyle = p.ink;
  ctx.font = `650 ${size * l.unit}px ${p.sans}`;
  ctx.fillText(String(stave.partition), l.left - 9 * l.unit, y + 0.5);
  if (b.brokers && l.look === "full") {
    ctx.fillStyle = p.ink3;
    ctx.font = `${10 * l.unit}px ${p.mono}`;
    ctx.fillText(stave.leader < 0 ? "no leader" : String(stave.leader), l.left - 9 * l.unit, y + 13.5 * l.unit);
  }
}

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

function drawCells(b: Brush, box: StaveBox, stave: Stave, tape: Tape): void {
  const { ctx, layout: l, palette: p } = b;
  const { scroll } = tape;
  const u = l.unit;
  const y = box.cells;
  const mid = Math.round(y + l.cellH / 2) + 0.5;
  ctx.strokeStyle = p.rule;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(l.left, mid);
  ctx.lineTo(l.right, mid);
  ctx.stroke();

  ctx.save();
  ctx.beginPath();
  ctx.rect(l.left - 1, box.top, l.right - l.left + 2, box.bottom - box.top);
  ctx.clip();
  const from = Math.max(stave.first, Math.floor(scroll));
  const to = Math.min(stave.first + stave.cells.length, Math.ceil(scroll + l.columns) + 1);
  if (l.look === "mini") drawSmall(b, y, stave, scroll, from, to);
  else drawLarge(b, y, stave, scroll, from, to);
  drawSlot(b, y, stave, scroll);
  drawRanges(b, y, stave, scroll);
  ctx.restore();

  if (l.look === "full") drawRuler(b, y, stave, scroll);
  if (scroll > stave.logStart) fade(b, box);
  else if (stave.logStart > 0 && !b.plain) drawLogStart(b, y);
  edge(b, stave.hw, stave, scroll, y, p.accent, []);
  if (stave.lso < stave.hw) edge(b, stave.lso, stave, scroll, y, p.ink2, [1.5 * u, 2.5 * u]);
  if (l.look === "full" && stave.hw < stave.leo) nameWatermark(b, y, stave, scroll);
}

/** Cells with letters, copied from sprites. */
function drawLarge(b: Brush, y: number, stave: Stave, scroll: number, from: number, to: number): void {
  const { ctx, layout: l, palette: p, sprites } = b;
  const inset = (l.cellW - sprites.width) / 2;
  for (let o = from; o < to; o++) {
    const cell = stave.cells[o - stave.first]!;
    const x = Math.round((l.left + (o - scroll) * l.cellW + inset) * sprites.ratio) / sprites.ratio;
    sprites.draw(ctx, cell, faceOf(cell, o >= stave.hw), x, y);
    if (cell & Cell.done) veil(ctx, x, y, sprites, p.paper);
    if (cell & Cell.busy) ring(ctx, x, y, sprites, p.ink, 2 * l.unit);
    if (cell & Cell.twice) drawTwice(b, x, y);
  }
}

/** Small cells without letters: one colour after another. */
function drawSmall(b: Brush, y: number, stave: Stave, scroll: number, from: number, to: number): void {
  const { ctx, layout: l, palette: p } = b;
  const gap = Math.min(1.5, l.cellW * 0.2);
  for (let hue = 0; hue <= 6; hue++) {
    ctx.fillStyle = p.keys[hue]!;
    for (let o = from; o < Math.min(to, stave.hw); o++) {
      const cell = stave.cells[o - stave.first]!;
      if (hueOf(cell) === hue && !(cell & Cell.gap)) ctx.fillRect(l.left + (o - scroll) * l.cellW, y, l.cellW - gap, l.cellH);
    }
  }
  ctx.strokeStyle = p.rule2;
  ctx.lineWidth = 1;
  for (let o = Math.max(from, stave.hw); o < to; o++) {
    ctx.strokeRect(l.left + (o - scroll) * l.cellW + 0.5, y + 0.5, l.cellW - gap - 1, l.cellH - 1);
  }
}

/** Makes a cell pale: the record is processed. */
function veil(ctx: CanvasRenderingContext2D, x: number, y: number, s: Sprites, paper: string): void {
  const alpha = ctx.globalAlpha;
  ctx.globalAlpha = alpha * 0.58;
  ctx.fillStyle = paper;
  ctx.fillRect(x - 0.5, y - 0.5, s.width + 1, s.height + 1);
  ctx.globalAlpha = alpha;
}

function ring(ctx: CanvasRenderingContext2D, x: number, y: number, s: Sprites, colour: string, width: number): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.roundRect(x - width / 2 + 0.5, y - width / 2 + 0.5, s.width + width - 1, s.height + width - 1, Math.min(6, s.width * 0.22) + 1);
  ctx.stroke();
}

/** A record that was processed more than once: a ring and the sign for it. */
function drawTwice(b: Brush, x: number, y: number): void {
  const { ctx, layout: l, palette: p, sprites } = b;
  ring(ctx, x, y, sprites, p.warn, 1.6 * l.unit);
  if (l.look !== "full") return;
  const size = 11 * l.unit;
  ctx.fillStyle = p.warn;
  ctx.beginPath();
  ctx.roundRect(x + sprites.width - size * 0.72, y - size * 0.42, size, size, 3 * l.unit);
  ctx.fill();
  ctx.fillStyle = p.paper;
  ctx.font = `700 ${8.5 * l.unit}px ${p.mono}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText("2", x + sprites.width - size * 0.22, y + size * 0.12);
}

/** The place of the next record, at the log end offset. */
function drawSlot(b: Brush, y: number, stave: Stave, scroll: number): void {
  const { ctx, layout: l, palette: p } = b;
  const w = Math.max(3, l.cellW * 0.88);
  const x = l.left + (stave.leo - scroll) * l.cellW + (l.cellW - w) / 2;
  ctx.strokeStyle = p.rule2;
  ctx.lineWidth = 1;
  ctx.setLineDash(l.look === "mini" ? [2, 2] : [3 * l.unit, 3 * l.unit]);
  ctx.beginPath();
  ctx.roundRect(x + 0.5, y + 0.5, w - 1, l.cellH - 1, Math.min(6, w * 0.22));
  ctx.fillStyle = p.paper;
  ctx.fill();
  ctx.stroke();
  ctx.setLineDash([]);
  const digits = String(stave.leo);
  if (l.look === "full" && digits.length <= 4) {
    ctx.fillStyle = p.ink3;
    ctx.font = `${(digits.length < 4 ? 9.5 : 8.5) * l.unit}px ${p.mono}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(digits, x + w / 2, y + l.cellH / 2 + 0.5);
  }
}

function drawRuler(b: Brush, y: number, stave: Stave, scroll: number): void {
  const { ctx, layout: l, palette: p } = b;
  ctx.fillStyle = p.ink3;
  ctx.font = `${10 * l.unit}px ${p.mono}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  const every = l.cellW * 5 > 70 * l.unit ? 5 : 10;
  for (let o = Math.ceil(scroll / every) * every; o < stave.leo; o += every) {
    const x = l.left + (o - scroll + 0.5) * l.cellW;
    if (x > l.left + 4 && x < l.right) ctx.fillText(String(o), x, y - 6 * l.unit);
  }
}

/** There is more to the left than the tape shows. */
function fade(b: Brush, box: StaveBox): void {
  const { ctx, layout: l, palette: p } = b;
  const w = Math.min(l.cellW * 1.4, 30 * l.unit);
  const gradient = ctx.createLinearGradient(l.left - 2, 0, l.left + w, 0);
  gradient.addColorStop(0, p.paper);
  gradient.addColorStop(1, transparent(p.paper));
  ctx.fillStyle = gradient;
  ctx.fillRect(l.left - 2, box.cells - 18 * l.unit, w + 2, l.cellH + 19 * l.unit);
}

/** Where the log begins, when older records are deleted. */
function drawLogStart(b: Brush, y: number): void {
  const { ctx, layout: l, palette: p } = b;
  const x = l.left - 1.5 * l.unit;
  ctx.strokeStyle = p.ink2;
  ctx.lineWidth = 1.5 * l.unit;
  ctx.beginPath();
  ctx.moveTo(x + 3 * l.unit, y - 2);
  ctx.lineTo(x, y - 2);
  ctx.lineTo(x, y + l.cellH + 2);
  ctx.lineTo(x + 3 * l.unit, y + l.cellH + 2);
  ctx.stroke();
}

/** A line on the edge before an offset. */
function edge(b: Brush, offset: number, stave: Stave, scroll: number, y: number, colour: string, dash: number[]): void {
  const { ctx, layout: l } = b;
  const x = xOf(offset, stave, scroll, l);
  if (x < l.left - 1 || x > l.right + 1) return;
  const over = (l.look === "full" ? 6 : l.look === "compact" ? 3 : 1.5) * l.unit;
  ctx.strokeStyle = colour;
  ctx.lineWidth = (l.look === "mini" ? 1.5 : 2) * l.unit;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(x, y - over);
  ctx.lineTo(x, y + l.cellH + over);
  ctx.stroke();
  ctx.setLineDash([]);
}

function nameWatermark(b: Brush, y: number, stave: Stave, scroll: number): void {
  const { ctx, layout: l, palette: p } = b;
  const text = words.watermarkAt(stave.hw);
  ctx.font = `600 ${10.5 * l.unit}px ${p.sans}`;
  ctx.textBaseline = "alphabetic";
  ctx.textAlign = "right";
  const x = xOf(stave.hw, stave, scroll, l) - 6 * l.unit;
  const w = ctx.measureText(text).width;
  ctx.fillStyle = p.paper;
  ctx.fillRect(x - w - 3, y - 17 * l.unit, w + 6, 13 * l.unit);
  ctx.fillStyle = p.accent;
  ctx.fillText(text, x, y - 6 * l.unit);
}

/** A colour of the palette with no opacity; the palette holds #rrggbb and #rgb. */
function transparent(colour: string): string {
  if (/^#[0-9a-f]{6}$/i.test(colour)) return `${colour}00`;
  if (/^#[0-9a-f]{3}$/i.test(colour)) return `${colour}0`;
  return "transparent";
}
