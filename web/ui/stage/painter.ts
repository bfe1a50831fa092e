import { State, type Frame } from "../source/frame.ts";
import { Easel, fit, marksOf } from "./easel.ts";
import type { FarEasel } from "./far-easel.ts";
import type { Air } from "./flights.ts";
import type { Box } from "./labels.ts";
import { layout, type Layout } from "./layout.ts";
import { Plugs, plugsOf, type Plug, type Point } from "./plugs.ts";
import { Tape, type NamedMark } from "./tape.ts";
import { readPalette, type Palette } from "./theme.ts";

/** The parts of the stage that the painter draws on or measures. */
export interface Parts {
  stage: HTMLElement;
  scroll: HTMLElement;
  body: HTMLElement;
  room: HTMLElement; // where the tapes are
  tapes: HTMLCanvasElement;
  flights: HTMLCanvasElement;
  wires: SVGSVGElement;
}

/** A group that is pointed at, or one of its members; member -1 stands for all. */
export interface Pointed {
  group: number;
  member: number;
}

/** Canvases larger than this are drawn at a lower resolution. */
const pixelsMost = 16_000_000;
const manyWires = 24;
/** Without a new frame, what is in flight moves on for so long at most, in ms. */
const aheadMost = 1000;

/** Draws frames: tapes that changed, plugs, and everything in flight. */
export class Painter {
  layout: Layout | null = null;
  wide = false;
  pointed: Pointed | null = null;
  marks: NamedMark[][] = []; // by stave
  tapes: Tape[] = []; // by stave
  ahead = 0; // ms of the room's time that flights are drawn later than the frame
  age = 0; // ms that the next new frame has been on the page already

  private near: Easel; // draws on the page's own canvases
  private far: FarEasel | null = null; // draws in a worker, which is what a crowd needs
  private called = false; // far was
  private easel: Easel | FarEasel;
  private palette: Palette;
  private byName = new Map<string, Tape>();
  private plugs: Plugs;
  private lastPlugs: { plugs: Plug[]; keys: string[] } = { plugs: [], keys: [] };
  private anchors = new Map<string, Point>(); // of members
  private producers: (Point | undefined)[] = [];
  private offset: Point = { x: 0, y: 0 }; // of the tapes
  private ratio = 1;
  private drawnAt = 0;
  private freshAt = 0; // when the newest frame was first drawn
  private all = true; // every tape must be drawn
  private moving = false;
  private flies = false;
  private still = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(private parts: Parts) {
    this.palette = readPalette(parts.stage);
    this.plugs = new Plugs(parts.wires);
    this.easel = this.near = new Easel(parts.tapes, parts.flights);
    this.near.onagain = () => (this.all = true);
  }

  /** Ends what runs beside the page; from then on all is drawn here, until open. */
  close(): void {
    this.far?.close();
    this.far = null;
    this.easel = this.near;
  }

  /** A stage that was taken away and put back may have somebody draw elsewhere again. */
  open(): void {
    this.called = false;
  }

  readColours(): void {
    this.palette = readPalette(this.parts.stage);
  }

  point(pointed: Pointed | null): void {
    this.pointed = pointed;
    this.all = true;
  }

