import { Flying, byHand, hueOf, type Flight, type Frame } from "../source/frame.ts";
import type { Layout } from "./layout.ts";
import { along, socket, type Point } from "./plugs.ts";
import { followers, railY } from "./rails.ts";
import { Face, type Sprites } from "./sprites.ts";
import { xOf, type Tape } from "./tape.ts";
import type { Palette } from "./theme.ts";

/** Where everything is that something flies from or to. */
export interface Air {
  layout: Layout;
  offset: Point; // of the tapes on the canvas
  wires: boolean;
  tapes: Tape[]; // by stave
  ahead: number; // ms of the room's time since the frame was made
  producers: (Point | undefined)[];
  members: Map<string, Point>; // by "group/member", their numbers in the frame
}

/** That, and what draws there. */
export interface Sky extends Air {
  ctx: CanvasRenderingContext2D;
  palette: Palette;
  sprites: Sprites; // of moving cells
  flown: Flown;
}

/**
 * Where something is drawn that will move: only that is wiped before the next picture, for
 * the canvas is as large as the stage.
 */
export class Flown {
  private rects: number[] = []; // x, y, width, height of each

  add(x: number, y: number, w: number, h: number): void {
    this.rects.push(x, y, w, h);
  }

  /** Gives the rectangles away: four numbers each. */
  take(): number[] {
    const { rects } = this;
    this.rects = [];
    return rects;
  }

  /** The canvas is empty. */
  clear(): void {
    this.rects.length = 0;
  }

  /** Wipes each of them, or what holds them all where that is less. */
  wipe(ctx: CanvasRenderingContext2D): void {
    const { rects } = this;
    if (rects.length === 0) return;
    let left = Infinity, top = Infinity, right = 0, bottom = 0, area = 0;
    for (let i = 0; i < rects.length; i += 4) {
      const x = rects[i]!, y = rects[i + 1]!, w = rects[i + 2]!, h = rects[i + 3]!;
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x + w);
      bottom = Math.max(bottom, y + h);
      area += w * h;
    }
    if (area < (right - left) * (bottom - top)) {
      for (let i = 0; i < rects.length; i += 4) ctx.clearRect(rects[i]!, rects[i + 1]!, rects[i + 2]!, rects[i + 3]!);
    } else {
      left = Math.floor(left);
      top = Math.floor(top);
      ctx.clearRect(left, top, Math.ceil(right) - left, Math.ceil(bottom) - top);
    }
    this.clear();
  }
}

/** Dots of each hue: what is drawn in one colour is drawn together. */
class Dots {
  private of: number[][] = []; // by hue: x, y

  constructor(private sky: Sky, private size: number) {}

  put(cell: number, { x, y }: Point): void {
    (this.of[hueOf(cell)] ??= []).push(x, y);
  }

  /** Draws them on whole device pixels, which takes no blending. */
  draw(): void {
    const { ctx, palette, flown, sprites: { ratio } } = this.sky;
    const whole = (v: number): number => Math.round(v * ratio) / ratio;
    const size = Math.max(1 / ratio, whole(this.size));
    this.of.forEach((list, hue) => {
      ctx.fillStyle = palette.keys[hue] ?? palette.keys[0]!;
      for (let i = 0; i < list.length; i += 2) {
        const x = whole(list[i]! - size / 2);
        const y = whole(list[i + 1]! - size / 2);
        ctx.fillRect(x, y, size, size);
        flown.add(x, y, size, size);
      }
    });
  }
}

/** Above so many flights only dots are drawn, and no paths. */
const manyFlights = 120;

