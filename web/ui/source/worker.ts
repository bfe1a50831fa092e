// The worker that runs the engine: a room for the playground, or a consumer for a seat.
// It moves bytes and keeps the clock; everything else is decided in Go.

import "wasm_exec";
import { fill } from "../lang/fill.ts";
import type { SourceWords } from "../lang/source.ts";
import { Later } from "./later.ts";
import type { FromWorker, Start, ToWorker } from "./messages.ts";
import { aligned, toPage } from "./packets.ts";
import { Socket } from "./socket.ts";

interface Engine {
  mem: WebAssembly.Memory;
  start(length: number, at: number): number;
  input(length: number): number;
  receive(length: number): number;
  order(length: number): number;
  tick(at: number): number;
  output(): number;
  outputAt(): number;
  fault(): number;
}

/** What an export returns after a panic. */
const faulted = -1000;
/** The shortest rest between two ticks that the worker gives itself, in ms. */
const shortestRestMs = 4;
/** What a frozen seat keeps of what the room sends; after that it drops the connection. */
const keptPackets = 4096;
/** When the second part of the engine is loaded, in ms: the first frames are drawn by then. */
const laterMs = 300;

declare const self: DedicatedWorkerGlobalScope;

let engine: Engine | null = null;
let words: SourceWords; // come with the first message
let failed = false;
let seat = false;
let frozen = false;
let socket: Socket | null = null;
let socketUrl = "";
let kept: Uint8Array[] = [];
let early: Uint8Array[] = []; // what came before the engine ran
let timer: ReturnType<typeof setTimeout> | undefined;
let picture: Uint8Array<ArrayBuffer> | null = null; // of the seat, not yet taken by the page
let credit = true;
const text = { encoder: new TextEncoder(), decoder: new TextDecoder() };
const soon = new MessageChannel(); // a turn of the event loop without setTimeout's least delay
soon.port1.onmessage = () => run();

const now = (): number => performance.timeOrigin + performance.now();

function say(message: FromWorker): void {
  if (message instanceof Uint8Array) self.postMessage(message, [message.buffer as ArrayBuffer]);
  else self.postMessage(message);
}

/** Says why the engine is no more; what goes wrong after that is because of it. */
function fail(why: string): void {
  if (failed) return;
  failed = true;
  engine = null;
  clearTimeout(timer);
  socket?.close();
  say({ fault: why });
}

/** Gives the engine bytes; a view on its memory is never kept over a call. */
function give(bytes: Uint8Array): number {
  const at = engine!.input(bytes.length);
  new Uint8Array(engine!.mem.buffer, at, bytes.length).set(bytes);
  return bytes.length;
}

function lent(length: number): Uint8Array {
  return new Uint8Array(engine!.mem.buffer, engine!.outputAt(), length);
}

/** True when the export went well. */
function check(code: number): boolean {
  if (code !== faulted) return true;
  const length = engine!.fault();
  const why = text.decoder.decode(lent(length).slice());
  fail(why.startsWith("\x01") ? why : fill(words.startAgain, why)); // a phrase is about the script
  return false;
}

async function compile(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(fill(words.answered, response.status));
  const streaming = response.headers.get("Content-Type")?.startsWith("application/wasm");
  return streaming ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** The engine is on its way from the start if the worker's name says where it is. */
const ahead = self.name ? WebAssembly.compileStreaming(fetch(self.name)) : null;
ahead?.catch(() => {}); // then it is tried again, and said what is wrong

async function start(message: Start): Promise<void> {
  words = message.words;
  const go = new Go();
  go.exit = (code) => fail(fill(words.ended, code)); // out of memory, mostly
  const instance = await WebAssembly.instantiate(await (ahead ?? compile(message.wasm)).catch(() => compile(message.wasm)), go.importObject);
  const later = message.later ? new Later(instance, go.importObject, message.later, words) : null;
  void go.run(instance).catch((error: unknown) => fail(fill(words.stoppedWhy, String(error))));
  engine = instance.exports as unknown as Engine;
  seat = message.start === "seat";
  if (!check(engine.start(give(text.encoder.encode(message.config)), message.at ?? now()))) return;
  const waiting = early;
  early = [];
  for (const packet of waiting) receive(packet);
  if (later) setTimeout(() => void later.load(), laterMs);
  if (message.socket) {
    socketUrl = message.socket;
    connect();
  }
  run();
}

function run(): void {
  clearTimeout(timer);
  if (!engine || frozen) return;
  const rest = engine.tick(now());
  if (!check(rest)) return;
  drain();
  if (rest <= 0) soon.port2.postMessage(0);
  else timer = setTimeout(run, Math.max(shortestRestMs, rest));
}

/** Passes on everything that the engine wants to send. */
function drain(): void {
  for (;;) {
    if (!engine) return;
    const length = engine.output();
    if (length === 0 || !check(length)) break;
    const packet = lent(length);
    if (!seat) say(aligned(packet));
    else if (packet[0] === toPage) picture = aligned(packet);
    else socket?.send(packet.slice());
  }
  show();
}

/** Sends the seat's newest picture, if the page has drawn the one before. */
function show(): void {
  if (!picture || !credit) return;
  credit = false;
  const packet = picture;
  picture = null;
  say(packet);
}

function receive(packet: Uint8Array): void {
  if (!engine) return;
  if (check(engine.receive(give(packet)))) run();
}

function order(line: string): string {
  if (!engine) return words.notRunning;
  const length = engine.order(give(text.encoder.encode(line)));
  if (!check(length)) return words.stopped;
  const answer = length > 0 ? text.decoder.decode(lent(length).slice()) : "";
  run();
  return answer;
}

function connect(): void {
  socket = new Socket(socketUrl, words, {
    open: () => {
      say({ online: true, why: "", inMs: 0 });
      if (!frozen) order("online");
    },
    packet: (bytes) => {
      if (!frozen) return receive(bytes);
      kept.push(bytes);
      if (kept.length > keptPackets) drop();
    },
    lost: (why, inMs) => {
      say({ online: false, why, inMs });
      if (frozen) drop();
      else order("offline");
    },
    refused: (why) => fail(why),
  });
}

/** Gives up the connection of a frozen seat until it thaws. */
function drop(): void {
  kept = [];
  socket?.close();
  socket = null;
}

/** A frozen seat does nothing at all: its heartbeats stop, as those of a hung process do. */
function freeze(on: boolean): void {
  if (frozen === on) return;
  frozen = on;
  clearTimeout(timer);
  if (on) return;
  if (!socket && socketUrl) {
    order("offline");
    connect();
  }
  const waiting = kept;
  kept = [];
  for (const packet of waiting) receive(packet);
  run();
}

self.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message instanceof Uint8Array) {
    if (engine) receive(message);
    else early.push(message);
  } else if ("start" in message) start(message).catch((error: unknown) => fail(fill(words.noLoad, reason(error))));
  else if ("order" in message) say({ answer: message.id, text: order(message.order) });
  else if ("frozen" in message) freeze(message.frozen);
  else if ("pull" in message) {
    credit = true;
    show();
  } else if ("bye" in message) {
    if (seat && !frozen) order("close");
    socket?.close();
  }
};

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
