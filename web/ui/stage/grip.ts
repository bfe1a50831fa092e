import { words } from "../lang/grip.ts";
import { wear } from "../panel/wear.ts";
import { Kind, State, type Frame } from "../source/frame.ts";
import css from "./grip.lazy.css";
import type { Thing } from "./hit.ts";
import { clamp } from "./layout.ts";
import { rowY } from "./marks.ts";
import type { Painter } from "./painter.ts";
import { xOf, type NamedMark } from "./tape.ts";

wear(css);

/** A mark that one can take hold of: a group's committed offset or its owner's position. */
export interface Handle {
  what: "committed" | "position";
  stave: number; // index into the frame's staves
  mark: NamedMark;
  offset: number;
  x: number; // in the room of the tapes
  y: number;
}

/** Makes a line of script of words. */
type Line = (words: string[]) => string;

/** What the stage does for a grip. */
export interface Holder {
  stage: HTMLElement;
  painter: Painter;
  frame(): Frame;
  /** Runs a line; gives what was wrong, or nothing. */
  act(line: string): Promise<string>;
  line: Line;
  /** Asks why a thing is as it is. */
  pick(thing: Thing): void;
  /** What one would tell Kafka instead. */
  same(line: string): Promise<string>;
  tell(lines: { text: string; look?: string }[], x: number, y: number): void;
}

/** The pointer takes hold of a mark from so far, in px: a finger from further, a tick among small cells from nearer. */
const reach = { mouse: 13, touch: 24, tick: 5 };
/** So many groups have a tick where there is no room for rows (marks.ts). */
const ticksMost = 4;

/** The handles of one stave, in the order in which the keyboard visits them. */
export function handlesOf(frame: Frame, painter: Painter, index: number): Handle[] {
  const l = painter.layout;
  const box = l?.staves[index];
  const stave = frame.staves[index];
  if (!l || !box || !stave) return [];
  const list: Handle[] = [];
  (painter.marks[index] ?? []).slice(0, l.rowH > 0 ? l.rows : ticksMost).forEach((mark, row) => {
    const y = l.rowH > 0 ? rowY(l, box, row) : box.cells + l.cellH / 2;
    const add = (what: Handle["what"], offset: number): void => {
      list.push({ what, stave: index, mark, offset, y, x: clamp(xOf(offset, stave, painter.tapes[index]!.scroll, l), l.left, l.right) });
    };
    add("committed", Math.max(0, mark.committed < 0 ? stave.logStart : mark.committed));
    if (mark.position >= 0) add("position", mark.position);
  });
  return list;
}

/** The handle under the pointer. Where both stand together, the flag is above the diamond. */
export function handleAt(frame: Frame, painter: Painter, x: number, y: number, touch: boolean): Handle | null {
  const l = painter.layout;
  const index = l?.staves.findIndex((box) => y >= box.top && y < box.bottom) ?? -1;
  const ticks = l?.rowH === 0;
  let best: Handle | null = null;
  let least = touch ? reach.touch : ticks ? reach.tick : reach.mouse;
  for (const h of handlesOf(frame, painter, index)) {
    if (ticks && h.what === "position") continue; // it is not drawn there
    const dy = ticks ? 0 : y - h.y + (h.what === "committed" ? 5 : -1);
    const dx = x - h.x + (h.what === "committed" && !ticks ? 3 : 0);
    const d = Math.hypot(dx, dy);
    if (d < least) {
      best = h;
      least = d;
    }
  }
  return best;
}

/** The line that moving a handle to an offset stands for; empty when nothing can move it. */
export function lineFor(frame: Frame, h: Handle, offset: number, line: Line): string {
  const stave = frame.staves[h.stave]!;
  const partition = `${frame.topics[stave.topic]?.name ?? ""}-${stave.partition}`;
  const group = frame.groups[h.mark.group];
  const owner = group?.members[h.mark.member];
  const ours = owner && owner.kind === Kind.sim && owner.state <= State.idle;
  if (h.what === "position") return ours ? line(["consumer", "seek", owner.name, partition, String(offset)]) : "";
  if (ours && offset === (h.mark.processed >= 0 ? h.mark.processed : h.mark.position)) return line(["consumer", "commit", owner.name]);
  return line(["group", "reset", h.mark.groupName, partition, String(offset)]);
}

