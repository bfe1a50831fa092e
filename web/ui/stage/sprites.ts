import { Cell, hueOf, letterOf } from "../source/frame.ts";
import { inkOf, picked, sheet, type Sheet } from "./sheet.ts";
import type { Palette } from "./theme.ts";

/** How a cell may look besides its key. */
export const Face = { plain: 0, unread: 1, gap: 2, tombstone: 3, commit: 4, abort: 5 } as const;

const spritesMost = 600;

/**
 * Cells drawn once each and copied from then on: a cell is a hue and a letter, and there
 * are few of them.
 */
export class Sprites {
  private made = new Map<number, Sheet | ImageBitmap>();

  constructor(
    readonly width: number, // of the drawn cell in CSS pixels, without the gap
    readonly height: number,
    readonly ratio: number, // device pixels of a CSS pixel
    private palette: Palette,
  ) {}

  draw(ctx: CanvasRenderingContext2D, cell: number, face: number, x: number, y: number): void {
    const sprite = this.of(cell, face);
    ctx.drawImage(sprite, x, y, sprite.width / this.ratio, sprite.height / this.ratio);
  }

  /** Copies a cell to a canvas that counts in device pixels. */
  copy(ctx: CanvasRenderingContext2D, cell: number, face: number, x: number, y: number): void {
    ctx.drawImage(this.of(cell, face), x, y);
  }

  /** Draws what looks the same on every tape and is painted once, on whole device pixels; name is negative. */
  kept(ctx: CanvasRenderingContext2D, name: number, x: number, y: number, w: number, h: number, paint: (ctx: CanvasRenderingContext2D) => void): void {
    const { ratio } = this;
    let kept = this.made.get(name);
    if (!kept) {
      const blank = this.blank(w, h);
      paint(inkOf(blank));
      this.made.set(name, (kept = picked(blank)));
    }
    ctx.drawImage(kept, Math.round(x * ratio) / ratio, Math.round(y * ratio) / ratio, kept.width / ratio, kept.height / ratio);
  }

  private of(cell: number, face: number): Sheet | ImageBitmap {
    const key = (cell & 0xfffff) * 8 + face;
    let sprite = this.made.get(key);
    if (!sprite) {
      if (this.made.size >= spritesMost) this.made.clear();
      this.made.set(key, (sprite = this.make(cell, face)));
    }
    return sprite;
  }

  private make(cell: number, face: number): Sheet | ImageBitmap {
    const canvas = this.blank(this.width, this.height);
    paintCell(inkOf(canvas), cell, face, 0, 0, this.width, this.height, this.palette);
    return picked(canvas);
  }

  private blank(width: number, height: number): Sheet {
    const blank = sheet(Math.max(1, Math.round(width * this.ratio)), Math.max(1, Math.round(height * this.ratio)));
    inkOf(blank).scale(this.ratio, this.ratio);
    return blank;
  }
}

/** Draws one cell; the box is that of the cell without its gap. */
export function paintCell(
  ctx: CanvasRenderingContext2D, cell: number, face: number, x: number, y: number, w: number, h: number, p: Palette,
): void {
  const radius = Math.min(6, w * 0.22);
  if (face === Face.gap) {
    ctx.fillStyle = p.rule2;
    ctx.beginPath();
    ctx.arc(x + w / 2, y + h / 2, Math.min(2, w / 5), 0, 7);
    ctx.fill();
    return;
  }
  if (face === Face.commit || face === Face.abort) {
    paintMarker(ctx, face === Face.commit, x + w / 2, y + h / 2, Math.min(w, h) * 0.3, p);
    return;
  }
  const hue = hueOf(cell);
  const colour = p.keys[hue] ?? p.keys[0]!;
  ctx.save();
  ctx.beginPath();
  ctx.roundRect(x, y, w, h, radius);
  let ink = hue === 0 ? p.ink2 : p.onKey;
  if (face === Face.plain) {
    ctx.fillStyle = colour;
    ctx.fill();
  } else {
    ctx.fillStyle = p.paper;
    ctx.fill();
    ctx.clip();
    ctx.strokeStyle = face === Face.unread ? p.rule2 : colour;
    if (face === Face.unread) {
      hatch(ctx, x, y, w, h);
      ink = p.ink2;
    } else {
      ink = p.ink;
    }
    ctx.beginPath();
    ctx.roundRect(x + 0.75, y + 0.75, w - 1.5, h - 1.5, radius - 0.75);
    ctx.lineWidth = face === Face.unread ? 1 : 2.5;
    ctx.stroke();
  }
  ctx.restore();
  paintLetter(ctx, letterOf(cell), ink, x, y, w, h, p);
  if (face === Face.tombstone) {
    ctx.strokeStyle = p.ink2;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.moveTo(x + w * 0.2, y + h * 0.5);
    ctx.lineTo(x + w * 0.8, y + h * 0.5);
    ctx.stroke();
  }
}

/** The end of a transaction is no record: a tick or a cross instead of a cell. */
function paintMarker(ctx: CanvasRenderingContext2D, commit: boolean, x: number, y: number, r: number, p: Palette): void {
  ctx.strokeStyle = commit ? p.ok : p.bad;
  ctx.lineWidth = Math.max(1.2, r * 0.34);
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  ctx.beginPath();
  if (commit) {
    ctx.moveTo(x - r, y + r * 0.1);
    ctx.lineTo(x - r * 0.25, y + r * 0.8);
    ctx.lineTo(x + r, y - r * 0.8);
  } else {
    ctx.moveTo(x - r * 0.8, y - r * 0.8);
    ctx.lineTo(x + r * 0.8, y + r * 0.8);
    ctx.moveTo(x + r * 0.8, y - r * 0.8);
    ctx.lineTo(x - r * 0.8, y + r * 0.8);
  }
  ctx.stroke();
}

function paintLetter(
  ctx: CanvasRenderingContext2D, letter: string, ink: string, x: number, y: number, w: number, h: number, p: Palette,
): void {
  if (w < 11) return;
  ctx.fillStyle = ink;
  if (letter === "") { // no key
    ctx.globalAlpha = 0.55;
    ctx.beginPath();
    ctx.arc(x + w / 2, y + h / 2, Math.max(1.5, w * 0.08), 0, 7);
    ctx.fill();
    ctx.globalAlpha = 1;
    return;
  }
  ctx.font = `600 ${Math.round(Math.min(w * 0.56, h * 0.44) * 10) / 10}px ${p.mono}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(letter, x + w / 2, y + h / 2 + 0.5, w);
}

function hatch(ctx: CanvasRenderingContext2D, x: number, y: number, w: number, h: number): void {
  ctx.lineWidth = 1.4;
  ctx.beginPath();
  for (let d = -h; d < w; d += 5) {
    ctx.moveTo(x + d, y + h);
    ctx.lineTo(x + d + h, y);
  }
  ctx.stroke();
}

/** The face of a cell at an offset, given the high watermark. */
export function faceOf(cell: number, unread: boolean): number {
  if (cell & Cell.gap) return Face.gap;
  if (cell & Cell.commit) return Face.commit;
  if (cell & Cell.abort) return Face.abort;
  if (unread) return Face.unread;
  return cell & Cell.tombstone ? Face.tombstone : Face.plain;
}
