import type { LineResult } from "../source/packets.ts";
import type { Answer } from "../source/session.ts";

/** One script that was sent from this page, and what came of it. */
export interface Entry {
  lines: string;
  results: LineResult[] | null; // null while the room works on it
  same?: string[]; // what Kafka's own tools or client would be told
}

const entriesMost = 200;
const historyMost = 300;
/** Lines of one entry whose equivalents are shown. */
const sameMost = 8;
/** Lines that only move the clock: they are no part of the history. */
const moves = /^(play|pause|step|speed|seek)\b/;
/** A line that asks why. */
const asks = /^\s*why\s+(.+?)\s*$/;

/** Every script line of the page goes through here, so that each one can be seen. */
export class Desk {
  entries: Entry[] = [];
  onchange: () => void = () => {};
  /** Called with what somebody asked in the console. */
  onwhy: (question: string) => void = () => {};

  /** Ask asks the room something that changes nothing. */
  constructor(
    private send: (lines: string) => Promise<LineResult[]>,
    readonly ask: (question: string) => Promise<Answer> = () => Promise.resolve({ failed: true, text: "" }),
  ) {}

  /** Runs a line that only moves the view, and is not worth a place in the console. */
  async quietly(line: string): Promise<string> {
    return (await this.send(line)).find((r) => r.failed)?.text ?? "";
  }

  /** Runs a line that only looks, and gives what it says. */
  async look(line: string): Promise<LineResult | undefined> {
    return (await this.send(line))[0];
  }

  /** Runs lines; gives the first error's text, or an empty one when all went well. */
  async run(lines: string): Promise<string> {
    const entry: Entry = { lines, results: null };
    this.entries = [...this.entries.slice(1 - entriesMost), entry];
    if (!moves.test(lines)) this.remember(lines);
    this.onchange();
    entry.results = await this.send(lines);
    this.onchange();
    const wrong = entry.results.find((r) => r.failed)?.text ?? "";
    if (!wrong && !moves.test(lines)) void this.compare(entry);
    const question = asks.exec(lines)?.[1];
    if (!wrong && question) this.onwhy(question);
    return wrong;
  }

  /** Lines of this session, oldest first: those of earlier pages too. */
  get history(): string[] {
    try {
      return JSON.parse(sessionStorage.getItem("partita-lines") ?? "[]") as string[];
    } catch {
      return this.entries.map((e) => e.lines);
    }
  }

  private remember(lines: string): void {
    try {
      const before = this.history.filter((l) => l !== lines);
      sessionStorage.setItem("partita-lines", JSON.stringify([...before, lines].slice(-historyMost)));
    } catch {
      // A browser that keeps nothing has the entries of this page.
    }
  }

  /** Finds what the lines of an entry equal in Kafka. */
  private async compare(entry: Entry): Promise<void> {
    const same: string[] = [];
    for (const line of entry.lines.split("\n").slice(0, sameMost)) {
      if (line.length > 2000) continue;
      const { failed, text } = await this.ask(`same ${line}`);
      if (!failed && text) same.push(text);
    }
    if (same.length === 0) return;
    entry.same = same;
    this.onchange();
  }
}
