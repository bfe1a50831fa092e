import { RangeKind, type Range, type Stave } from "../source/frame.ts";
import { tornOff, xOf, type Brush } from "./tape.ts";

// Runs of records that belong together. A transaction is a bracket over its cells: dotted
// while it is open, solid once it is committed, struck out when it was aborted. Records torn
// off by an election are crossed in red; what a share group has given out lies on a bar.

export function drawRanges(b: Brush, y: number, stave: Stave, scroll: number): void {
  stave.ranges.forEach((range, i) => drawRange(b, y, stave, scroll, range, levelOf(stave.ranges, i)));
}

const isTransaction = (r: Range): boolean => r.kind === RangeKind.open || r.kind === RangeKind.aborted || r.kind === RangeKind.committed;

/** Transactions of several producers interleave: one that crosses an earlier one stands above it. */
function levelOf(ranges: Range[], i: number): number {
  const range = ranges[i]!;
  if (!isTransaction(range)) return 0;
  const crossed = ranges.some((o, j) => j !== i && isTransaction(o) && o.first < range.end && range.first < o.end && (o.first < range.first || (o.first === range.first && j < i)));
  return crossed ? 1 : 0;
}

function drawRange(b: Brush, y: number, stave: Stave, scroll: number, range: Range, level: number): void {
  const { ctx, layout: l, palette: p } = b;
  const u = l.unit;
  const from = xOf(range.first, stave, scroll, l) + 1.5 * u;
  const to = xOf(Math.min(range.end, stave.leo), stave, scroll, l) - 1.5 * u;
  if (to < l.left || from > l.right || to <= from) return;
  const small = l.look !== "full";
  const top = small ? y - 1 : y - (2.5 + level * 3) * u;
  const depth = (small ? 2.5 : 5) * u;
  const under = y + l.cellH + u;
  switch (range.kind) {
    case RangeKind.open:
    case RangeKind.committed:
      ctx.strokeStyle = p.ink2;
      ctx.lineWidth = (small ? 1.2 : 1.6) * u;
      if (range.kind === RangeKind.open) ctx.setLineDash([1.6 * u, 2.6 * u]);
      bracket(ctx, from, to, top, depth, range.kind === RangeKind.committed);
      ctx.setLineDash([]);
      break;
    case RangeKind.aborted:
      ctx.globalAlpha *= 0.5;
      ctx.fillStyle = p.paper;
      ctx.fillRect(from, y, to - from, l.cellH);
      ctx.globalAlpha /= 0.5;
      ctx.strokeStyle = p.ink2;
      ctx.lineWidth = (small ? 1.2 : 1.6) * u;
      bracket(ctx, from, to, top, depth, true);
      line(ctx, from, y + l.cellH / 2, to, y + l.cellH / 2);
      break;
    case RangeKind.lost:
      ctx.strokeStyle = p.bad;
      ctx.lineWidth = (small ? 1.2 : 1.8) * u;
      bracket(ctx, from, to, top, depth, true);
      for (let o = Math.max(range.first, Math.floor(scroll)); o < Math.min(range.end, stave.leo); o++) {
        const x = xOf(o, stave, scroll, l);
        line(ctx, x + 3 * u, y + l.cellH - 2 * u, x + l.cellW - 3 * u, y + 2 * u);
      }
      tear(b, xOf(range.first, stave, scroll, l), y);
      break;
    case RangeKind.acquired:
      bar(ctx, from, to, under, 2.5 * u, p.warn, []);
      break;
    case RangeKind.available:
      bar(ctx, from, to, under, 2.5 * u, p.warn, [4 * u, 3 * u]);
      break;
    case RangeKind.acknowledged:
      bar(ctx, from, to, under, 1.2 * u, p.ok, []);
      break;
    case RangeKind.archived:
      bar(ctx, from, to, under, 2.5 * u, p.ink3, [1.5 * u, 2.5 * u]);
      break;
  }
}

/** Offsets beyond the log end that held acknowledged records before an election. */
export function drawTail(b: Brush, y: number, stave: Stave, scroll: number): void {
  const { ctx, layout: l, palette: p } = b;
  const torn = tornOff(stave);
  if (torn === 0) return;
  const u = l.unit;
  ctx.strokeStyle = p.bad;
  ctx.lineWidth = 1.4 * u;
  for (let o = stave.leo; o < stave.leo + torn; o++) {
    const x = xOf(o, stave, scroll, l) + 2 * u;
    if (x > l.right) break;
    const w = l.cellW - 4 * u;
    ctx.setLineDash([2.5 * u, 2 * u]);
    ctx.beginPath();
    ctx.roundRect(x, y + 1, w, l.cellH - 2, Math.min(6, w * 0.22));
    ctx.stroke();
    ctx.setLineDash([]);
    line(ctx, x + w * 0.25, y + l.cellH * 0.3, x + w * 0.75, y + l.cellH * 0.7);
    line(ctx, x + w * 0.75, y + l.cellH * 0.3, x + w * 0.25, y + l.cellH * 0.7);
  }
  if (!stave.ranges.some((r) => r.kind === RangeKind.lost && r.first < stave.leo)) tear(b, xOf(stave.leo, stave, scroll, l), y);
}

/** A ragged edge where a log was torn. */
export function tear(b: Brush, x: number, y: number): void {
  const { ctx, layout: l, palette: p } = b;
  if (l.look === "mini" || l.look === "rail") return;
  const u = l.unit;
  const steps = l.look === "full" ? 6 : 4;
  ctx.strokeStyle = p.bad;
  ctx.lineWidth = 2 * u;
  ctx.lineJoin = "miter";
  ctx.beginPath();
  for (let i = 0; i <= steps; i++) {
    const at = y - 4 * u + ((l.cellH + 8 * u) * i) / steps;
    if (i === 0) ctx.moveTo(x, at);
    else ctx.lineTo(x + (i % 2 === 1 ? 3 : -3) * u, at);
  }
  ctx.stroke();
}

/** A bracket over cells; its ends are closed once its transaction has ended. */
function bracket(ctx: CanvasRenderingContext2D, from: number, to: number, y: number, depth: number, closed: boolean): void {
  ctx.beginPath();
  ctx.moveTo(from, y + depth);
  ctx.lineTo(from, y);
  ctx.lineTo(to, y);
  if (closed) ctx.lineTo(to, y + depth);
  ctx.stroke();
}

function bar(ctx: CanvasRenderingContext2D, from: number, to: number, y: number, width: number, colour: string, dash: number[]): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  line(ctx, from, y + width / 2, to, y + width / 2);
  ctx.setLineDash([]);
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