/** Draws everything that moves, on a canvas of its own. */
export function drawFlights(sky: Sky, frame: Frame): void {
  const { ctx, layout: l } = sky;
  const dots = new Dots(sky, Math.max(5, Math.min(9, l.cellH * 0.8)));
  const ticks = new Dots(sky, 5 * l.unit); // of replication
  const put = (flight: Flight, at: Point): void => (many ? dots.put(flight.cell, at) : place(sky, flight, at));
  const many = frame.flights.length > manyFlights || sky.layout.look === "mini" || sky.layout.look === "rail";
  const routes = new Map<number, Route>(); // one for all that go from a producer to a stave
  for (const flight of frame.flights) {
    if (!frame.staves[flight.stave] || !sky.layout.staves[flight.stave]) continue;
    const t = farOf(sky, flight);
    if (flight.kind === Flying.produce) {
      const way = flight.producer * 70000 + flight.stave;
      let route = routes.get(way);
      if (!route) {
        routes.set(way, (route = routeOf(sky, frame, flight)));
        if (!many) drawPath(sky, route);
      }
      const at = pointOn(route, t);
      if (seen(sky, at)) put(flight, at);
    } else if (flight.kind === Flying.replica) {
      const at = replicaSpot(sky, frame, flight, t);
      if (at) ticks.put(flight.cell, at);
    } else if (sky.wires) {
      const at = fetchSpot(sky, frame, flight, t);
      if (at) put(flight, at);
    }
  }
  ctx.globalAlpha = 1;
  ticks.draw();
  dots.draw();
}

/** How far a flight is: 0 where it left, 1 where it arrives. */
const farOf = (air: Air, f: Flight): number => Math.min(1, f.progress / 65535 + air.ahead / Math.max(1, f.lasts));

/** Where labels stand close, a record is not drawn while it crosses their column. */
const seen = ({ layout: { look, left }, offset }: Air, at: Point): boolean => look === "full" || at.x < offset.x || at.x > offset.x + left - 4;

/** Where the middle of a flight is drawn; null when it is not. */
export function spotOf(air: Air, frame: Frame, flight: Flight): Point | null {
  if (!frame.staves[flight.stave] || !air.layout.staves[flight.stave]) return null;
  const t = farOf(air, flight);
  if (flight.kind === Flying.replica) return replicaSpot(air, frame, flight, t);
  if (flight.kind === Flying.fetch) return air.wires ? fetchSpot(air, frame, flight, t) : null;
  const at = pointOn(routeOf(air, frame, flight), t);
  return seen(air, at) ? at : null;
}

/** On the plug from the end of a stave to a member. */
function fetchSpot(air: Air, frame: Frame, flight: Flight, t: number): Point | null {
  const to = air.members.get(`${flight.group}/${flight.member}`);
  const at = socket(air.layout, flight.stave, flight.group, frame.groups.length);
  return to ? along({ x: air.offset.x + at.x, y: air.offset.y + at.y }, to, t) : null;
}

/** On the way from the partition leader's tape down to a follower's rail. */
function replicaSpot(air: Air, frame: Frame, flight: Flight, t: number): Point | null {
  const { layout: l, offset } = air;
  const stave = frame.staves[flight.stave]!;
  const box = l.staves[flight.stave]!;
  const index = followers(stave).findIndex((r) => r.broker === flight.to);
  const replica = followers(stave)[index];
  if (!replica || index >= l.rails) return null;
  const scroll = air.tapes[flight.stave]?.scroll ?? stave.first;
  const x = Math.min(l.right, Math.max(l.left, xOf(replica.leo, stave, scroll, l) + l.cellW / 2));
  const from = box.cells + l.cellH;
  return { x: offset.x + x, y: offset.y + from + (railY(l, box, index) - from) * t };
}

/** From a producer along the top of the stave and down into the slot at its log end. */
interface Route {
  points: Point[]; // corners, which are rounded
  lengths: number[]; // of the parts between them
  whole: number;
}

function routeOf(air: Air, frame: Frame, flight: Flight): Route {
  const { layout: l, offset } = air;
  const u = l.unit;
  const box = l.staves[flight.stave]!;
  const stave = frame.staves[flight.stave]!;
  const scroll = air.tapes[flight.stave]?.scroll ?? stave.first;
  const slot = offset.x + Math.min(xOf(stave.leo, stave, scroll, l) + l.cellW / 2, l.right);
  const top = offset.y + box.cells;
  const lane = top - (l.look === "full" ? 27 : 6) * u;
  const from = flight.producer === byHand ? undefined : air.producers[flight.producer];
  const points: Point[] = [];
  if (from) {
    // Down beside the cards, then over the stave: never across the labels left of it.
    const bus = (from.x + offset.x) / 2;
    points.push(from, { x: bus, y: from.y }, { x: bus, y: lane });
  } else {
    points.push({ x: offset.x + l.left - 16 * u, y: lane });
  }
  points.push({ x: slot, y: lane }, { x: slot, y: top + l.cellH / 2 });
  const lengths = points.slice(1).map((p, i) => Math.hypot(p.x - points[i]!.x, p.y - points[i]!.y));
  return { points, lengths, whole: lengths.reduce((a, b) => a + b, 0) };
}

