import { words as more } from "../lang/aim.ts";
import { words as numbers } from "../lang/numbers.ts";
import { words } from "../lang/stage.ts";
import { Cell, Flying, byHand, letterOf, type Flight, type Frame, type Stave } from "../source/frame.ts";
import { spotOf } from "./flights.ts";
import type { Thing } from "./hit.ts";
import { rowY } from "./marks.ts";
import type { Painter } from "./painter.ts";
import type { Point } from "./plugs.ts";
import { followers, words as standing } from "./rails.ts";
import { xOf } from "./tape.ts";

// What a person points at, with the pointer or by keyboard: what it is in words, where it
// stands, and what comes next to it. It is loaded at the first touch.

/** The stave that a thing on the tapes belongs to; -1 for none. */
export const staveOf = (frame: Frame, thing: Thing | null): number =>
  thing && "partition" in thing ? frame.staves.findIndex((s) => s.partition === thing.partition && frame.topics[s.topic]?.name === thing.topic) : -1;

/** The pointer means records on their way from so far, in px; a finger from further. */
const reach = { mouse: 11, touch: 20 };

/** The records on their way at a point of the stage's body; the nearest, null for none. */
export function flightAt(frame: Frame, painter: Painter, x: number, y: number, touch: boolean): Thing | null {
  const air = painter.air();
  let best: Flight | null = null;
  let least = touch ? reach.touch : reach.mouse;
  for (const flight of air ? frame.flights : []) {
    const at = spotOf(air!, frame, flight);
    const d = at ? Math.hypot(at.x - x, at.y - y) : Infinity;
    if (d < least) {
      best = flight;
      least = d;
    }
  }
  return best && thingOf(frame, best);
}

/** What a flight of this frame is called in every other one. */
function thingOf(frame: Frame, f: Flight): Thing {
  const stave = frame.staves[f.stave]!;
  const sent = frame.time - Math.ceil((f.progress * f.lasts) / 65535);
  const [what, who] = f.kind === Flying.replica ? (["replica", String(f.to)] as const)
    : f.kind === Flying.fetch ? (["fetch", frame.groups[f.group]?.members[f.member]?.name ?? ""] as const)
      : (["produce", f.producer === byHand ? "console" : (frame.producers[f.producer]?.name ?? "")] as const);
  return { kind: "flight", topic: frame.topics[stave.topic]?.name ?? "", partition: stave.partition, what, who, sent, due: sent + f.lasts };
}

const samePlace = (a: Thing, b: Thing): boolean => {
  if (a.kind === "flight" && b.kind === "flight") return a.what === b.what && a.who === b.who && Math.abs(a.sent - b.sent) <= 1;
  return a.kind === b.kind && (a.kind === "edge" ? a.edge === (b as typeof a).edge : a.kind === "mark" && a.group === (b as typeof a).group);
};

/** So many flights of a stave are walked over at most. */
const flightsMost = 8;

/**
 * What stands at a stave besides its records, in the order in which the keyboard walks: log
 * start, last stable offset, high watermark, log end, each group, what is on its way.
 */
export function around(frame: Frame, painter: Painter, index: number): Thing[] {
  const stave = frame.staves[index];
  if (!stave) return [];
  const topic = frame.topics[stave.topic]?.name ?? "";
  const { partition } = stave;
  return [
    ...(["start", "lso", "hw", "leo"] as const).map((edge): Thing => ({ kind: "edge", topic, partition, edge })),
    ...(painter.marks[index] ?? []).map((mark): Thing => ({ kind: "mark", topic, partition, group: mark.groupName })),
    ...frame.flights.filter((f) => f.stave === index).slice(0, flightsMost).map((f) => thingOf(frame, f)),
  ];
}

/** The next of the things around the stave in which one stands, or the one before. */
export function walk(frame: Frame, painter: Painter, from: Thing | null, step: 1 | -1): Thing | null {
  const list = around(frame, painter, Math.max(0, staveOf(frame, from)));
  const at = from ? list.findIndex((thing) => samePlace(thing, from)) : -1;
  return list[at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length] ?? null;
}

/** The record so many staves and offsets from where one stands; from nowhere, the newest of the first stave. */
export function nextCell(frame: Frame, from: Thing | null, [staves, offsets]: [number, number]): Thing {
  const was = staveOf(frame, from);
  const index = was < 0 ? 0 : Math.max(0, Math.min(frame.staves.length - 1, was + staves));
  const stave = frame.staves[index]!;
  const wanted = was >= 0 && from?.kind === "cell" ? from.offset + offsets : stave.leo - 1;
  return { kind: "cell", topic: frame.topics[stave.topic]?.name ?? "", partition: stave.partition, offset: Math.max(stave.first, Math.min(stave.leo, wanted)) };
}