  /** Computes the layout anew and sizes the canvases. */
  arrange(frame: Frame): void {
    const { stage, scroll, body, room, tapes, flights } = this.parts;
    const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    this.wide = stage.clientWidth >= 720 * unit;
    stage.toggleAttribute("wide", this.wide);
    body.classList.toggle("alone", frame.producers.length === 0);
    const flows = getComputedStyle(scroll).overflowY === "visible";
    const l = layout({
      width: room.clientWidth,
      height: flows ? Infinity : scroll.clientHeight - 2 * 14 * unit,
      unit,
      topics: countStaves(frame),
      groups: mostMarks(frame),
      followers: mostFollowers(frame),
      wires: this.wide && frame.groups.length > 0,
      leaders: frame.brokers.length > 1,
      ratio: devicePixelRatio || 1,
    });
    this.layout = l;
    room.style.height = frame.topics.length > 0 ? `${l.height}px` : "auto"; // else what an empty stage says needs its room
    for (const head of room.querySelectorAll<HTMLElement>(".head")) {
      head.style.transform = `translateY(${l.heads[Number(head.dataset["topic"])] ?? 0}px)`;
    }
    for (const canvas of [flights, this.far?.canvas]) canvas?.style.setProperty("height", "0"); // it must not hold the body open
    const { clientWidth: width, scrollHeight: height } = body;
    this.ratio = Math.min(devicePixelRatio || 1, Math.sqrt(pixelsMost / Math.max(1, width * height)));
    const setting = {
      layout: l, palette: this.palette, ratio: this.ratio, unit, staves: frame.staves.length,
      tapes: { width: room.clientWidth, height: l.height }, flights: { width, height },
    };
    fit(tapes, setting.tapes);
    fit(flights, setting.flights);
    this.easel = this.easelFor(l);
    this.easel.arrange(setting);
    for (const tape of this.byName.values()) {
      tape.scroll = NaN;
      tape.strip = null;
    }
    this.all = true;
  }

  /** Small cells are a crowd's. Who draws them elsewhere is called when there is one, and until it comes they are drawn here. */
  private easelFor(l: Layout): Easel | FarEasel {
    const crowd = l.look === "mini" || l.look === "rail";
    if (crowd) this.call();
    if (crowd && this.far?.ready) return this.far;
    this.far?.rest();
    return this.near;
  }

  private call(): void {
    if (this.called) return;
    this.called = true;
    const again = (): void => void this.parts.stage.dispatchEvent(new Event("rearrange"));
    const failed = (): void => {
      this.close();
      again();
    };
    void import("./far-easel.ts").then(({ FarEasel, Grid }) => {
      this.near.gridClass = Grid;
      again();
      if (FarEasel.possible && !this.far && this.parts.stage.isConnected) this.far = new FarEasel(this.parts, this.near, { ready: again, again: () => (this.all = true), failed });
    });
  }

  /** Finds out where cards and members stand, for plugs and flights. */
  measure(frame: Frame): void {
    const body = this.parts.body.getBoundingClientRect();
    const room = this.parts.room.getBoundingClientRect();
    const offset = { x: room.left - body.left, y: room.top - body.top };
    this.all ||= offset.x !== this.offset.x || offset.y !== this.offset.y;
    this.offset = offset;
    this.anchors.clear();
    this.producers = frame.producers.map(() => undefined);
    if (!this.wide) return;
    for (const row of this.parts.body.querySelectorAll<HTMLElement>("[data-member]")) {
      const at = row.getBoundingClientRect();
      const card = row.closest(".card")!.getBoundingClientRect();
      this.anchors.set(row.dataset["member"]!, { x: card.left - body.left + 3, y: at.top - body.top + Math.min(at.height, 30) / 2 });
    }
    for (const card of this.parts.body.querySelectorAll<HTMLElement>("[data-producer]")) {
      const at = card.getBoundingClientRect();
      this.producers[Number(card.dataset["producer"])] = { x: at.right - body.left, y: at.top - body.top + at.height / 2 };
    }
  }

  /** Takes over the staves and marks of a new frame. */
  follow(frame: Frame): void {
    this.marks = marksOf(frame);
    this.tapes = frame.staves.map((stave, index) => {
      const name = `${frame.topics[stave.topic]?.name}/${stave.partition}`;
      let tape = this.byName.get(name);
      if (!tape) this.byName.set(name, (tape = new Tape()));
      tape.index = index;
      return tape;
    });
    if (this.byName.size > 2 * this.tapes.length + 64) this.byName.clear();
  }

