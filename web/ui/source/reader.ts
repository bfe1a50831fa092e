import { tell } from "../lang/sentences.ts";
import { words } from "../lang/source.ts";
import {
  frameVersion, seatVersion, type Alarm, type Broker, type Chip, type Countdown, type Difference, type Era, type EraCell, type Flight, type Frame, type Group, type Ledger, type Mark, type Member, type Note, type Producer, type Range, type Replica,
  type Seat, type SeatPart, type Stave, type Exchange, type Topic,
} from "./frame.ts";

/** The bytes are not a frame that this page can draw; the text is for people. */
export class FrameError extends Error {}

const encoded = new WeakMap<Frame, Uint8Array>();

/** The bytes that a frame was decoded from, for whoever draws it elsewhere. */
export const encodedOf = (frame: Frame): Uint8Array => encoded.get(frame)!;

/**
 * Decodes the frames of one source. It keeps the strings of the last frame: most strings
 * are the same from one frame to the next and stand at the same place. Phrases are told in
 * the language of the page.
 */
export class FrameReader {
  private bytes: Uint8Array = new Uint8Array();
  private view: DataView = new DataView(this.bytes.buffer);
  private at = 0;
  private strings: string[] = [];
  private spans: Uint8Array[] = [];
  private text = new TextDecoder();

  /** Decodes a frame that fills bytes. Its cells are views on bytes where alignment allows. */
  frame(bytes: Uint8Array): Frame {
    const frame = this.decode(bytes, frameVersion, () => this.readFrame());
    encoded.set(frame, bytes);
    return frame;
  }

  seat(bytes: Uint8Array): Seat {
    return this.decode(bytes, seatVersion, () => this.readSeat());
  }

  private decode<T>(bytes: Uint8Array, version: number, read: () => T): T {
    if (bytes[0] !== version) {
      throw new FrameError(words.otherVersion);
    }
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 1;
    try {
      this.readStrings();
      return read();
    } catch (error) {
      if (error instanceof RangeError) {
        throw new FrameError(words.cutShort);
      }
      throw error;
    }
  }

  private readStrings(): void {
    const count = this.u16();
    this.strings.length = Math.min(this.strings.length, count);
    this.spans.length = this.strings.length;
    for (let i = 0; i < count; i++) {
      const size = this.u16();
      if (this.at + size > this.bytes.length) throw new RangeError("strings");
      const span = this.bytes.subarray(this.at, this.at + size);
      this.at += size;
      const old = this.spans[i];
      if (!old || !same(old, span)) this.strings[i] = tell(this.text.decode(span));
      this.spans[i] = span;
    }
  }

  private u8 = (): number => this.view.getUint8(this.at++);
  private flag = (): boolean => this.view.getUint8(this.at++) !== 0;
  private u16 = (): number => this.view.getUint16((this.at += 2) - 2, true);
  private u32 = (): number => this.view.getUint32((this.at += 4) - 4, true);
  private i32 = (): number => this.view.getInt32((this.at += 4) - 4, true);
  private number = (): number => this.view.getFloat64((this.at += 8) - 8, true);
  private string = (): string => this.strings[this.u16()] ?? "";

  private list<T>(read: () => T): T[] {
    const items = new Array<T>(this.u16());
    for (let i = 0; i < items.length; i++) items[i] = read();
    return items;
  }

  private cells(): Uint32Array {
    const count = this.u16();
    this.at += (4 - (this.at % 4)) % 4;
    const from = this.bytes.byteOffset + this.at;
    if (this.at + 4 * count > this.bytes.length) throw new RangeError("cells");
    this.at += 4 * count;
    return from % 4 === 0
      ? new Uint32Array(this.bytes.buffer, from, count)
      : new Uint32Array(this.bytes.buffer.slice(from, from + 4 * count));
  }

  // An object literal is evaluated in the order of its fields, which is the encoding's.

  private readFrame(): Frame {
    return {
      room: this.string(),
      live: this.flag(),
      paused: this.flag(),
      speed: this.i32(),
      time: this.number(),
      viewers: this.i32(),
      tabs: this.i32(),
      brokers: this.list(this.broker),
      topics: this.list(this.topic),
      producers: this.list(this.producer),
      staves: this.list(this.stave),
      groups: this.list(this.group),
      marks: this.list(this.mark),
      flights: this.list(this.flight),
      notes: this.list(this.note),
      lastNote: this.number(),
      ledger: this.ledger(),
      exchanges: this.list(this.exchange),
      compared: this.string(),
      figures: this.list(this.difference),
    };
  }

  private difference = (): Difference => ({ name: this.string(), here: this.number(), there: this.number() });

  private ledger = (): Ledger => ({
    sent: this.number(),
    acked: this.number(),
    failed: this.number(),
    appended: this.number(),
    lost: this.number(),
    duplicated: this.number(),
    disordered: this.number(),
    alarms: this.list(this.alarm),
  });

  private alarm = (): Alarm => ({
    at: this.number(),
    verdict: this.string(),
    client: this.string(),
    group: this.string(),
    partition: this.string(),
    offset: this.number(),
    records: this.number(),
    setting: this.string(),
  });

