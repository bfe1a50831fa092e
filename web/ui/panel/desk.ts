import type { LineResult } from "../source/packets.ts";
import type { Answer } from "../source/session.ts";

/** One script that was sent from this page, and what came of it. */
export interface Entry {
  lines: string;
  results: LineResult[] | null; // null while the room works on it
}

const entriesMost = 200;

/** Every script line of the page goes through here, so that each one can be seen. */
export class Desk {
  entries: Entry[] = [];
  onchange: () => void = () => {};

  /** Ask asks the room something that changes nothing. */
  constructor(
    private send: (lines: string) => Promise<LineResult[]>,
    readonly ask: (question: string) => Promise<Answer> = () => Promise.resolve({ failed: true, text: "" }),
  ) {}

  /** Runs a line that only moves the view, and is not worth a place in the console. */
  async quietly(line: string): Promise<string> {
    return (await this.send(line)).find((r) => r.failed)?.text ?? "";
  }

  /** Runs lines; gives the first error's text, or an empty one when all went well. */
  async run(lines: string): Promise<string> {
    const entry: Entry = { lines, results: null };
    this.entries = [...this.entries.slice(1 - entriesMost), entry];
    this.onchange();
    entry.results = await this.send(lines);
    this.onchange();
    return entry.results.find((r) => r.failed)?.text ?? "";
  }
}
