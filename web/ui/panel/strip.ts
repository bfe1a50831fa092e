import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { words } from "../lang/strip.ts";
import type { Note } from "../source/frame.ts";
import { icons } from "../stage/icons.ts";
import { moment } from "../stage/words.ts";
import type { Desk } from "./desk.ts";
import "./timeline.ts";

/** A screen reader hears a new sentence this often at most, in ms. */
const sayEveryMs = 1600;
const speeds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 50, 100];

export const tones = ["plain", "good", "warn", "bad"];

/** The strip below the stage: transport, the newest sentence, the clock. */
@customElement("partita-strip")
export class PartitaStrip extends LitElement {
  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) notes: Note[] = [];
  @property({ type: Boolean }) live = false;
  @property({ type: Boolean }) paused = false;
  @property({ type: Number }) speed = 1000;
  @property({ type: Number }) time = 0;
  @state() private said = "";
  private spoken = 0; // seq of the newest note said
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Says something at once that is not a note: where the keyboard stands. */
  say(text: string): void {
    this.said = text;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("notes") && this.timer === undefined) this.speak();
  }

  /** Sentences that come faster than one can listen are said together. */
  private speak = (): void => {
    this.timer = undefined;
    const news = this.notes.filter((note) => note.seq > this.spoken);
    if (news.length === 0) return;
    this.spoken = news[news.length - 1]!.seq;
    this.said = news.slice(-3).map((note) => note.text).join(" ");
    this.timer = setTimeout(this.speak, sayEveryMs);
  };

  private toggle = (): void => void this.desk.run(this.paused ? "play" : "pause");

  /** One event back or on; the clock stands still meanwhile. */
  private async step(line: string): Promise<void> {
    if (!this.paused) await this.desk.run("pause");
    await this.desk.run(line);
  }

  private setSpeed = (event: Event): void => void this.desk.run(`speed ${(event.target as HTMLSelectElement).value}`);

  private openLog = (): void => {
    this.requestUpdate();
    this.querySelector("dialog")!.showModal();
  };

  protected override render(): TemplateResult {
    const note = this.notes[this.notes.length - 1];
    return html`
      ${this.live ? nothing : this.transport()}
      <div class="says">
        ${this.live ? nothing : html`<partita-timeline .desk=${this.desk} .notes=${this.notes} .time=${this.time}></partita-timeline>`}
        <p>${note ? html`<time>${moment(note.at, this.live)}</time><span class="tone ${tones[note.tone]}">${note.text}</span> ${this.why(note)}` : words.nothingYet}</p>
      </div>
      <div class="right"><span class="clock">${moment(this.time, this.live)}</span><button type="button" @click=${this.openLog}>${words.allSentences}</button></div>
      <p class="unseen" role="log" aria-live="polite" aria-atomic="true">${this.said}</p>
      <dialog class="log" aria-label=${words.allSentences} @click=${(e: MouseEvent) => e.target === e.currentTarget && (e.currentTarget as HTMLDialogElement).close()}>
        <header><h2>${words.whatHappened}</h2><form method="dialog"><button class="quiet" aria-label=${words.close}>${icons.close()}</button></form></header>
        <ol>${this.querySelector("dialog")?.open ? [...this.notes].reverse().map((n) => html`<li><time>${moment(n.at, this.live)}</time><span class="tone ${tones[n.tone]}">${n.text}</span> ${this.why(n)}</li>`) : nothing}</ol>
      </dialog>`;
  }

  /** Asks why a sentence is so. */
  private why(note: Note): TemplateResult {
    return html`<button type="button" class="quiet ask" @click=${() => {
      this.querySelector("dialog")!.close();
      this.dispatchEvent(new CustomEvent("why", { detail: `note ${note.seq}`, bubbles: true }));
    }}>${words.why}</button>`;
  }

  private transport(): TemplateResult {
    const speed = this.speed / 1000;
    const list = speeds.includes(speed) ? speeds : [...speeds, speed].sort((a, b) => a - b);
    return html`<div class="transport" role="group" aria-label=${words.clock}>
      <button class="step far" type="button" aria-label=${words.previous} title="next back" @click=${() => this.step("next back")}>${icons.previous()}</button>
      <button class="step" type="button" aria-label=${words.back} title="step back" @click=${() => this.step("step back")}>${icons.back()}</button>
      <button class="play" type="button" aria-label=${this.paused ? words.play : words.pause} title=${this.paused ? "play" : "pause"} @click=${this.toggle}>${this.paused ? icons.play() : icons.pause()}</button>
      <button class="step" type="button" aria-label=${words.on} title="step" @click=${() => this.step("step")}>${icons.on()}</button>
      <button class="step far" type="button" aria-label=${words.next} title="next" @click=${() => this.step("next")}>${icons.next()}</button>
      <select aria-label=${words.speed} @change=${this.setSpeed}>${list.map((s) => html`<option value=${s} .selected=${s === speed}>${s}×</option>`)}</select>
    </div>`;
  }
}
