import type { Frame } from "../source/frame.ts";
import type { Layout } from "./layout.ts";

export interface Point {
  x: number;
  y: number;
}

/** A curve from the end of a stave to the member that owns it. */
export interface Plug {
  from: Point;
  to: Point;
  hue: number;
  group: number;
  member: number;
  stave: number;
}

const glideMs = 320;
const svgName = "http://www.w3.org/2000/svg";

interface Wire {
  path: SVGPathElement;
  plug: Plug;
  start: Point; // where its free end was when it began to move
  since: number;
  drawn: string;
}

/** The plugs on the stage: SVG, because they are few, and styled by the style sheet. */
export class Plugs {
  private wires = new Map<string, Wire>();

  constructor(private svg: SVGSVGElement) {}

  /**
   * Puts every plug where it belongs; a plug whose owner changed glides to the new one.
   * True while one is moving.
   */
  update(
    plugs: Plug[], keys: string[], gone: (plug: Plug) => boolean, on: (plug: Plug) => boolean, now: number, still: boolean,
  ): boolean {
    let moving = false;
    const wanted = new Set(keys);
    for (const [key, wire] of this.wires) {
      if (!wanted.has(key)) {
        wire.path.remove();
        this.wires.delete(key);
      }
    }
    plugs.forEach((plug, i) => {
      const key = keys[i]!;
      let wire = this.wires.get(key);
      if (!wire) {
        const path = document.createElementNS(svgName, "path");
        this.svg.append(path);
        wire = { path, plug, start: plug.to, since: -Infinity, drawn: "" };
        this.wires.set(key, wire);
      }
      if (wire.plug.member !== plug.member || wire.plug.to.y !== plug.to.y) {
        wire.start = this.end(wire, now);
        wire.since = now;
      }
      wire.plug = plug;
      if (still) wire.since = -Infinity;
      if (now - wire.since < glideMs) moving = true;
      const d = curve(plug.from, this.end(wire, now));
      if (d !== wire.drawn) wire.path.setAttribute("d", (wire.drawn = d));
      const name = `wire g${plug.hue}${gone(plug) ? " gone" : ""}${on(plug) ? " on" : ""}`;
      if (wire.path.getAttribute("class") !== name) wire.path.setAttribute("class", name);
    });
    return moving;
  }

  private end(wire: Wire, now: number): Point {
    const t = Math.min(1, (now - wire.since) / glideMs);
    const ease = t * t * (3 - 2 * t);
    const { to } = wire.plug;
    return { x: to.x, y: wire.start.y + (to.y - wire.start.y) * ease };
  }
}

/** The sockets at the end of a stave: one for each group, one above the other. */
export function socket(l: Layout, stave: number, row: number, rows: number): Point {
  const box = l.staves[stave]!;
  const spread = Math.min(8 * l.unit, l.cellH / Math.max(1, rows));
  return { x: l.right + 8 * l.unit, y: box.cells + l.cellH / 2 + (row - (rows - 1) / 2) * spread };
}

/** Which marks of a frame have an owner, as plugs; anchor says where a member stands. */
export function plugsOf(
  frame: Frame, l: Layout, offset: Point, anchor: (group: number, member: number) => Point | undefined,
): { plugs: Plug[]; keys: string[] } {
  const plugs: Plug[] = [];
  const keys: string[] = [];
  const rows = frame.groups.length;
  for (const mark of frame.marks) {
    const stave = frame.staves[mark.stave];
    if (mark.member < 0 || !stave || !l.staves[mark.stave]) continue;
    const to = anchor(mark.group, mark.member);
    const group = frame.groups[mark.group];
    if (!to || !group) continue;
    const at = socket(l, mark.stave, mark.group, rows);
    plugs.push({ from: { x: offset.x + at.x, y: offset.y + at.y }, to, hue: group.hue, group: mark.group, member: mark.member, stave: mark.stave });
    keys.push(`${frame.topics[stave.topic]?.name}/${stave.partition}/${group.name}`);
  }
  return { plugs, keys };
}

const r = (n: number): number => Math.round(n * 10) / 10;

function controls(a: Point, z: Point): [Point, Point] {
  const bend = Math.max(20, (z.x - a.x) * 0.62);
  return [{ x: a.x + bend, y: a.y }, { x: z.x - bend, y: z.y }];
}

function curve(a: Point, z: Point): string {
  const [b, c] = controls(a, z);
  return `M${r(a.x)} ${r(a.y)}C${r(b.x)} ${r(b.y)} ${r(c.x)} ${r(c.y)} ${r(z.x)} ${r(z.y)}`;
}

/** A point on a plug, t from 0 at the stave to 1 at the member. */
export function along(a: Point, z: Point, t: number): Point {
  const [b, c] = controls(a, z);
  const s = 1 - t;
  const k0 = s * s * s;
  const k1 = 3 * s * s * t;
  const k2 = 3 * s * t * t;
  const k3 = t * t * t;
  return { x: k0 * a.x + k1 * b.x + k2 * c.x + k3 * z.x, y: k0 * a.y + k1 * b.y + k2 * c.y + k3 * z.y };
}