/** A handle in somebody's hand, or under the keyboard. */
export class Grip {
  private node = document.createElement("div");
  private held: Handle | null = null;
  private offset = 0;
  dragged = false; // the pointer has moved a mark since it was pressed
  private asked = "";
  private same = "";
  private toldAt = -1; // x of the mark in the room when its card was last placed

  private readonly room: HTMLElement;

  constructor(private holder: Holder) {
    this.room = holder.stage.querySelector(".tape-room")!;
    this.node.className = "grip";
    this.node.tabIndex = -1;
    this.node.setAttribute("role", "slider");
    this.node.append(document.createElement("span"), document.createElement("i"));
    this.node.addEventListener("keydown", this.keys);
    this.node.addEventListener("blur", () => this.release());
  }

  get holds(): boolean {
    return this.held !== null;
  }

  take(h: Handle, focus: boolean): void {
    const stave = this.holder.frame().staves[h.stave]!;
    const partition = `${this.holder.frame().topics[stave.topic]?.name ?? ""}-${stave.partition}`;
    this.held = h;
    this.node.classList.remove("g1", "g2", "g3", "g4");
    this.node.classList.add(`g${h.mark.hue}`);
    this.node.setAttribute("aria-label", h.what === "committed" ? words.committed(h.mark.groupName, partition) : words.position(h.mark.owner || h.mark.groupName, partition));
    if (!this.node.isConnected) this.room.append(this.node);
    this.move(h.offset);
    if (focus) {
      this.node.tabIndex = 0;
      this.node.focus();
    }
  }

  private under(event: PointerEvent): Handle | null {
    const at = this.room.getBoundingClientRect();
    return handleAt(this.holder.frame(), this.holder.painter, event.clientX - at.left, event.clientY - at.top, event.pointerType === "touch");
  }

  hover(event: PointerEvent): void {
    this.room.classList.toggle("grasp", this.under(event) !== null);
  }

  /** A press on a flag or a diamond takes hold of it. */
  press(event: PointerEvent, room: HTMLElement): void {
    this.dragged = false;
    const handle = event.button === 0 ? this.under(event) : null;
    if (!handle) return;
    try {
      if (event.pointerType !== "touch") room.setPointerCapture(event.pointerId); // a finger stays where it began by itself
    } catch {
      return; // it is up again already
    }
    const move = (e: PointerEvent): void => {
      if (!this.dragged && Math.abs(e.clientX - event.clientX) < 3) return;
      if (!this.dragged) this.take(handle, false);
      this.dragged = true;
      this.move(this.offsetAt(e.clientX - room.getBoundingClientRect().left));
    };
    const end = (e: PointerEvent): void => {
      room.removeEventListener("pointermove", move);
      room.removeEventListener("pointerup", end);
      room.removeEventListener("pointercancel", end);
      if (!this.dragged) return;
      if (e.type === "pointerup") void this.apply();
      else this.release();
    };
    room.addEventListener("pointermove", move);
    room.addEventListener("pointerup", end);
    room.addEventListener("pointercancel", end);
  }

  /** The keyboard goes to the marks of the stave that it stands in. */
  enter(at: Thing | null): void {
    const frame = this.holder.frame();
    const index = frame.staves.findIndex((s) => at?.kind === "cell" && s.partition === at.partition && frame.topics[s.topic]?.name === at.topic);
    const first = handlesOf(frame, this.holder.painter, Math.max(0, index))[0];
    if (first) this.take(first, true);
  }

  /** The offset whose edge is nearest to an x in the room. */
  offsetAt(x: number): number {
    const { painter } = this.holder;
    const l = painter.layout!;
    const h = this.held!;
    const stave = this.holder.frame().staves[h.stave]!;
    // A rail is the whole log, from its start to its end.
    if (l.columns === 0) return Math.round(stave.logStart + ((x - l.left) / (l.right - l.left)) * Math.max(1, stave.leo - stave.logStart));
    return Math.round(painter.tapes[h.stave]!.scroll + (x - l.left) / l.cellW);
  }

  move(offset: number): void {
    const h = this.held;
    const frame = this.holder.frame();
    const stave = h && frame.staves[h.stave];
    if (!h || !stave) return;
    this.offset = clamp(offset, stave.logStart, stave.leo);
    const line = lineFor(frame, h, this.offset, this.holder.line);
    const moved = this.offset !== h.offset;
    this.node.firstElementChild!.textContent = String(this.offset);
    this.node.setAttribute("aria-valuemin", String(stave.logStart));
    this.node.setAttribute("aria-valuemax", String(stave.leo));
    this.node.setAttribute("aria-valuenow", String(this.offset));
    this.node.setAttribute("aria-valuetext", !line ? words.fixed : moved ? words.to(this.offset, line) : words.now(this.offset));
    this.place();
    if (moved && line) void this.equal(line);
    this.tell();
  }

