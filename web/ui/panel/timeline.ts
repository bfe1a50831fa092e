import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { words } from "../lang/strip.ts";
import { Tone, type Note } from "../source/frame.ts";
import { duration } from "../stage/words.ts";
import type { Desk } from "./desk.ts";

/** Ticks that would lie closer than this part of the track are drawn as one. */
const tickGap = 0.004;

/**
 * The time of a playground from its start to the furthest instant it has been at. Dragging
 * the slider goes to any instant; a change made in the past begins another future.
 */
@customElement("partita-timeline")
export class PartitaTimeline extends LitElement {
  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) notes: Note[] = [];
  @property({ type: Number }) time = 0;
  @state() private furthest = 1;
  private wanted: number | null = null;
  private going = false;
  private last = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(): void {
    if (this.time < this.last && !this.going && this.notes.length === 0) this.furthest = 1; // begun again
    this.last = this.time;
    this.furthest = Math.max(this.furthest, this.time, this.notes[this.notes.length - 1]?.at ?? 0);
  }

  /** Goes to an instant; while it is on the way only the newest wish counts. */
  async seek(ms: number): Promise<void> {
    this.wanted = Math.max(0, Math.round(ms));
    if (this.going) return;
    this.going = true;
    while (this.wanted !== null) {
      const to = this.wanted;
      this.wanted = null;
      await this.desk.quietly(`seek ${to}ms`);
    }
    this.going = false;
  }

  protected override render(): TemplateResult {
    const end = this.furthest;
    return html`<div class="track">
      <span class="gone" data-part=${part(this.time / end)}></span>
      ${this.ticks(end)}
      <input type="range" min="0" max=${end} step="10" .value=${String(this.time)} aria-label=${words.instant}
        aria-valuetext=${words.instantOf(duration(this.time), duration(end))} @input=${(e: Event) => void this.seek(Number((e.target as HTMLInputElement).value))}>
    </div>`;
  }

  private ticks(end: number): TemplateResult[] {
    const list: TemplateResult[] = [];
    let before = -1;
    for (const note of this.notes) {
      const at = note.at / end;
      if (note.tone === Tone.plain || at - before < tickGap || at > 1) continue;
      before = at;
      list.push(html`<i class=${["plain", "good", "warn", "bad"][note.tone] ?? ""} data-part=${part(at)}></i>`);
    }
    return list;
  }

  /** No style attribute may stand in the page, so places are set here. */
  protected override updated(): void {
    for (const tick of this.querySelectorAll<HTMLElement>("[data-part]")) {
      const place = `${tick.dataset["part"]}%`;
      if (tick.className === "gone") tick.style.width = place;
      else tick.style.left = place;
    }
  }
}

const part = (fraction: number): string => (Math.min(1, Math.max(0, fraction)) * 100).toFixed(2);
