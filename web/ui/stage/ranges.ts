import { RangeKind, type Range, type Stave } from "../source/frame.ts";
import { xOf, type Brush } from "./tape.ts";

// Runs of records that belong together: a transaction is a bracket over its cells, dotted
// while it is open and struck out when it was aborted; records torn off by an election are
// crossed in red; what a share group has given out lies under a bar.

export function drawRanges(b: Brush, y: number, stave: Stave, scroll: number): void {
  if (b.layout.look === "rail") return;
  for (const range of stave.ranges) drawRange(b, y, stave, scroll, range);
}

function drawRange(b: Brush, y: number, stave: Stave, scroll: number, range: Range): void {
  const { ctx, layout: l, palette: p } = b;
  const u = l.unit;
  const from = xOf(range.first, stave, scroll, l) + 1.5 * u;
  const to = xOf(range.end, stave, scroll, l) - 1.5 * u;
  if (to < l.left || from > l.right || to <= from) return;
  switch (range.kind) {
    case RangeKind.open:
    case RangeKind.aborted: {
      const aborted = range.kind === RangeKind.aborted;
      ctx.strokeStyle = aborted ? p.ink3 : p.ink2;
      ctx.lineWidth = 1.6 * u;
      ctx.setLineDash(aborted ? [] : [2 * u, 2.5 * u]);
      bracket(ctx, from, to, y - 2 * u, 4 * u);
      ctx.setLineDash([]);
      if (aborted) {
        ctx.lineWidth = 1.4 * u;
        line(ctx, from, y + l.cellH / 2, to, y + l.cellH / 2);
      }
      break;
    }
    case RangeKind.lost:
      ctx.strokeStyle = p.accent;
      ctx.lineWidth = 1.6 * u;
      bracket(ctx, from, to, y - 2 * u, 4 * u);
      line(ctx, from, y + l.cellH, to, y);
      break;
    case RangeKind.acquired:
      ctx.fillStyle = p.warn;
      ctx.fillRect(from, y + l.cellH + u, to - from, 2.5 * u);
      break;
    case RangeKind.archived:
      ctx.fillStyle = p.ink3;
      ctx.fillRect(from, y + l.cellH + u, to - from, 2.5 * u);
      break;
  }
}

function bracket(ctx: CanvasRenderingContext2D, from: number, to: number, y: number, depth: number): void {
  ctx.beginPath();
  ctx.moveTo(from, y + depth);
  ctx.lineTo(from, y);
  ctx.lineTo(to, y);
  ctx.lineTo(to, y + depth);
  ctx.stroke();
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
