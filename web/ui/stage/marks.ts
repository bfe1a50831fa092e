import { words } from "../lang/stage.ts";
import type { Stave } from "../source/frame.ts";
import { fontOf, widthOf } from "./labels.ts";
import { clamp, type Layout, type StaveBox } from "./layout.ts";
import { xOf, type Brush, type NamedMark, type Tape } from "./tape.ts";

// Where each group stands in a stave. Marks stand on the edges of cells, never on cells:
// a flag at the committed offset, a diamond at the position, a line between them for
// records that were read and not committed, dots up to the log end for those to come.

export function drawMarks(b: Brush, box: StaveBox, stave: Stave, tape: Tape, marks: NamedMark[]): void {
  if (b.layout.rowH === 0) {
    marks.forEach((mark, i) => drawTick(b, box, stave, tape, mark, i));
    return;
  }
  // From below, so that a pole never crosses the name of a row above, which keeps aside of poles where it can.
  const poles: number[] = [];
  for (let i = Math.min(marks.length, b.layout.rows) - 1; i >= 0; i--) {
    const mark = marks[i]!;
    drawMark(b, box, stave, tape, mark, rowY(b.layout, box, i), poles);
    if (mark.committed >= Math.max(0, beyondOf(tape))) poles.push(clamp(xOf(mark.committed, stave, tape.scroll, b.layout), b.layout.left, b.layout.right));
  }
}

/** What is committed before this stands further left than the tape reaches. */
const beyondOf = (tape: Tape): number => tape.scroll - 0.5;

/** The middle of a row of marks. */
export function rowY(l: Layout, box: StaveBox, row: number): number {
  return box.cells + l.cellH + l.rails * l.railH + (row + (l.look === "full" ? 0.72 : 0.6)) * l.rowH;
}

function drawMark(b: Brush, box: StaveBox, stave: Stave, tape: Tape, mark: NamedMark, y: number, poles: number[]): void {
  const { ctx, layout: l, palette: p } = b;
  const u = l.unit;
  const colour = p.groups[mark.hue] ?? p.ink2;
  const at = (offset: number): number => clamp(xOf(offset, stave, tape.scroll, l), l.left, l.right);
  const committed = mark.committed < 0 ? NaN : at(mark.committed);
  const position = mark.position < 0 ? NaN : at(mark.position);
  const end = at(stave.leo);
  const from = Number.isNaN(committed) ? (Number.isNaN(position) ? at(stave.logStart) : position) : committed;
  const read = Number.isNaN(position) ? from : Math.max(position, from);

  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineCap = "round";
  ctx.lineWidth = 1.5 * u;
  if (end > read + 1) {
    ctx.setLineDash([0.01, 4 * u]);
    line(ctx, read, y, end, y);
    ctx.setLineDash([]);
  }
  // Processed and not committed: a thick line. Polled and not processed: two thin ones.
  const done = mark.processed < 0 ? read : clamp(at(mark.processed), from, read);
  if (done > from + 1) {
    ctx.lineWidth = 2.5 * u;
    line(ctx, from, y, done, y);
  }
  if (read > done + 1) {
    ctx.lineWidth = u;
    line(ctx, done, y - 1.75 * u, read, y - 1.75 * u);
    line(ctx, done, y + 1.75 * u, read, y + 1.75 * u);
  }
  ctx.lineCap = "butt";
  const beyond = beyondOf(tape);
  if (mark.committed >= 0) drawFlag(b, box, committed, y, mark.committed < beyond);
  if (mark.position >= 0 && mark.position >= beyond) {
    const r = (l.look === "full" ? 5.5 : 3.6) * u;
    ctx.beginPath();
    ctx.moveTo(position, y - r * 1.25);
    ctx.lineTo(position + r, y);
    ctx.lineTo(position, y + r * 1.25);
    ctx.lineTo(position - r, y);
    ctx.closePath();
    ctx.fill();
    ctx.strokeStyle = p.paper;
    ctx.lineWidth = 1.2 * u;
    ctx.stroke();
  }
  if (l.look === "full" && !b.plain) drawName(b, mark, from, Math.max(read, from), end, y, colour, poles);
}

