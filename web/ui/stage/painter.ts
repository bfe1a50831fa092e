import { State, type Frame } from "../source/frame.ts";
import { Flown, drawFlights, type Sky } from "./flights.ts";
import type { Grid } from "./grid.ts";
import { Labels, type Box } from "./labels.ts";
import { layout, type Layout } from "./layout.ts";
import { Plugs, plugsOf, type Plug, type Point } from "./plugs.ts";
import { Sprites } from "./sprites.ts";
import { Tape, drawStave, type Brush, type NamedMark } from "./tape.ts";
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

  private labels: Labels[] = []; // by stave
  private grid: Grid | null = null;
  private gridClass: typeof Grid | null = null;
  private palette: Palette;
  private sprites!: Sprites; // of cells
  private small!: Sprites; // of cells in flight
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
  private flown = new Flown();
  private still = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(private parts: Parts) {
    this.palette = readPalette(parts.stage);
    this.plugs = new Plugs(parts.wires);
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
    size(flights, 0, 0, 1); // it must not hold the body open
    const { clientWidth: width, scrollHeight: height } = body;
    this.ratio = Math.min(devicePixelRatio || 1, Math.sqrt(pixelsMost / Math.max(1, width * height)));
    size(tapes, room.clientWidth, l.height, this.ratio);
    size(flights, width, height, this.ratio);
    const gap = Math.max(1, Math.min(3 * l.unit, l.cellW * 0.12));
    this.sprites = new Sprites(l.cellW - gap, l.cellH, this.ratio, this.palette);
    const fly = Math.max(10 * unit, Math.min(22 * l.unit, l.cellH * 0.75));
    this.small = new Sprites(fly, fly, this.ratio, this.palette);
    if (l.look === "mini") this.loadGrid();
    this.grid = l.look === "mini" && this.gridClass ? new this.gridClass(l, frame.staves.length, this.ratio, this.palette) : null;
    this.labels = frame.staves.map(() => new Labels());
    for (const tape of this.byName.values()) {
      tape.scroll = NaN;
      tape.strip = null;
    }
    this.flown.clear();
    this.all = true;
  }

  /** Small cells are a crowd's: what draws them is loaded when there is one. */
  private loadGrid(): void {
    if (this.gridClass) return;
    void import("./grid.ts").then(({ Grid: made }) => {
      if (this.gridClass) return;
      this.gridClass = made;
      this.parts.stage.dispatchEvent(new Event("rearrange"));
    });
  }

  /** Finds out where cards and members stand, for plugs and flights. */
  measure(frame: Frame): void {
    const body = this.parts.body.getBoundingClientRect();
    const room = this.parts.room.getBoundingClientRect();
    this.offset = { x: room.left - body.left, y: room.top - body.top };
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
    this.marks = frame.staves.map(() => []);
    for (const mark of frame.marks) {
      const group = frame.groups[mark.group];
      if (!group) continue;
      this.marks[mark.stave]?.push({ ...mark, groupName: group.name, owner: group.members[mark.member]?.name ?? "", hue: group.hue });
    }
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
    const brush: Brush = {
      ctx: this.parts.tapes.getContext("2d")!, layout: l, palette: this.palette, sprites: this.sprites, labels: this.labels[0] ?? new Labels(), grid: this.grid,
      width: this.parts.tapes.width / this.ratio, owners: !this.wide, brokers: frame.brokers.length > 1,
      again: () => (this.all = true),
    };
    for (const index of this.changed(frame, fresh, ms)) {
      if (this.all) this.tapes[index]!.labelled = null;
      brush.labels = this.labels[index]!;
      drawStave(brush, l.staves[index]!, frame.staves[index]!, this.tapes[index]!, this.marks[index]!, this.dims(index));
    }
    if (fresh || this.moving || this.all) this.wire(frame, l, fresh, now);
    this.all = false;
    if (fresh || frame.paused) {
      this.freshAt = now - this.age;
      this.age = 0;
    }
    this.ahead = Math.min(aheadMost, now - this.freshAt) * (frame.speed / 1000);
    this.fly(frame);
  }

  /** The staves that look different now; their small cells are taken over on the way. */
  private changed(frame: Frame, fresh: boolean, ms: number): number[] {
    const l = this.layout!;
    const list: number[] = [];
    frame.staves.forEach((stave, i) => {
      const tape = this.tapes[i]!;
      const moved = tape.step(stave, Math.max(2, l.columns), ms, this.still.matches);
      if (!fresh && !moved && !this.all) return;
      if (!tape.changed(stave, this.marks[i]!, this.dims(i)) && !this.all) return;
      list.push(i);
      this.grid?.take(i, stave, Math.max(stave.first, Math.floor(tape.scroll)), stave.first + stave.cells.length);
    });
    return list;
  }

  private dims(index: number): boolean {
    return this.pointed !== null && !this.isPointed(this.marks[index]!);
  }

  /** The texts on the tapes, where they stand in the body. */
  texts(): Box[] {
    return this.labels.flatMap((labels) => labels.boxes.map((b) => ({ ...b, x: b.x + this.offset.x, y: b.y + this.offset.y })));
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

  private fly(frame: Frame): void {
    this.flown.wipe(this.parts.flights.getContext("2d")!);
    this.flies = frame.flights.length > 0 && !this.still.matches;
    const sky = this.sky();
    if (sky) drawFlights(sky, frame);
  }

  /** What flights are drawn with; null while none are. */
  sky(): Sky | null {
    if (!this.flies || !this.layout) return null;
    return {
      ctx: this.parts.flights.getContext("2d")!, layout: this.layout, palette: this.palette, sprites: this.small, offset: this.offset, wires: this.wide, tapes: this.tapes, ahead: this.ahead, flown: this.flown,
      producer: (index) => this.producers[index],
      member: (group, member) => this.anchors.get(`${group}/${member}`),
    };
  }
}

function size(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): void {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.getContext("2d")!.scale(ratio, ratio);
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