  /** Draws what changed; fresh says that the frame is a new one. */
  paint(frame: Frame, fresh: boolean, now: number): void {
    const l = this.layout;
    if (!l || this.tapes.length !== frame.staves.length || l.staves.length !== frame.staves.length) return;
    const ms = Math.min(100, now - this.drawnAt);
    this.drawnAt = now;
    const staves = this.changed(frame, fresh, ms);
    if (fresh || this.moving || this.all) this.wire(frame, l, fresh, now);
    if (fresh || frame.paused) {
      this.freshAt = now - this.age;
      this.age = 0;
    }
    this.ahead = Math.min(aheadMost, now - this.freshAt) * (frame.speed / 1000);
    this.flies = frame.flights.length > 0 && !this.still.matches;
    const { all } = this;
    this.all = false;
    this.easel.draw({ frame, tapes: this.tapes, marks: this.marks, staves, dimmed: this.marks.map((_, i) => this.dims(i)), all, owners: !this.wide, offset: this.offset, air: this.air() });
  }

  /** The staves that look different now. */
  private changed(frame: Frame, fresh: boolean, ms: number): number[] {
    const l = this.layout!;
    const list: number[] = [];
    frame.staves.forEach((stave, i) => {
      const tape = this.tapes[i]!;
      const moved = tape.step(stave, Math.max(2, l.columns), ms, this.still.matches);
      if (!fresh && !moved && !this.all) return;
      if (!tape.changed(stave, this.marks[i]!, this.dims(i)) && !this.all) return;
      list.push(i);
    });
    return list;
  }

  private dims(index: number): boolean {
    return this.pointed !== null && !this.isPointed(this.marks[index]!);
  }

  /** The texts on the tapes, where they stand in the body. */
  texts(): Box[] {
    return this.easel.texts().map((b) => ({ ...b, x: b.x + this.offset.x, y: b.y + this.offset.y }));
  }

  private isPointed(marks: NamedMark[]): boolean {
    const p = this.pointed!;
    return marks.some((m) => m.group === p.group && (p.member < 0 || m.member === p.member));
  }

  private wire(frame: Frame, l: Layout, fresh: boolean, now: number): void {
    if (fresh) {
      this.lastPlugs = this.wide ? plugsOf(frame, l, this.offset, (g, m) => this.anchors.get(`${g}/${m}`)) : { plugs: [], keys: [] };
    }
    const gone = (plug: Plug): boolean => (frame.groups[plug.group]?.members[plug.member]?.state ?? State.active) >= State.frozen;
    const { plugs, keys } = this.lastPlugs;
    const p = this.pointed;
    const on = (plug: Plug): boolean => p !== null && plug.group === p.group && (p.member < 0 || plug.member === p.member);
    this.moving = this.plugs.update(plugs, keys, gone, on, now, this.still.matches);
    this.parts.wires.classList.toggle("many", plugs.length > manyWires);
    this.parts.wires.classList.toggle("pointed", p !== null);
  }

  /** Where what is in flight goes; null while nothing is. */
  air(): Air | null {
    if (!this.flies || !this.layout) return null;
    return { layout: this.layout, offset: this.offset, wires: this.wide, tapes: this.tapes, ahead: this.ahead, producers: this.producers, members: this.anchors };
  }
}

/** The most groups that stand in one stave. */
export function mostMarks(frame: Frame): number {
  const counts = new Uint16Array(frame.staves.length);
  for (const mark of frame.marks) counts[mark.stave] = (counts[mark.stave] ?? 0) + 1;
  return Math.max(0, ...counts);
}

/** The most replicas of a stave besides the partition leader. */
export function mostFollowers(frame: Frame): number {
  return frame.staves.reduce((most, stave) => Math.max(most, stave.replicas.length - 1), 0);
}

/** Staves of each topic. */
export function countStaves(frame: Frame): number[] {
  const counts = frame.topics.map(() => 0);
  for (const stave of frame.staves) counts[stave.topic] = (counts[stave.topic] ?? 0) + 1;
  return counts;
}
