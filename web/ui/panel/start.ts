import type { Frame } from "../source/frame.ts";

/**
 * Leaves marks for those who measure the start of a page: the first picture, the first in
 * which something has moved, and the first that shows later time of the room's own.
 */
export class StartMarks {
  private first = -1; // time of the first frame
  moved = false; // something on the stage has

  note(frame: Frame, stage: { moves: boolean }): void {
    if (this.first === Infinity) return;
    if (this.first < 0) {
      this.first = frame.time;
      performance.mark("partita-first-frame");
      return;
    }
    const later = frame.time > this.first;
    if (!this.moved && (later || stage.moves)) {
      this.moved = true;
      performance.mark("partita-moving");
    }
    if (later) {
      this.first = Infinity;
      performance.mark("partita-running");
    }
  }
}
