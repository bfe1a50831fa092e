import { words } from "../lang/stage.ts";
import type { Stave } from "../source/frame.ts";
import type { StaveBox } from "./layout.ts";
import { xOf, type Brush } from "./tape.ts";

// What stands between cells: the log start, the high watermark, the last stable offset; and
// the ruler above them.

export function drawEdges(b: Brush, box: StaveBox, stave: Stave, scroll: number): void {
  const { layout: l, palette: p } = b;
  const u = l.unit;
  const y = box.cells;
  if (scroll > stave.logStart) fade(b, box);
  else if (stave.logStart > 0 && !b.plain) drawLogStart(b, y);
  edge(b, stave.hw, stave, scroll, y, p.accent, []);
  const unstable = stave.lso < stave.hw;
  if (unstable) edge(b, stave.lso, stave, scroll, y, p.ink, [1.6 * u, 2.6 * u]);
  if (l.look !== "full") return;
  if (stave.hw < stave.leo) name(b, words.watermarkAt(stave.hw), stave.hw, stave, scroll, y, p.accent);
  if (unstable) name(b, words.stableAt(stave.lso), stave.lso, stave, scroll, y, p.ink2);
  drawRuler(b, y, stave, scroll);
}

function drawRuler(b: Brush, y: number, stave: Stave, scroll: number): void {
  const { ctx, layout: l, palette: p, labels } = b;
  const every = l.cellW * 5 > 70 * l.unit ? 5 : 10;
  const style = { align: "center", size: 10 * l.unit, family: p.mono, colour: p.ink3 } as const;
  for (let o = Math.ceil(scroll / every) * every; o < stave.leo; o += every) {
    const x = l.left + (o - scroll + 0.5) * l.cellW;
    if (x > l.left + 4 && x < l.right) labels.put(ctx, String(o), x, y - 11.5 * l.unit, style);
  }
}

/** There is more to the left than the tape shows. */
function fade(b: Brush, box: StaveBox): void {
  const { ctx, layout: l, palette: p } = b;
  const w = Math.min(l.cellW * 1.4, 30 * l.unit) + 2;
  const h = l.cellH + 19 * l.unit;
  if (!b.fade) {
    b.fade = ctx.createLinearGradient(l.left - 2, 0, l.left - 2 + w, 0);
    b.fade.addColorStop(0, p.paper);
    b.fade.addColorStop(1, transparent(p.paper));
  }
  ctx.fillStyle = b.fade;
  ctx.fillRect(l.left - 2, box.cells - 18 * l.unit, w, h);
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

/** Says what an edge is, left of it, or right of it where that is taken. */
function name(b: Brush, text: string, offset: number, stave: Stave, scroll: number, y: number, colour: string): void {
  const { ctx, layout: l, palette: p, labels } = b;
  const x = xOf(offset, stave, scroll, l);
  if (x < l.left || x > l.right + 1) return;
  const style = { size: 10.5 * l.unit, family: p.sans, weight: 600, colour, back: p.paper } as const;
  const at = y - 11.5 * l.unit;
  const left = x - 6 * l.unit;
  if (labels.box(ctx, text, left, at, { ...style, align: "right" }).x >= 0 && labels.put(ctx, text, left, at, { ...style, align: "right" })) return;
  const right = labels.box(ctx, text, x + 6 * l.unit, at, { ...style, align: "left" });
  if (right.x + right.w < b.width) labels.put(ctx, text, x + 6 * l.unit, at, { ...style, align: "left" });
}

/** A colour of the palette with no opacity; the palette holds #rrggbb and #rgb. */
function transparent(colour: string): string {
  if (/^#[0-9a-f]{6}$/i.test(colour)) return `${colour}00`;
  if (/^#[0-9a-f]{3}$/i.test(colour)) return `${colour}0`;
  return "transparent";
}