/** Corners are rounded by this much at most, in px. */
const roundMost = 14;

function pointOn({ points, lengths, whole }: Route, t: number): Point {
  let way = t * whole;
  let i = 0;
  while (i < lengths.length - 1 && way > lengths[i]!) way -= lengths[i++]!;
  const length = lengths[i]!;
  const a = points[i]!;
  const z = points[i + 1]!;
  const at = { x: a.x + ((z.x - a.x) * way) / Math.max(1, length), y: a.y + ((z.y - a.y) * way) / Math.max(1, length) };
  // Near a corner the way bends from one part into the next.
  const bend = (corner: Point, far: Point, near: number, room: number): Point => {
    const r = Math.min(roundMost, room);
    if (near >= r) return at;
    const s = (0.5 * (r - near) * (r - near)) / (2 * r);
    const d = Math.max(1, Math.hypot(far.x - corner.x, far.y - corner.y));
    return { x: at.x + ((far.x - corner.x) / d) * s, y: at.y + ((far.y - corner.y) / d) * s };
  };
  if (i + 2 < points.length && length - way < way) return bend(z, points[i + 2]!, length - way, Math.min(length, lengths[i + 1]!) / 2);
  if (i > 0) return bend(a, points[i - 1]!, way, Math.min(length, lengths[i - 1]!) / 2);
  return at;
}

function drawPath(sky: Sky, route: Route): void {
  const { ctx, palette, layout: l, flown } = sky;
  ctx.strokeStyle = palette.rule2;
  ctx.lineWidth = 1.8 * l.unit;
  ctx.lineCap = "round";
  ctx.setLineDash([0.01, 5.5 * l.unit]);
  ctx.beginPath();
  const { points, lengths } = route;
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const air = 2 * l.unit;
  flown.add(Math.min(...xs) - air, Math.min(...ys) - air, Math.max(...xs) - Math.min(...xs) + 2 * air, Math.max(...ys) - Math.min(...ys) + 2 * air);
  ctx.moveTo(points[0]!.x, points[0]!.y);
  for (let i = 1; i < points.length; i++) {
    const z = points[i + 1];
    const r = z ? Math.min(roundMost, lengths[i - 1]! / 2, lengths[i]! / 2) : 0;
    if (z) ctx.arcTo(points[i]!.x, points[i]!.y, z.x, z.y, r);
    else ctx.lineTo(points[i]!.x, points[i]!.y);
  }
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineCap = "butt";
}

function place(sky: Sky, flight: Flight, at: Point): void {
  const { ctx, palette, sprites, layout: l, flown } = sky;
  const x = at.x - sprites.width / 2;
  const y = at.y - sprites.height / 2;
  if (flight.records > 1) {
    ctx.globalAlpha = 0.6;
    sprites.draw(ctx, flight.cell, Face.plain, x + 3 * l.unit, y - 3 * l.unit);
    ctx.globalAlpha = 1;
  }
  sprites.draw(ctx, flight.cell, Face.plain, x, y);
  flown.add(x - 1, y - 3 * l.unit - 1, sprites.width + 3 * l.unit + 2, sprites.height + 3 * l.unit + 2);
  if (flight.records > 1) {
    const text = `×${flight.records}`;
    ctx.font = `600 ${9.5 * l.unit}px ${palette.mono}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    const w = ctx.measureText(text).width;
    ctx.fillStyle = palette.paper;
    ctx.fillRect(x + sprites.width + 3 * l.unit, at.y - 6 * l.unit, w + 3, 12 * l.unit);
    flown.add(x + sprites.width, at.y - 6 * l.unit - 1, w + 6 * l.unit + 5, 12 * l.unit + 2);
    ctx.fillStyle = palette.ink2;
    ctx.fillText(text, x + sprites.width + 4 * l.unit, at.y + 0.5);
  }
}