/** A flag on a pole that reaches up to the edge of the cells. */
function drawFlag(b: Brush, box: StaveBox, x: number, y: number, beyond: boolean): void {
  const { ctx, layout: l } = b;
  const u = l.unit;
  const s = l.look === "full" ? 1 : 0.7;
  if (beyond) { // committed further left than the tape reaches
    ctx.beginPath();
    ctx.moveTo(x - 7 * u * s, y);
    ctx.lineTo(x, y - 4.5 * u * s);
    ctx.lineTo(x, y + 4.5 * u * s);
    ctx.fill();
    return;
  }
  ctx.fillRect(x - 0.75 * u, box.cells + l.cellH, 1.5 * u, y + 4.5 * u * s - box.cells - l.cellH);
  ctx.beginPath();
  ctx.moveTo(x, y - 10.5 * u * s);
  ctx.lineTo(x - 9 * u * s, y - 7 * u * s);
  ctx.lineTo(x, y - 3.4 * u * s);
  ctx.fill();
}

function drawName(b: Brush, mark: NamedMark, from: number, read: number, end: number, y: number, colour: string, poles: number[]): void {
  const { ctx, layout: l, palette: p } = b;
  const u = l.unit;
  const who = b.owners && mark.owner ? mark.owner : mark.groupName;
  const short = who.length > 16 ? `${who.slice(0, 15)}…` : who;
  const rest = mark.lag === 0 ? words.caughtUp : words.lag(mark.lag);
  const bold = { align: "left", size: 11 * u, family: p.sans, weight: 600, colour, back: p.paper } as const;
  const plain = { ...bold, weight: 400, colour: p.ink3 };
  const first = widthOf(ctx, short, fontOf(bold));
  const second = widthOf(ctx, rest, fontOf(plain)) + 5 * u;
  const x = placeFor(l, b.width, first + second, from, read, end, poles);
  b.labels.put(ctx, short, x, y, bold);
  b.labels.put(ctx, rest, x + first + 5 * u, y, plain);
}

/**
 * Where a name begins: right of all, left of its mark, left of the poles that stand there, or
 * on its own line; the first of these where there is room and no pole of a row below passes.
 */
export function placeFor(l: Layout, width: number, w: number, from: number, read: number, end: number, poles: number[]): number {
  const u = l.unit;
  const crossed = (x: number): number[] => poles.filter((pole) => pole > x - 3 * u && pole < x + w + 3 * u);
  const left = from - w - 16 * u;
  const places = [Math.max(read, end) + 10 * u, left, Math.min(...crossed(left)) - w - 12 * u, clamp(read + 10 * u, l.left, width - w - 2)]
    .filter((x) => x >= l.left - 4 * u && x + w <= width - 2);
  return places.find((x) => crossed(x).length === 0) ?? places[0] ?? l.left;
}

/** Where there is no room for rows: a tick at the committed offset, and what lies behind it. */
function drawTick(b: Brush, box: StaveBox, stave: Stave, tape: Tape, mark: NamedMark, i: number): void {
  const { ctx, layout: l, palette: p } = b;
  if (i > 3) return;
  const start = mark.committed < 0 ? stave.logStart : mark.committed;
  const x = clamp(xOf(start, stave, tape.scroll, l), l.left, l.right);
  const end = clamp(xOf(stave.leo, stave, tape.scroll, l), l.left, l.right);
  ctx.fillStyle = p.groups[mark.hue] ?? p.ink2;
  ctx.fillRect(x - 1, box.cells - 1, 2 * l.unit, l.cellH + 2);
  if (l.look === "rail") ctx.fillRect(x, box.cells + l.cellH / 2 - 1, end - x, 2);
  else ctx.fillRect(x, box.cells + l.cellH, end - x, 1.5);
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
