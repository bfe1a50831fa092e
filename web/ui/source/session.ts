import { words } from "../lang/source.ts";
import type { Frame, Note } from "./frame.ts";
import { From, Role, askPacket, besidePacket, helloPacket, pullPacket, readAnswer, readError, readResult, readWelcome, scriptPacket, type LineResult } from "./packets.ts";
import { FrameReader } from "./reader.ts";
import type { Source, SourceState } from "./source.ts";

/** What a pull asks for. */
export interface View {
  cells: number;
  topic: string;
}

/** What a room answers a question. */
export interface Answer {
  failed: boolean;
  text: string;
}

/** A frame is asked for so that it comes this long before it is drawn, in ms. */
const earlyMs = 1;
/** By how much the page changes its mind about how long an answer takes, in ms: three of four come sooner. */
const learnMs = { sooner: 0.1, later: 0.3 };

/** A room that is paused is asked for frames this often, in ms. */
const restMs = 80;

/**
 * One viewer's session with a room: it greets, pulls a frame for each animation frame
 * with one pull under way at most, and matches results with the scripts that were sent.
 */
export class Session {
  frame: Frame | null = null;
  /** Of the run that stands beside the room's own; null without one. */
  beside: Frame | null = null;
  state: SourceState = { kind: "opening" };
  view: View = { cells: 24, topic: "" };
  /** Called in an animation frame: fresh says whether a new frame came since the last. */
  ondraw: (frame: Frame, fresh: boolean) => void = () => {};
  /** Likewise for the run that stands beside the room's own. */
  onbeside: (frame: Frame, fresh: boolean) => void = () => {};
  onstate: (state: SourceState) => void = () => {};
  onnotes: (notes: Note[]) => void = () => {};
  onerror: (text: string) => void = () => {};

  private reader = new FrameReader();
  private besideReader = new FrameReader();
  private besideFresh = false;
  private pulled = false;
  private pulledAt = 0;
  private planned: ReturnType<typeof setTimeout> | undefined; // the next pull
  private turnAt = 0; // the newest animation frame's time
  private turnedAt = 0; // and when it came
  private frameMs = 16; // between two animation frames
  private lagMs = 0; // that they come after their time
  private answerMs = 8; // that an answer mostly takes at most
  private fresh = false;
  private between = false; // it was drawn since the last animation frame
  private seen = 0; // seq of the newest note passed on
  private scripts = 0;
  private waiting = new Map<number, (results: LineResult[]) => void>();
  private asked = new Map<number, (answer: Answer) => void>();
  private loop = 0;

  /** First is an encoded frame to draw until the room sends its own. */
  constructor(private source: Source, first: Uint8Array | null = null) {
    source.onpacket = (packet) => this.receive(packet);
    source.onstate = (state) => this.change(state);
    if (first) queueMicrotask(() => this.take(first)); // when those who listen are there
    this.loop = requestAnimationFrame(this.turn);
  }

  /** Runs lines of script in the room. */
  run(lines: string): Promise<LineResult[]> {
    if (this.state.kind !== "open") {
      return Promise.resolve([{ line: 1, failed: true, text: words.noConnection }]);
    }
    const number = ++this.scripts;
    return new Promise((resolve) => {
      this.waiting.set(number, resolve);
      this.source.send(scriptPacket(number, lines));
    });
  }

  /** Asks the room something that changes nothing (engine/room/ask.go). */
  ask(question: string): Promise<Answer> {
    if (this.state.kind !== "open") return Promise.resolve({ failed: true, text: words.noConnection });
    const number = ++this.scripts;
    return new Promise((resolve) => {
      this.asked.set(number, resolve);
      this.source.send(askPacket(number, question));
    });
  }

  close(): void {
    cancelAnimationFrame(this.loop);
    clearTimeout(this.planned);
    this.source.close();
  }

  private change(state: SourceState): void {
    this.state = state;
    this.pulled = false;
    if (state.kind === "open") {
      this.source.send(helloPacket(Role.viewer));
      this.pull();
    } else {
      for (const resolve of this.waiting.values()) {
        resolve([{ line: 1, failed: true, text: words.lostBefore }]);
      }
      this.waiting.clear();
      for (const resolve of this.asked.values()) resolve({ failed: true, text: words.noConnection });
      this.asked.clear();
    }
    this.onstate(state);
  }

  private pull(): void {
    if (this.pulled || this.state.kind !== "open") return;
    const now = performance.now();
    if (this.frame?.paused && now - this.pulledAt < restMs) return;
    this.pulled = true;
    this.pulledAt = now;
    this.source.send(pullPacket(this.view.cells, this.view.topic));
    if (this.frame?.compared) this.source.send(besidePacket());
  }

  private turn = (at: number): void => {
    this.loop = requestAnimationFrame(this.turn);
    const ms = at - this.turnAt;
    this.turnAt = at;
    if (ms > 1 && ms < 3 * this.frameMs) this.frameMs += (ms - this.frameMs) / 16;
    this.turnedAt = performance.now();
    this.lagMs += (this.turnedAt - at - this.lagMs) / 16;
    if (this.fresh || !this.between) this.show();
    this.between = false;
    this.plan();
  };

  /** A frame is pulled as late as it may be, for it shows the room as it is then. */
  private plan(): void {
    clearTimeout(this.planned);
    const inMs = this.turnAt + this.frameMs + this.lagMs - this.answerMs - earlyMs - performance.now();
    if (inMs < 1) this.pull();
    else this.planned = setTimeout(() => this.pull(), inMs);
  }

  private show(): void {
    const fresh = this.fresh;
    this.fresh = false;
    if (this.frame) this.ondraw(this.frame, fresh);
    if (!this.frame?.compared) this.beside = null;
    if (this.beside) this.onbeside(this.beside, this.besideFresh);
    this.besideFresh = false;
  }

  private receive(packet: Uint8Array): void {
    switch (packet[0]) {
      case From.frame: {
        const late = performance.now() - this.pulledAt > this.answerMs;
        this.answerMs = Math.min(2 * this.frameMs, Math.max(1, this.answerMs + (late ? learnMs.later : -learnMs.sooner)));
        this.pulled = false;
        this.take(packet.subarray(1));
        if (this.turnedAt > this.pulledAt) { // it missed its turn: what comes late is not kept waiting
          this.between = true;
          this.show();
        }
        break;
      }
      case From.beside:
        this.decode(() => (this.beside = this.besideReader.frame(packet.subarray(1))));
        this.besideFresh = true;
        break;
      case From.result: {
        const { number, results } = readResult(packet);
        this.waiting.get(number)?.(results);
        this.waiting.delete(number);
        break;
      }
      case From.answer: {
        const { number, ...answer } = readAnswer(packet);
        this.asked.get(number)?.(answer);
        this.asked.delete(number);
        break;
      }
      case From.welcome:
        readWelcome(packet);
        break;
      case From.error:
        this.onerror(readError(packet));
        break;
    }
  }

  private take(bytes: Uint8Array): void {
    const frame = this.decode(() => this.reader.frame(bytes));
    if (!frame) return;
    this.frame = frame;
    this.fresh = true;
    if (frame.lastNote < this.seen) this.seen = 0; // the room started again
    const news = frame.notes.filter((note) => note.seq > this.seen);
    this.seen = frame.lastNote;
    if (news.length > 0) this.onnotes(news);
  }

  /** A frame that cannot be read ends the session. */
  private decode(read: () => Frame): Frame | null {
    try {
      return read();
    } catch (error) {
      this.source.close();
      this.change({ kind: "failed", why: error instanceof Error ? error.message : String(error) });
      return null;
    }
  }
}
