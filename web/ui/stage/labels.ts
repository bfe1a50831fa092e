// Text on the tapes. Labels never stand on each other: what is put first keeps its place,
// and what finds none is left out. That is how a stave shows less when there is less room.

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
  text: string;
}

/** How a label stands: y is the middle of its line. */
export interface Style {
  align: "left" | "right" | "center";
  size: number; // px
  family: string;
  weight?: number;
  colour: string;
  back?: string; // painted behind it
}

/** Air that a label keeps to the next one, in px. */
const air = 2;
const widthsMost = 4000;
const widths = new Map<string, number>();

/** How wide a text is; the same few texts are measured again and again. */
export function widthOf(ctx: CanvasRenderingContext2D, text: string, font: string): number {
  const key = `${font}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size >= widthsMost) widths.clear();
    ctx.font = font;
    widths.set(key, (width = ctx.measureText(text).width));
  }
  return width;
}

export const fontOf = (s: Pick<Style, "size" | "family" | "weight">): string => `${s.weight ?? 400} ${Math.round(s.size * 10) / 10}px ${s.family}`;

/** The labels of one stave. */
export class Labels {
  boxes: Box[] = [];

  /** Forgets them all, or all but so many that were put first. */
  clear(kept = 0): void {
    this.boxes.length = Math.min(this.boxes.length, kept);
  }

  /** Where a text would stand. */
  box(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, s: Style): Box {
    const w = widthOf(ctx, text, fontOf(s));
    const left = s.align === "left" ? x : s.align === "right" ? x - w : x - w / 2;
    return { x: left, y: y - s.size * 0.58, w, h: s.size * 1.16, text };
  }

  free(b: Box): boolean {
    return !this.boxes.some((o) => b.x < o.x + o.w + air && o.x < b.x + b.w + air && b.y < o.y + o.h - 0.5 && o.y < b.y + b.h - 0.5);
  }

  /** Draws a text where nothing stands yet; false when there is no place for it. */
  put(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, s: Style): boolean {
    const box = this.box(ctx, text, x, y, s);
    if (!this.free(box)) return false;
    this.boxes.push(box);
    if (s.back) {
      ctx.fillStyle = s.back;
      ctx.fillRect(box.x - 2, box.y, box.w + 4, box.h);
    }
    ctx.font = fontOf(s);
    ctx.textAlign = s.align;
    ctx.textBaseline = "middle";
    ctx.fillStyle = s.colour;
    ctx.fillText(text, x, y + 0.5);
    return true;
  }
}
