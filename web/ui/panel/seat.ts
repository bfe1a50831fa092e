import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { words as numbers } from "../lang/numbers.ts";
import { words } from "../lang/seat.ts";
import { State, type Note, type Seat, type SeatPart } from "../source/frame.ts";
import { SeatSource } from "../source/seat-source.ts";
import { socketUrl } from "../source/socket.ts";
import type { SourceState } from "../source/source.ts";
import { clockCard } from "./clock.ts";
import "./part.ts";
import { parseHistory, type Processed } from "./history.ts";
import { tones } from "./strip.ts";

/** How often the page draws without news, so that its clocks drain, in ms. */
const tickMs = 200;
const notesShown = 8;
/** Steps of the slider: how long this tab takes for one record. */
const paces = [0, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/**
 * Settings of the tab's consumer; the address of the page may set others, by Kafka's
 * names: /room/main/seat?session.timeout.ms=6000. A session of 10 s was Kafka's default up
 * to 2.8; today's 45 s would be long to wait for in front of a class.
 */
const defaults: Record<string, string> = { "session.timeout.ms": "10000", "heartbeat.interval.ms": "3000", process: "100ms" };

/** A tab that is a consumer. Attributes: room, group, topics. */
@customElement("partita-seat")
export class PartitaSeat extends LitElement {
  @property() room = "main";
  @property() group = "tabs";
  @property() topics = "orders";

  @state() private seat: Seat | null = null;
  @state() private link: SourceState = { kind: "opening" };
  @state() private frozen = false;
  @state() private wrong = "";
  @state() private said = "";
  private source: SeatSource | null = null;
  private heardAt = 0; // when the newest picture came
  private spoken = 0;
  private ticker: ReturnType<typeof setInterval> | undefined;
  private first: Element[] = [];

  protected override createRenderRoot(): HTMLElement {
    this.first = [...this.children];
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    try {
      this.source = this.connect();
    } catch (error) {
      this.link = { kind: "failed", why: error instanceof Error ? error.message : String(error) };
      return;
    }
    this.source.onstate = (link) => (this.link = link);
    this.source.onseat = (seat) => this.take(seat);
    this.ticker = setInterval(() => this.stale && this.requestUpdate(), tickMs);
    addEventListener("pagehide", this.bye);
    addEventListener("pageshow", this.back);
  }

  /** Where pictures come from; the development page puts its own here. */
  connect(): SeatSource {
    return new SeatSource(socketUrl(this.room), this.config());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ticker);
    removeEventListener("pagehide", this.bye);
    removeEventListener("pageshow", this.back);
    this.source?.bye();
  }

  /** Every record that this tab processed, oldest first. */
  async history(): Promise<Processed[]> {
    return this.source ? parseHistory(await this.source.history()) : [];
  }

  private config(): string {
    const settings: Record<string, string> = { ...defaults, room: this.room, "group.id": this.group, topics: this.topics, name: keptName(this.room) };
    for (const [name, value] of new URLSearchParams(location.search)) if (name !== "lang") settings[name] = value; // that one is the server's
    return Object.entries(settings).filter(([, value]) => value !== "").map(([name, value]) => `${name}=${value.replace(/[\r\n]/g, " ")}`).join("\n");
  }

  private bye = (): void => this.source?.bye();

  /** A page that comes back from the browser's cache has left its group: start again. */
  private back = (event: PageTransitionEvent): void => {
    if (event.persisted) location.reload();
  };

  private get stale(): boolean {
    return performance.now() - this.heardAt > tickMs;
  }

  private take(seat: Seat): void {
    this.seat = seat;
    this.heardAt = performance.now();
    keepName(this.room, seat.name);
    const title = words.title(seat.name || words.seat, seat.parts.length, seat.room);
    if (document.title !== title) document.title = title;
    const news = seat.notes.filter((note) => note.seq > this.spoken);
    this.spoken = Math.max(this.spoken, seat.lastNote);
    if (news.length > 0) this.said = news.map((note) => note.text).join(" ");
    requestAnimationFrame(() => this.source?.pull());
  }

  private order = async (line: string): Promise<void> => {
    this.wrong = (await this.source?.order(line)) ?? "";
  };

  private freeze(frozen: boolean): void {
    this.frozen = frozen;
    this.source?.freeze(frozen);
  }

  private download = async (): Promise<void> => {
    const text = (await this.source?.history()) ?? "";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = `${this.seat?.name || "seat"}-processed.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  protected override updated(): void {
    if (!this.seat) return;
    for (const node of this.first) if (node.parentNode === this) node.remove();
    this.first = [];
  }

  protected override render(): TemplateResult {
    const { seat } = this;
    return html`${this.banner()}${seat ? this.body(seat) : nothing}
      <p class="unseen" role="log" aria-live="polite">${this.said}</p>`;
  }

  private banner(): TemplateResult | typeof nothing {
    const { link } = this;
    if (link.kind === "failed") {
      return html`<div class="banner bad" role="alert"><span>${link.why}</span><button type="button" @click=${() => location.reload()}>${words.reload}</button></div>`;
    }
    if (link.kind === "reconnecting") {
      return html`<div class="banner" role="status"><span>${link.why} ${words.tryingAgain}</span></div>`;
    }
    return nothing;
  }

  private body(seat: Seat): TemplateResult {
    const out = seat.state === State.crashed || seat.state === State.gone;
    const since = this.stale ? performance.now() - this.heardAt : 0;
    const left = (ms: number): number => Math.max(0, ms - since);
    const title = this.frozen
      ? words.frozen
      : seat.title;
    return html`
      <p class="where">${words.room} <b>${seat.room}</b> · ${words.group} <b>${seat.group}</b>${seat.generation > 0 ? html` · ${words.generation} <b>${seat.generation}</b>` : nothing}${seat.protocol ? ` · ${seat.protocol}` : ""}</p>
      <h1>${words.youAre} <i>${seat.name || words.joining}</i></h1>
      <p class="lead">${title}</p>
      <div class="clocks">
        ${clockCard({ ...seat.session, left: left(seat.session.left) }, "session", words.session, out)}
        ${clockCard({ ...seat.poll, left: left(seat.poll.left) }, "poll", words.poll, out)}
      </div>
      <div class="seat-columns">
        <div class="parts" aria-label=${words.partitions}>
          ${seat.parts.map((part) => partCard(part))}
          ${seat.parts.length === 0 ? html`<p class="empty">${out ? words.noMember : words.noPartition}</p>` : nothing}
        </div>
        <div class="seat-side">
          ${this.notes(seat.notes)}
          ${this.pace(seat)}
          <p class="hint">${words.processed(numbers.records(seat.processed))} <button type="button" class="quiet" @click=${this.download}>${words.download}</button></p>
          <p class="hint"><a href="/room/${encodeURIComponent(this.room)}">${words.watch}</a> · <a href=${location.pathname + location.search} target="_blank">${words.another}</a></p>
        </div>
      </div>
      <div class="seat-bar" role="group" aria-label=${words.actions}>
        ${this.wrong ? html`<p class="bad" role="alert">${this.wrong}</p>` : nothing}
        ${this.buttons(seat, out)}
      </div>`;
  }

  private notes(notes: Note[]): TemplateResult {
    const newest = [...notes].reverse().slice(0, notesShown);
    return html`<ol class="say" aria-label=${words.whatHappened}>${newest.map((n) => html`<li class="tone ${tones[n.tone]}">${n.text}</li>`)}
      ${newest.length === 0 ? html`<li>${words.nothingYet}</li>` : nothing}</ol>`;
  }

  private pace(seat: Seat): TemplateResult {
    const at = paces.findIndex((ms) => ms >= seat.processMs);
    return html`<label class="pace">${words.timeToProcess} <b>${paceOf(seat.processMs)}</b>
      <input type="range" min="0" max=${paces.length - 1} step="1" .value=${String(at < 0 ? paces.length - 1 : at)}
        aria-valuetext=${paceOf(seat.processMs)} @input=${(e: Event) => void this.order(`process=${paces[Number((e.target as HTMLInputElement).value)]}ms`)}></label>`;
  }

  private buttons(seat: Seat, out: boolean): TemplateResult {
    const button = (label: string, line: string, look = ""): TemplateResult =>
      html`<button type="button" class=${look} @click=${() => void this.order(line)}>${label}</button>`;
    if (this.frozen) return html`<button type="button" class="go" @click=${() => this.freeze(false)}>${words.thaw}</button>`;
    if (out) return html`${button(words.restart, "restart", "go")}`;
    return html`
      ${button(seat.uncommitted > 0 ? words.commitSome(seat.uncommitted) : words.commit, "commit", "go")}
      ${seat.polling ? button(words.stopPolling, "stop") : button(words.pollAgain, "poll")}
      <button type="button" @click=${() => this.freeze(true)}>${words.freeze}</button>
      ${button(words.leave, "leave")}
      ${button(words.crash, "crash", "danger")}`;
  }
}

function partCard(part: SeatPart): TemplateResult {
  return html`<section class="part" aria-label=${part.label}>
    <h2>${part.label} <span>${part.detail}</span></h2>
    <partita-part .owned=${part}></partita-part>
    <p class="marks"><span>${words.committed(offset(part.committed))}</span><span>${words.processedTo(offset(part.processed))}</span><span>${words.position(offset(part.position))}</span><span>${words.highWatermark(offset(part.hw))}</span></p>
  </section>`;
}

const paceOf = (ms: number): string => (ms < 1000 ? numbers.milliseconds(ms) : numbers.seconds(String(ms / 1000)));
const offset = (o: number): string => (o < 0 ? "–" : String(o));

const nameKey = (room: string): string => `partita-seat-${room}`;

function keptName(room: string): string {
  try {
    return sessionStorage.getItem(nameKey(room)) ?? "";
  } catch {
    return "";
  }
}

function keepName(room: string, name: string): void {
  try {
    if (name) sessionStorage.setItem(nameKey(room), name);
  } catch {
    // The name is then a new one after a reload.
  }
}