  private exchange = (): Exchange => ({
    client: this.string(),
    group: this.string(),
    what: this.string(),
    reply: this.flag(),
    code: this.string(),
    sent: this.number(),
    due: this.number(),
    broker: this.i32(),
  });

  private broker = (): Broker => ({
    id: this.i32(),
    up: this.flag(),
    label: this.string(),
    state: this.u8(),
    fenced: this.flag(),
    controller: this.flag(),
    rack: this.string(),
    slowMs: this.i32(),
  });

  private topic = (): Topic => ({
    name: this.string(),
    partitions: this.i32(),
    inView: this.flag(),
    detail: this.string(),
    records: this.number(),
    replicas: this.i32(),
    minIsr: this.i32(),
  });

  private producer = (): Producer => ({
    name: this.string(),
    topic: this.string(),
    lines: this.list(this.string),
    rate: this.i32(),
    sent: this.number(),
    failed: this.number(),
    paused: this.flag(),
    transactionalId: this.string(),
    txn: this.string(),
    producerId: this.number(),
    epoch: this.i32(),
    state: this.u8(),
  });

  private stave = (): Stave => ({
    topic: this.u16(),
    partition: this.u16(),
    leader: this.i32(),
    leaderEpoch: this.i32(),
    logStart: this.number(),
    hw: this.number(),
    lso: this.number(),
    leo: this.number(),
    first: this.number(),
    cells: this.cells(),
    replicas: this.list(this.replica),
    ranges: this.list(this.range),
  });

  private replica = (): Replica => ({
    broker: this.i32(),
    leo: this.number(),
    hw: this.number(),
    logStart: this.number(),
    inSync: this.flag(),
    state: this.u8(),
    diverged: this.number(),
  });

  private range = (): Range => ({
    kind: this.u8(),
    first: this.number(),
    end: this.number(),
    producer: this.number(),
    group: this.u16(),
    member: this.i32(),
    count: this.i32(),
  });

  private group = (): Group => ({
    name: this.string(),
    state: this.string(),
    generation: this.i32(),
    protocol: this.string(),
    hue: this.u8(),
    lag: this.number(),
    detail: this.string(),
    members: this.list(this.member),
    kind: this.string(),
    assignmentEpoch: this.i32(),
    duplicates: this.number(),
    lost: this.number(),
    disorder: this.number(),
    effects: this.number(),
    repeats: this.number(),
    eras: this.list(this.era),
  });

  private era = (): Era => ({ epoch: this.i32(), at: this.number(), cells: this.list(this.eraCell) });
  private eraCell = (): EraCell => ({ stave: this.u16(), owner: this.string(), moved: this.flag(), paused: this.i32() });

  private member = (): Member => ({
    name: this.string(),
    id: this.string(),
    instance: this.string(),
    host: this.string(),
    leader: this.flag(),
    kind: this.u8(),
    state: this.u8(),
    status: this.string(),
    lag: this.number(),
    session: this.countdown(),
    poll: this.countdown(),
    inHand: this.i32(),
    chips: this.list(this.chip),
    settings: this.string(),
    epoch: this.i32(),
    revoking: this.list(this.chip),
    awaiting: this.list(this.chip),
    pending: this.number(),
    ranOut: this.u8(),
  });

  private countdown = (): Countdown => ({ left: this.i32(), total: this.i32() });
  private chip = (): Chip => ({ topic: this.u16(), partition: this.u16(), paused: this.flag() });

  private mark = (): Mark => ({
    stave: this.u16(),
    group: this.u16(),
    member: this.i32(),
    committed: this.number(),
    position: this.number(),
    lag: this.number(),
    processed: this.number(),
  });

  private flight = (): Flight => ({
    kind: this.u8(),
    producer: this.u16(),
    stave: this.u16(),
    group: this.u16(),
    member: this.u16(),
    progress: this.u16(),
    records: this.u16(),
    cell: this.u32(),
    broker: this.i32(),
    to: this.i32(),
    lasts: this.u32(),
  });

  private note = (): Note => ({ seq: this.number(), at: this.number(), tone: this.u8(), text: this.string() });

  private readSeat(): Seat {
    return {
      room: this.string(),
      group: this.string(),
      name: this.string(),
      memberId: this.string(),
      protocol: this.string(),
      generation: this.i32(),
      state: this.u8(),
      title: this.string(),
      online: this.flag(),
      polling: this.flag(),
      auto: this.flag(),
      uncommitted: this.number(),
      processMs: this.i32(),
      session: this.countdown(),
      poll: this.countdown(),
      processed: this.number(),
      parts: this.list(this.part),
      notes: this.list(this.note),
      lastNote: this.number(),
    };
  }

  private part = (): SeatPart => ({
    label: this.string(),
    detail: this.string(),
    committed: this.number(),
    position: this.number(),
    processed: this.number(),
    hw: this.number(),
    first: this.number(),
    cells: this.cells(),
  });
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