/** Below where a thing stands in the room of the tapes: its card is shown there. */
export function below(frame: Frame, painter: Painter, thing: Thing): Point {
  const l = painter.layout!;
  const index = staveOf(frame, thing);
  const box = l.staves[index]!;
  const stave = frame.staves[index]!;
  const { scroll } = painter.tapes[index]!;
  const x = (offset: number): number => Math.min(l.right, Math.max(l.left, xOf(offset, stave, scroll, l)));
  if (thing.kind === "cell") return { x: l.columns > 0 ? l.left + (thing.offset - scroll) * l.cellW : x(thing.offset), y: box.cells + l.cellH };
  if (thing.kind === "edge") return { x: x(offsetOf(stave, thing.edge)), y: box.cells + l.cellH };
  const row = thing.kind === "mark" ? (painter.marks[index] ?? []).findIndex((mark) => mark.groupName === thing.group) : -1;
  const mark = painter.marks[index]?.[row];
  if (mark) return { x: x(mark.committed < 0 ? stave.logStart : mark.committed), y: l.rowH > 0 && row < l.rows ? rowY(l, box, row) : box.cells + l.cellH };
  const flight = frame.flights.find((f) => f.stave === index && samePlace(thingOf(frame, f), thing));
  const air = painter.air();
  const at = flight && air ? spotOf(air, frame, flight) : null;
  return at ? { x: at.x - air!.offset.x, y: at.y - air!.offset.y } : { x: x(stave.leo), y: box.cells + l.cellH };
}

const offsetOf = (s: Stave, edge: "hw" | "lso" | "start" | "leo"): number => (edge === "start" ? s.logStart : s[edge]);

/** One or more lines of plain words about a thing on the tapes; the first is its name. */
export function describe(frame: Frame, thing: Thing): string[] {
  if (!("topic" in thing) || !("partition" in thing)) return [];
  const index = staveOf(frame, thing);
  const stave = frame.staves[index];
  if (!stave) return [];
  const name = `${thing.topic}-${thing.partition}`;
  const marks = frame.marks.filter((mark) => mark.stave === index);
  if (thing.kind === "cell") {
    if (thing.offset === stave.leo) return [words.at(name, stave.leo), words.nextHere];
    const cell = stave.cells[thing.offset - stave.first];
    if (cell === undefined) return [];
    const lines = [words.at(name, thing.offset)];
    if (cell & Cell.gap) return [...lines, words.recordGone];
    lines.push(letterOf(cell) ? words.keyEnds(letterOf(cell)) : words.noKey);
    if (cell & Cell.tombstone) lines.push(words.tombstone);
    if (thing.offset >= stave.hw) lines.push(words.notReadable(stave.hw));
    if (cell & Cell.twice) lines.push(words.processedTwice);
    if (cell & Cell.busy) lines.push(words.beingProcessed);
    for (const mark of marks) {
      const group = frame.groups[mark.group]?.name ?? "";
      const done = mark.committed > thing.offset ? words.isCommitted : mark.position > thing.offset ? words.isRead : words.isUnread;
      lines.push(words.ofGroup(group, done));
    }
    return lines;
  }
  if (thing.kind === "mark") {
    const mark = marks.find((m) => frame.groups[m.group]?.name === thing.group);
    if (!mark) return [];
    const group = frame.groups[mark.group]!;
    const lines = [words.groupIn(thing.group, name)];
    lines.push(mark.committed < 0 ? words.nothingCommitted : words.committedAt(mark.committed));
    if (mark.position >= 0) lines.push(words.positionAt(mark.position));
    lines.push(mark.committed < 0 ? words.lagOf(mark.lag, stave.leo) : words.lagFrom(mark.lag, stave.leo, mark.committed));
    const owner = group.members[mark.member];
    lines.push(owner ? words.ownedBy(owner.name) : words.notOwned);
    return lines;
  }
  if (thing.kind === "flight") return flying(frame, thing, index, name);
  return [
    thing.kind === "edge" ? more[thing.edge](name, offsetOf(stave, thing.edge)) : name,
    words.bounds(stave.logStart, stave.hw, stave.leo),
    stave.leader < 0 ? words.noLeader : words.leader(stave.leader, stave.leaderEpoch),
    ...followers(stave).map((r) => words.follower(r.broker, r.leo, standing(r, stave) || words.inSync)),
  ];
}

/** Records on their way: whose, from where to where, and how far they are. */
function flying(frame: Frame, thing: Thing, index: number, name: string): string[] {
  const f = frame.flights.find((one) => one.stave === index && samePlace(thingOf(frame, one), thing));
  if (!f || thing.kind !== "flight") return [];
  const records = numbers.records(f.records);
  return [
    more.underway(name),
    thing.what === "produce" ? more.produced(records, thing.who, f.broker) : thing.what === "fetch" ? more.fetched(records, f.broker, thing.who) : more.replicated(records, f.broker, f.to),
    more.far(Math.min(f.lasts, frame.time - thing.sent), f.lasts),
  ];
}