  /** Follows the tape, which glides on below. */
  place(): void {
    const h = this.held;
    const { painter } = this.holder;
    const l = painter.layout;
    const stave = h && this.holder.frame().staves[h.stave];
    const box = h && l?.staves[h.stave];
    if (!h || !stave || !box || !l) return;
    const x = clamp(xOf(this.offset, stave, painter.tapes[h.stave]!.scroll, l), l.left, l.right);
    const top = box.cells - 4;
    this.node.style.transform = `translate(${x}px, ${top}px)`;
    this.node.style.setProperty("--high", `${Math.max(8, h.y - top)}px`);
    if (Math.abs(x - this.toldAt) > 12 && this.toldAt >= 0) this.tell();
  }

  private tell(wrong = ""): void {
    const h = this.held;
    if (!h) return;
    const line = lineFor(this.holder.frame(), h, this.offset, this.holder.line);
    const lines: { text: string; look?: string }[] = [{ text: this.node.getAttribute("aria-label")! }];
    if (!line) lines.push({ text: words.fixed, look: "wrong" });
    else if (this.offset === h.offset) lines.push({ text: words.how });
    else lines.push({ text: line, look: "code" });
    if (line && this.offset !== h.offset && this.asked === line && this.same) lines.push({ text: this.same, look: "code kafka" });
    if (wrong) lines.push({ text: wrong, look: "wrong" });
    const at = this.node.getBoundingClientRect();
    this.toldAt = at.x - this.room.getBoundingClientRect().x;
    this.holder.tell(lines, at.x, at.y + Math.max(40, h.y - (this.holder.painter.layout!.staves[h.stave]!.cells - 4)) + 6);
  }

  /** Asks once for each line what it equals in Kafka. */
  private async equal(line: string): Promise<void> {
    if (this.asked === line) return;
    this.asked = line;
    this.same = "";
    const same = await this.holder.same(line);
    if (this.asked !== line) return;
    this.same = same;
    this.tell();
  }

  /** Does it. When it is refused the reason stands at the mark. */
  async apply(): Promise<void> {
    const h = this.held;
    if (!h) return;
    const line = lineFor(this.holder.frame(), h, this.offset, this.holder.line);
    if (!line || this.offset === h.offset) {
      if (!this.node.matches(":focus")) this.release();
      return;
    }
    const wrong = await this.holder.act(line);
    if (wrong) {
      this.holder.stage.dispatchEvent(new CustomEvent<string>("say", { detail: wrong, bubbles: true }));
      this.tell(wrong);
      return;
    }
    h.offset = this.offset;
    this.tell();
    if (!this.node.matches(":focus")) this.release();
  }

  release(): void {
    if (!this.held) return;
    this.held = null;
    this.toldAt = -1;
    this.node.remove();
    this.holder.tell([], 0, 0);
  }

  private keys = (event: KeyboardEvent): void => {
    const stave = this.held && this.holder.frame().staves[this.held.stave];
    if (!this.held || !stave) return;
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (step !== undefined) this.move(this.offset + step);
    else if (event.key === "Home") this.move(stave.logStart);
    else if (event.key === "End") this.move(stave.leo);
    else if (event.key === "Enter") void this.apply();
    else if (event.key === "m" || event.key === "M") this.next();
    else if (event.key === "w" || event.key === "W") this.why();
    else if (event.key === "Escape") this.holder.stage.querySelector<HTMLElement>(".stage-scroll")!.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Asks why the mark stands where it does. */
  private why(): void {
    const h = this.held!;
    const frame = this.holder.frame();
    const stave = frame.staves[h.stave]!;
    this.holder.pick({ kind: "mark", topic: frame.topics[stave.topic]?.name ?? "", partition: stave.partition, group: h.mark.groupName });
  }

  /** The next handle of the stave. */
  private next(): void {
    const h = this.held!;
    const list = handlesOf(this.holder.frame(), this.holder.painter, h.stave);
    const at = list.findIndex((o) => o.what === h.what && o.mark.groupName === h.mark.groupName);
    const next = list[(at + 1) % Math.max(1, list.length)];
    if (next) this.take(next, true);
  }
}
