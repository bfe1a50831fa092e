// Frames as Go encodes them (engine/scene/frame.go): the same names, the same order.

export const frameVersion = 4;
export const seatVersion = 101;

export const Cell = {
  letter: 0xffff,
  hueShift: 16,
  hueMask: 0xf,
  gap: 1 << 20,
  busy: 1 << 21,
  done: 1 << 22,
  twice: 1 << 23,
  tombstone: 1 << 24,
  commit: 1 << 25,
  abort: 1 << 26,
} as const;

export const Kind = { sim: 0, tab: 1, foreign: 2 } as const;
export const State = { active: 0, joining: 1, idle: 2, frozen: 3, crashed: 4, gone: 5 } as const;
export const Flying = { produce: 0, fetch: 1, replica: 2 } as const;
export const BrokerState = { up: 0, stopping: 1, down: 2, paused: 3 } as const;
export const ReplicaState = { follows: 0, leads: 1, catchesUp: 2, offline: 3, added: 4, removed: 5 } as const;
export const RangeKind = { open: 0, aborted: 1, lost: 2, acquired: 3, available: 4, acknowledged: 5, archived: 6, committed: 7 } as const;
export const Clock = { none: 0, session: 1, poll: 2 } as const;
export const Tone = { plain: 0, good: 1, warn: 2, bad: 3 } as const;
/** The producer of a flight when a person sent the record. */
export const byHand = 65535;

export interface Broker {
  id: number;
  up: boolean;
  label: string;
  state: number;
  fenced: boolean;
  controller: boolean;
  rack: string;
  slowMs: number;
}

export interface Topic {
  name: string;
  partitions: number;
  inView: boolean;
  detail: string;
  records: number;
  replicas: number;
  minIsr: number;
}

export interface Producer {
  name: string;
  topic: string;
  lines: string[];
  rate: number;
  sent: number;
  failed: number;
  paused: boolean;
  transactionalId: string;
  txn: string;
  producerId: number;
  epoch: number;
  state: number;
}

export interface Stave {
  topic: number;
  partition: number;
  leader: number;
  leaderEpoch: number;
  logStart: number;
  hw: number;
  lso: number;
  leo: number;
  first: number;
  cells: Uint32Array;
  replicas: Replica[];
  ranges: Range[];
}

export interface Replica {
  broker: number;
  leo: number;
  hw: number;
  logStart: number;
  inSync: boolean;
  state: number;
  diverged: number;
}

export interface Range {
  kind: number;
  first: number;
  end: number;
  producer: number;
  group: number;
  member: number;
  count: number;
}

export interface Countdown {
  left: number;
  total: number;
}

export interface Chip {
  topic: number;
  partition: number;
  paused: boolean;
}

export interface Member {
  name: string;
  id: string;
  instance: string;
  host: string;
  leader: boolean;
  kind: number;
  state: number;
  status: string;
  lag: number;
  session: Countdown;
  poll: Countdown;
  inHand: number;
  chips: Chip[];
  settings: string;
  epoch: number;
  revoking: Chip[];
  awaiting: Chip[];
  pending: number;
  ranOut: number;
}

export interface Group {
  name: string;
  state: string;
  generation: number;
  protocol: string;
  hue: number;
  lag: number;
  detail: string;
  members: Member[];
  kind: string;
  assignmentEpoch: number;
  duplicates: number;
  lost: number;
  disorder: number;
  effects: number;
  repeats: number;
  eras: Era[];
}

export interface Era {
  epoch: number;
  at: number;
  cells: EraCell[];
}

export interface EraCell {
  stave: number;
  owner: string;
  moved: boolean;
  paused: number; // ms
}

export interface Mark {
  stave: number;
  group: number;
  member: number;
  committed: number;
  position: number;
  lag: number;
  processed: number;
}

export interface Flight {
  kind: number;
  producer: number;
  stave: number;
  group: number;
  member: number;
  progress: number;
  records: number;
  cell: number;
  broker: number;
  to: number;
  lasts: number; // ms
}

export interface Ledger {
  sent: number;
  acked: number;
  failed: number;
  appended: number;
  lost: number;
  duplicated: number;
  disordered: number;
  alarms: Alarm[];
}

export interface Alarm {
  at: number;
  verdict: string;
  client: string;
  group: string;
  partition: string;
  offset: number;
  records: number;
  setting: string;
}

/** One figure of two runs. */
export interface Difference {
  name: string;
  here: number;
  there: number;
}

export interface Exchange {
  client: string;
  group: string;
  what: string;
  reply: boolean;
  code: string;
  sent: number;
  due: number;
  broker: number;
}

export interface Note {
  seq: number;
  at: number;
  tone: number;
  text: string;
}

export interface Frame {
  room: string;
  live: boolean;
  paused: boolean;
  speed: number;
  time: number;
  viewers: number;
  tabs: number;
  brokers: Broker[];
  topics: Topic[];
  producers: Producer[];
  staves: Stave[];
  groups: Group[];
  marks: Mark[];
  flights: Flight[];
  notes: Note[];
  lastNote: number;
  ledger: Ledger;
  exchanges: Exchange[];
  compared: string; // how the run that stands beside this one differs; empty without one
  figures: Difference[];
}

export interface SeatPart {
  label: string;
  detail: string;
  committed: number;
  position: number;
  processed: number;
  hw: number;
  first: number;
  cells: Uint32Array;
}

export interface Seat {
  room: string;
  group: string;
  name: string;
  memberId: string;
  protocol: string;
  generation: number;
  state: number;
  title: string;
  online: boolean;
  polling: boolean;
  auto: boolean;
  uncommitted: number;
  processMs: number;
  session: Countdown;
  poll: Countdown;
  processed: number;
  parts: SeatPart[];
  notes: Note[];
  lastNote: number;
}

export const letterOf = (cell: number): string => {
  const code = cell & Cell.letter;
  return code === 0 ? "" : String.fromCharCode(code);
};
export const hueOf = (cell: number): number => (cell >> Cell.hueShift) & Cell.hueMask;
