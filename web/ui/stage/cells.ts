import { Cell, type Stave } from "../source/frame.ts";
import type { StaveBox } from "./layout.ts";
import { faceOf, type Sprites } from "./sprites.ts";
import { Strip } from "./strip.ts";
import { tornOff, type Brush, type Tape } from "./tape.ts";

// The cells of a stave: one for each offset, newest right, and the place of the next one.

export function drawCells(b: Brush, box: StaveBox, stave: Stave, tape: Tape): void {
  const { ctx, layout: l, palette: p } = b;
  const { scroll } = tape;
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
  const x = l.left + (from - scroll) * l.cellW;
  if (b.grid) {
    b.grid.draw(ctx, tape.index, to - from, x, y);
  } else {
    if (b.plain) drawEach(b, y, stave, scroll, from, to);
    else (tape.strip ??= new Strip(l, b.sprites)).draw(ctx, stave, from, to, x, y);
    drawStates(b, y, stave, scroll, from, to);
  }
  if (tornOff(stave) === 0) drawSlot(b, y, stave, scroll);
  if (stave.ranges.length > 0) drawRuns(b, y, stave, scroll);
  ctx.restore();
}

/** What draws runs of records is loaded when there is one. */
let runs: typeof import("./ranges.ts") | null = null;

function drawRuns(b: Brush, y: number, stave: Stave, scroll: number): void {
  if (!runs) {
    void import("./ranges.ts").then((loaded) => {
      runs = loaded;
      b.again();
    });
    return;
  }
  runs.drawRanges(b, y, stave, scroll);
  runs.drawTail(b, y, stave, scroll);
}

const leftOf = (b: Brush, o: number, scroll: number): number => {
  const { layout: l, sprites } = b;
  const inset = (l.cellW - sprites.width) / 2;
  return Math.round((l.left + (o - scroll) * l.cellW + inset) * sprites.ratio) / sprites.ratio;
};

/** Cells copied from sprites one by one. */
function drawEach(b: Brush, y: number, stave: Stave, scroll: number, from: number, to: number): void {
  for (let o = from; o < to; o++) {
    const cell = stave.cells[o - stave.first]!;
    b.sprites.draw(b.ctx, cell, faceOf(cell, o >= stave.hw), leftOf(b, o, scroll), y);
  }
}

/** What happens to records: being processed, processed, processed again. */
function drawStates(b: Brush, y: number, stave: Stave, scroll: number, from: number, to: number): void {
  const { ctx, layout: l, palette: p, sprites } = b;
  for (let o = from; o < to; o++) {
    const cell = stave.cells[o - stave.first]!;
    if ((cell & (Cell.done | Cell.busy | Cell.twice)) === 0) continue;
    const x = leftOf(b, o, scroll);
    if (cell & Cell.done) veil(ctx, x, y, sprites, p.paper);
    if (cell & Cell.busy) ring(ctx, x, y, sprites, p.ink, 2 * l.unit);
    if (cell & Cell.twice) drawTwice(b, x, y);
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
  b.sprites.kept(ctx, -1, x, y, w, l.cellH, (once) => {
    once.strokeStyle = p.rule2;
    once.setLineDash(l.look === "mini" ? [2, 2] : [3 * l.unit, 3 * l.unit]);
    once.beginPath();
    once.roundRect(0.5, 0.5, w - 1, l.cellH - 1, Math.min(6, w * 0.22));
    once.fillStyle = p.paper;
    once.fill();
    once.stroke();
  });
  const digits = String(stave.leo);
  if (l.look !== "full" || digits.length > 4) return;
  b.labels.put(ctx, digits, x + w / 2, y + l.cellH / 2,
    { align: "center", size: (digits.length < 4 ? 9.5 : 8.5) * l.unit, family: p.mono, colour: p.ink3 });
}
