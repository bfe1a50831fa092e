import { html, render } from "lit";
import { words } from "../lang/console.ts";
import type { Desk } from "./desk.ts";
import css from "./typing.lazy.css";
import { wear } from "./wear.ts";

/** Longer lines are not completed. */
const lineMost = 4000;

interface Option {
  text: string;
  hint: string;
}

/** What the room answers to "complete LINE" (engine/room/ask.go). */
export function parseOptions(text: string): { word: string; options: Option[] } {
  const [word = "", ...lines] = text.split("\n");
  return { word, options: lines.map((line) => {
    const [text = "", hint = ""] = line.split("\t");
    return { text, hint };
  }) };
}

/** The newest line of a history before a place that holds a text; -1 for none. */
export function searchBack(history: string[], text: string, before: number): number {
  for (let i = Math.min(before, history.length) - 1; i >= 0; i--) if (history[i]!.includes(text)) return i;
  return -1;
}

/**
 * A line in which an option takes the place of the word that ends at the caret. What stands
 * after the caret stays, but for the rest of the option if that stands there already.
 */
export function taken(line: string, caret: number, word: string, option: string): { line: string; caret: number } {
  const goesOn = /[=:]$/.test(option);
  const rest = option.slice(word.length);
  const [stands] = /^\S*/.exec(line.slice(caret))!;
  const twice = rest.startsWith(stands) ? stands : stands.startsWith(rest) ? rest : "";
  let after = line.slice(caret + twice.length);
  if (!goesOn) after = ` ${after.replace(/^ /, "")}`;
  const before = line.slice(0, caret - word.length) + option;
  return { line: before + after, caret: before.length + (goesOn ? 0 : 1) };
}

/** Keys that move the caret within the line. */
const moves = /^(Arrow(Left|Right)|Home|End)$/;

/**
 * What helps whoever types a line: ways to go on, which the room knows, and the lines of
 * before. What stands before the caret decides. Tab takes the first way or the chosen one,
 * the down arrow goes into the list, Escape closes it; the up arrow goes back through the history, and Ctrl+R searches it.
 */
export class Typing {
  private options: Option[] = [];
  private word = "";
  private of = ""; // the line that the options are for
  private pending = 0; // questions without an answer yet
  private chosen = -1;
  private asked = 0;
  private place = -1; // in the history; -1: not there
  private draft = "";
  private search: { text: string; at: number } | null = null;

  constructor(private input: HTMLInputElement, private list: HTMLElement, private desk: Desk) {
    wear(css);
    input.addEventListener("input", () => {
      this.place = -1;
      this.search = null;
      void this.complete();
    });
    input.addEventListener("keydown", this.keys);
    input.addEventListener("keyup", (event) => moves.test(event.key) && this.moved());
    input.addEventListener("click", () => this.moved());
    input.addEventListener("blur", () => this.close());
    if (input.value) void this.complete(); // somebody was faster than this script
  }

  /** The line was sent. */
  reset(): void {
    this.place = -1;
    this.search = null;
    this.close();
  }

  private close(): void {
    this.asked++;
    this.options = [];
    this.show();
  }

  /** The caret is elsewhere: other ways go on from there. */
  private moved(): void {
    if (this.line !== this.of || this.options.length === 0) void this.complete();
  }

  /** The line up to the caret. */
  private get line(): string {
    const { input } = this;
    return input.value.slice(0, input.selectionStart ?? input.value.length);
  }

  private async complete(): Promise<void> {
    const { line } = this;
    const asked = ++this.asked;
    if (line.trim() === "" || line.length > lineMost) return this.close();
    this.pending++;
    const { failed, text } = await this.desk.ask(`complete ${line}`);
    this.pending--;
    if (asked !== this.asked || failed) return;
    this.of = line;
    ({ word: this.word, options: this.options } = parseOptions(text));
    this.chosen = -1;
    this.show();
  }

  private keys = (event: KeyboardEvent): void => {
    const open = this.options.length > 0;
    if (event.key === "r" && event.ctrlKey) this.back();
    else if (event.key === "Tab" && (open || this.pending > 0) && !event.shiftKey) void this.tab();
    else if (event.key === "Enter" && this.chosen >= 0) this.take(this.chosen);
    else if (event.key === "Escape" && (open || this.search)) this.reset();
    else if (event.key === "ArrowDown" && open) this.choose(Math.min(this.options.length - 1, this.chosen + 1));
    else if (event.key === "ArrowUp" && this.chosen >= 0) this.choose(this.chosen - 1);
    else if (event.key === "ArrowUp") this.turn(-1);
    else if (event.key === "ArrowDown") this.turn(1);
    else return;
    event.preventDefault();
  };

  /** Goes through the history, and back to what was being typed. */
  private turn(step: number): void {
    const { history } = this.desk;
    if (this.place < 0) {
      if (step > 0) return;
      this.draft = this.input.value;
      this.place = history.length;
    }
    this.place = Math.max(0, this.place + step);
    if (this.place >= history.length) this.place = -1;
    this.put(this.place < 0 ? this.draft : (history[this.place] ?? ""));
  }

  /** Finds the next older line that holds what was typed. */
  private back(): void {
    const { history } = this.desk;
    this.search ??= { text: this.input.value, at: history.length };
    const at = searchBack(history, this.search.text, this.search.at);
    if (at >= 0) {
      this.search.at = at;
      this.put(history[at]!);
    }
  }

  private put(text: string): void {
    this.input.value = text;
    this.input.setSelectionRange(text.length, text.length);
    this.close();
  }

  /** Takes the chosen way, or the first one; whoever types fast is waited for. */
  private async tab(): Promise<void> {
    if (this.of !== this.line) await this.complete();
    this.take(Math.max(0, this.chosen));
  }

  private choose(at: number): void {
    this.chosen = at;
    this.show();
    this.list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  private take(at: number): void {
    const option = this.options[at];
    if (!option || this.of !== this.line) return;
    const { input } = this;
    const caret = input.selectionStart ?? input.value.length;
    const now = taken(input.value, caret, this.word, option.text);
    input.value = now.line;
    input.setSelectionRange(now.caret, now.caret);
    void this.complete();
  }

  private show(): void {
    const open = this.options.length > 0;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (this.chosen >= 0 && open) this.input.setAttribute("aria-activedescendant", `console-option-${this.chosen}`);
    else this.input.removeAttribute("aria-activedescendant");
    if (!open) this.chosen = -1;
    render(this.options.map((o, i) => html`<li role="option" id="console-option-${i}" aria-selected=${i === this.chosen}
      @pointerdown=${(e: Event) => { e.preventDefault(); this.take(i); }}><b>${o.text}</b> <small>${words.say(o.hint)}</small></li>`), this.list);
  }
}
