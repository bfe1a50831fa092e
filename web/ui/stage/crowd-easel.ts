import { Easel, type Setting, type Work } from "./easel.ts";
import { inkOf } from "./sheet.ts";
import { labelEdge } from "./tape.ts";

/**
 * An easel with one canvas under the whole stage, for tapes and what is in flight alike. In a
 * crowd every tape changes all the time, so what flew over it goes when the tape is drawn
 * again; and one canvas that nothing shines through is brought to the screen in a fraction of
 * the time that two take which are blended.
 */
export class CrowdEasel extends Easel {
  protected override opaque = true;
  private rowAt = new Int16Array(); // the stave at each CSS pixel of the tapes' height; -1 none

  constructor(private canvas: OffscreenCanvas) {
    canvas.getContext("2d", { alpha: false }); // the first one that asks decides
    super(canvas, canvas);
  }

  override arrange(setting: Setting): void {
    const { palette, layout, flights } = setting;
    super.arrange(setting);
    const ctx = inkOf(this.canvas);
    ctx.fillStyle = palette.paper;
    ctx.fillRect(0, 0, flights.width, flights.height);
    this.rowAt = new Int16Array(Math.ceil(layout.height) + 1).fill(-1);
    layout.staves.forEach((box, i) => this.rowAt.fill(i, Math.floor(box.top), Math.ceil(box.bottom)));
  }

  override draw(work: Work): void {
    const { ratio } = this.setting;
    const ctx = inkOf(this.canvas);
    const x = Math.round(work.offset.x * ratio);
    const y = Math.round(work.offset.y * ratio);
    const staves = this.uncover(ctx, work, x / ratio, y / ratio);
    ctx.setTransform(ratio, 0, 0, ratio, x, y);
    this.drawTapes({ ...work, staves });
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawFlights(work);
  }

  /** Takes away what flew: the staves to be drawn, and paper where there is none. */
  private uncover(ctx: CanvasRenderingContext2D, work: Work, left: number, top: number): number[] {
    const { layout, tapes, palette } = this.setting;
    const rects = this.flown.take();
    const staves = new Set(work.staves);
    const from = left + labelEdge(layout);
    const to = left + tapes.width;
    ctx.fillStyle = palette.paper;
    for (let i = 0; i < rects.length; i += 4) {
      const x = rects[i]!, y = rects[i + 1]!, w = rects[i + 2]!, h = rects[i + 3]!;
      let over = x >= from && x + w <= to; // tapes and nothing else
      for (let row = Math.floor(y - top); row <= Math.ceil(y + h - top); row++) {
        const stave = this.rowAt[row] ?? -1;
        if (stave >= 0 && x + w > left && x < to) staves.add(stave);
        over &&= stave >= 0;
      }
      if (!over) ctx.fillRect(x, y, w, h);
    }
    return [...staves];
  }
}
