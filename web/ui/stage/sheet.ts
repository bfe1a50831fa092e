/** A canvas that nobody sees: to draw things once and copy them. */
export type Sheet = HTMLCanvasElement | OffscreenCanvas;

/** A blank sheet, in the page or in a worker. Its width and height are set by whoever uses it. */
export function sheet(width = 1, height = 1): Sheet {
  if (typeof document === "undefined") return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

/** What draws on a sheet. A worker's has the same calls, but for those about focus. */
export const inkOf = (on: Sheet): CanvasRenderingContext2D => on.getContext("2d") as CanvasRenderingContext2D;

/**
 * What was drawn on a sheet, to be copied. In a worker the sheet is blank again: copying from
 * one there makes it ready each time, which takes longer than the copy.
 */
export function picked(from: Sheet): Sheet | ImageBitmap {
  return "transferToImageBitmap" in from ? from.transferToImageBitmap() : from;
}
