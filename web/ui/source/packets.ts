// The packets of the session protocol (engine/room/protocol.go): a byte for the type,
// then fields, little-endian.

import { tell } from "../lang/sentences.ts";

export const protocolVersion = 2;

export const To = { hello: 1, script: 2, command: 3, pull: 4, bye: 5, beside: 6, ask: 7 } as const;
export const From = { welcome: 65, result: 66, reply: 67, frame: 68, notes: 69, error: 70, beside: 71, answer: 72 } as const;
/** A packet that the seat in a worker makes for its own page. */
export const toPage = 128;

export const Role = { viewer: 0, tab: 1 } as const;

/** What became of one line of a script. */
export interface LineResult {
  line: number;
  failed: boolean;
  text: string;
}

export interface Welcome {
  session: number;
  time: number;
  name: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function packet(type: number, fixed: number, text: string): { bytes: Uint8Array; view: DataView } {
  const tail = encoder.encode(text);
  const bytes = new Uint8Array(1 + fixed + tail.length);
  bytes[0] = type;
  bytes.set(tail, 1 + fixed);
  return { bytes, view: new DataView(bytes.buffer) };
}

export function helloPacket(role: number, name = ""): Uint8Array {
  const { bytes } = packet(To.hello, 2, name);
  bytes[1] = protocolVersion;
  bytes[2] = role;
  return bytes;
}

export function scriptPacket(number: number, lines: string): Uint8Array {
  const { bytes, view } = packet(To.script, 4, lines);
  view.setUint32(1, number, true);
  return bytes;
}

/** A question (engine/room/ask.go). */
export function askPacket(number: number, question: string): Uint8Array {
  const { bytes, view } = packet(To.ask, 4, question);
  view.setUint32(1, number, true);
  return bytes;
}

export function pullPacket(cells: number, topic: string): Uint8Array {
  const { bytes, view } = packet(To.pull, 2, topic);
  view.setUint16(1, cells, true);
  return bytes;
}

/** A pull for the run that stands beside the room's own. */
export function besidePacket(): Uint8Array {
  return packet(To.beside, 0, "").bytes;
}

export function byePacket(): Uint8Array {
  return packet(To.bye, 0, "").bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function readWelcome(bytes: Uint8Array): Welcome {
  const view = viewOf(bytes);
  return { session: view.getUint32(1, true), time: view.getFloat64(5, true), name: decoder.decode(bytes.subarray(13)) };
}

export function readResult(bytes: Uint8Array): { number: number; results: LineResult[] } {
  const view = viewOf(bytes);
  const results: LineResult[] = [];
  for (let at = 5; at < bytes.length; ) {
    const length = view.getUint32(at + 5, true);
    results.push({
      failed: view.getUint8(at) !== 0,
      line: view.getUint32(at + 1, true),
      text: tell(decoder.decode(bytes.subarray(at + 9, at + 9 + length))),
    });
    at += 9 + length;
  }
  return { number: view.getUint32(1, true), results };
}

export function readAnswer(bytes: Uint8Array): { number: number; failed: boolean; text: string } {
  const failed = bytes[5] !== 0;
  const text = decoder.decode(bytes.subarray(6));
  return { number: viewOf(bytes).getUint32(1, true), failed, text: failed ? tell(text) : text };
}

/** The text of a FromError packet: what was wrong and what to do. */
export function readError(bytes: Uint8Array): string {
  return decoder.decode(bytes.subarray(1));
}

/**
 * Copies a packet so that what follows its first byte starts at a multiple of four: the
 * cells of a frame can then be read in place.
 */
export function aligned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(new ArrayBuffer(bytes.length + 3), 3);
  copy.set(bytes);
  return copy;
}
