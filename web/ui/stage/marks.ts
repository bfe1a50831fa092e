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
  // From below, so that a pole never crosses the name of a row above.
  for (let i = Math.min(marks.length, b.layout.rows) - 1; i >= 0; i--) {
    drawMark(b, box, stave, tape, marks[i]!, rowY(b.layout, box, i));
  }
}

/** The middle of a row of marks. */
export function rowY(l: Layout, box: StaveBox, row: number): number {
  return box.cells + l.cellH + l.rails * l.railH + (row + (l.look === "full" ? 0.72 : 0.6)) * l.rowH;
}

function drawMark(b: Brush, box: StaveBox, stave: Stave, tape: Tape, mark: NamedMark, y: number): void {
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
  const beyond = tape.scroll - 0.5; // further left than the tape reaches
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
  if (l.look === "full" && !b.plain) drawName(b, mark, from, Math.max(read, from), end, y, colour);
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

function drawName(b: Brush, mark: NamedMark, from: number, read: number, end: number, y: number, colour: string): void {
  const { ctx, layout: l, palette: p } = b;
  const u = l.unit;
  const who = b.owners && mark.owner ? mark.owner : mark.groupName;
  const short = who.length > 16 ? `${who.slice(0, 15)}…` : who;
  const rest = mark.lag === 0 ? words.caughtUp : words.lag(mark.lag);
  const bold = { align: "left", size: 11 * u, family: p.sans, weight: 600, colour, back: p.paper } as const;
  const plain = { ...bold, weight: 400, colour: p.ink3 };
  const first = widthOf(ctx, short, fontOf(bold));
  const second = widthOf(ctx, rest, fontOf(plain)) + 5 * u;
  let x = Math.max(read, end) + 10 * u;
  if (x + first + second > b.width - 2) x = from - first - second - 16 * u;
  if (x < l.left - 4 * u) x = clamp(read + 10 * u, l.left, b.width - first - second - 2);
  b.labels.put(ctx, short, x, y, bold);
  b.labels.put(ctx, rest, x + first + 5 * u, y, plain);
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
