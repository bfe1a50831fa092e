import { LitElement, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { words as numbers } from "../lang/numbers.ts";
import { words } from "../lang/stage.ts";
import { term } from "../lang/term.ts";
import { lineOf } from "../panel/lines.ts";
import { RangeKind, type Frame, type Topic } from "../source/frame.ts";
import { groupCard, producerCards, type CardEvents } from "./cards.ts";
import { hit, type Thing } from "./hit.ts";
import { icons } from "./icons.ts";
import type { Grip } from "./grip.ts";
import type { Box } from "./labels.ts";
import type { Layout } from "./layout.ts";
import { Painter, countStaves, mostFollowers, mostMarks } from "./painter.ts";
import { watchPalette } from "./theme.ts";

/** Cards and other text are brought up to date this often at most, in ms. */
const cardsEveryMs = 120;
/** ... and no more often than once in so many animation frames, unless they are so old: where frames are late, cards wait. */
const cardsEveryFrames = 7;
const cardsLateMs = 500;
const twinEveryMs = 1000;
const timingsKept = 300;
const firstTopic = "topic create orders partitions=3";

/** The panels that open below the stage. */
const panels = { ribbon: () => import("./ribbon.ts"), lane: () => import("./lane.ts") };
type PanelName = keyof typeof panels;

/**
 * The stage: canvases for tapes and flights, SVG for plugs, DOM for cards and text.
 * Events: pick (detail: Thing), view (detail: the topic to show, empty for all), say
 * (detail: text for the log), arranged (a new layout), toggle-play.
 */
@customElement("partita-stage")
export class PartitaStage extends LitElement implements CardEvents {
  @property({ attribute: false }) selected: Thing | null = null;
  @property() topic = ""; // the one in view; empty for the room's choice

  /** How long drawing took, for tests and the curious: ms of the newest frames. */
  timings: number[] = [];

  @state() private open: PanelName[] = [];
  /** What runs a line and what Kafka calls it; without them no mark can be moved. */
  @property({ attribute: false }) act: ((line: string) => Promise<string>) | null = null;
  @property({ attribute: false }) same: (line: string) => Promise<string> = async () => "";
  /** Whose run this is: it stands before lines that move marks. */
  @property() whose = "";
  private grip: Grip | null = null; // loaded at the first touch
  private aim: typeof import("./aim.ts") | null = null; // likewise
  private aiming: Promise<typeof import("./aim.ts")> | null = null;
  private frame: Frame | null = null;
  private painter: Painter | null = null;
  private stale = true; // the layout
  private cursor: Thing | null = null;
  private cardsAt = 0;
  private since = 0; // animation frames since then
  private twinAt = 0;
  private twin: ((frame: Frame) => TemplateResult) | null = null; // loaded when it is first opened
  private table: TemplateResult | typeof nothing = nothing;
  private structure = "";
  private unwatch = (): void => {};
  private resized = new ResizeObserver(() => {
    this.stale = true;
    if (this.painter) this.tell(null); // what it is about is elsewhere now
  });

  /** Something moves: a record in flight is drawn further than the frame had it. */
  get moves(): boolean {
    return (this.painter?.ahead ?? 0) > 0 && (this.frame?.flights.some((f) => f.lasts > 0) ?? false);
  }

  get layout(): Layout | null {
    return this.painter?.layout ?? null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unwatch = watchPalette(() => {
      this.painter?.readColours();
      this.stale = true;
    });
    this.resized.observe(this);
    this.addEventListener("rearrange", this.rearrange);
    if (!this.painter) return;
    this.resized.observe(this.querySelector(".stage-scroll")!); // it was here before
    this.painter.open();
  }

  private rearrange = (): void => void (this.stale = true);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch();
    this.resized.disconnect();
    this.painter?.close();
    this.stale = true;
  }

  /**
   * Draws a frame; called in every animation frame, fresh when the frame is a new one. Age
   * is for how many ms the page has shown it in another way.
   */
  draw(frame: Frame, fresh: boolean, age = 0): void {
    const now = performance.now();
    this.frame = frame;
    this.since++;
    if (fresh || this.stale) this.follow(frame, now);
    if (age > 0) this.painter!.age = age;
    this.painter?.paint(frame, fresh, now);
    if (this.grip?.holds) this.grip.place();
    this.timings.push(performance.now() - now);
    if (this.timings.length > timingsKept) this.timings.shift();
  }

  /** Takes over what a new frame says; cards and layout follow when they must. */
  private follow(frame: Frame, now: number): void {
    const structure = structureOf(frame);
    const changed = structure !== this.structure;
    if (changed || this.stale || this.cardsDue(now - this.cardsAt)) {
      this.cardsAt = now;
      this.since = 0;
      this.structure = structure;
      this.requestUpdate();
      this.performUpdate();
      this.painter ??= this.newPainter();
      if (changed || this.stale) {
        this.stale = false;
        this.painter.arrange(frame);
        this.dispatchEvent(new CustomEvent("arranged", { bubbles: true }));
      }
      this.painter.measure(frame);
    }
    this.painter!.follow(frame);
  }

  private cardsDue(ms: number): boolean {
    return ms > cardsLateMs || (ms > cardsEveryMs && this.since >= cardsEveryFrames);
  }

  private newPainter(): Painter {
    const part = <T extends Element>(selector: string): T => this.querySelector<T>(selector)!;
    this.resized.observe(part(".stage-scroll"));
    return new Painter({
      stage: this, scroll: part(".stage-scroll"), body: part(".stage-body"), room: part(".tape-room"),
      tapes: part("canvas.tapes"), flights: part("canvas.flights"), wires: part(".wires"),
    });
  }

  /** The texts on the canvas, where they stand in the window; for tests. */
  texts(): Box[] {
    const body = this.querySelector(".stage-body")!.getBoundingClientRect();
    return (this.painter?.texts() ?? []).map((b) => ({ ...b, x: b.x + body.x, y: b.y + body.y }));
  }

  // What a person does.

  pick(thing: Thing): void {
    this.dispatchEvent(new CustomEvent<Thing>("pick", { detail: thing, bubbles: true }));
  }

  point(group: number, member: number): void {
    this.painter?.point({ group, member });
  }

  unpoint(): void {
    this.painter?.point(null);
  }

  readonly stops = new Map<string, string>();
  stop(list: string, card: string): void {
    this.stops.set(list, card);
    this.requestUpdate();
  }

  private thingAt(event: PointerEvent | MouseEvent): Thing | null {
    const { frame, painter } = this;
    if (!frame || !painter?.layout) return null;
    const at = this.querySelector(".tape-room")!.getBoundingClientRect();
    const scrolls = painter.tapes.map((tape) => tape.scroll);
    return hit(frame, painter.layout, scrolls, painter.marks, event.clientX - at.left, event.clientY - at.top);
  }

  /** What is meant by a point of the window: what flies there, else what stands there. */
  private meant(aim: typeof import("./aim.ts"), event: PointerEvent | MouseEvent): Thing | null {
    const { frame, painter } = this;
    if (!frame || !painter?.layout || !(event.target instanceof Element) || event.target.closest("button, .card")) return null;
    const body = this.querySelector(".stage-body")!.getBoundingClientRect();
    const touch = (event as PointerEvent).pointerType === "touch";
    return aim.flightAt(frame, painter, event.clientX - body.left, event.clientY - body.top, touch)
      ?? (event.target.closest(".tape-room") ? this.thingAt(event) : null);
  }

  private hover = (event: PointerEvent): void => {
    if (event.pointerType === "touch") return;
    if (this.grip) this.grip.hover(event);
    else void this.gripped();
    if (!this.aim) return void this.aimed();
    const thing = this.meant(this.aim, event);
    this.querySelector(".stage-body")!.classList.toggle("over-flight", thing?.kind === "flight");
    this.tell(thing, event.clientX, event.clientY);
  };

  /** One promise for all who ask, so that keys take effect in the order in which they were pressed. */
  private aimed(): Promise<typeof import("./aim.ts")> {
    return (this.aiming ??= import("./aim.ts").then((aim) => (this.aim = aim), (error: unknown) => {
      this.aiming = null;
      throw error;
    }));
  }

  /** What moves marks; it is loaded when the pointer or the keyboard comes. */
  private async gripped(): Promise<Grip | null> {
    if (!this.act || !this.painter) return null;
    const { Grip: made } = await import("./grip.ts");
    return (this.grip ??= new made({
      stage: this, painter: this.painter, frame: () => this.frame!, line: (words) => this.whose + lineOf(words), pick: (thing) => this.pick(thing), act: (line) => this.act!(line), same: (line) => this.same(line),
      tell: (lines, x, y) => this.showTip(lines, x, y),
    }));
  }

  private press = async (event: PointerEvent): Promise<void> => {
    const room = event.currentTarget as HTMLElement;
    (await this.gripped())?.press(event, room);
  };

  private choose = (event: MouseEvent): void => {
    if (this.grip?.dragged) return;
    const pick = (aim: typeof import("./aim.ts")): void => {
      const thing = this.meant(aim, event);
      if (thing) this.pick(thing);
    };
    if (this.aim) pick(this.aim);
    else void this.aimed().then(pick);
  };

  /** Shows the small card about a thing at a place of the window. */
  private tell(thing: Thing | null, x = 0, y = 0): void {
    if (this.grip?.holds) return;
    const lines = thing && this.frame && this.aim && thing.kind !== "stave" ? this.aim.describe(this.frame, thing) : [];
    this.showTip(lines.map((text) => ({ text })), x, y);
  }

  private showTip(lines: { text: string; look?: string }[], x: number, y: number): void {
    const tip = this.querySelector<HTMLElement>(".tip")!;
    tip.hidden = lines.length === 0;
    if (tip.hidden) return;
    tip.replaceChildren(...lines.map(({ text, look = "" }) => Object.assign(document.createElement(look.startsWith("code") ? "code" : "span"), { textContent: text, className: look })));
    const body = this.querySelector(".stage-body")!.getBoundingClientRect();
    const left = Math.min(x - body.left + 14, body.width - tip.offsetWidth - 8);
    tip.style.transform = `translate(${Math.max(4, left)}px, ${y - body.top + 18}px)`;
  }

  /** Arrow keys walk over the records, W over what else is at a stave; the strip says where one is. */
  private keys = (event: KeyboardEvent): void => {
    const { frame } = this;
    if (!frame || event.target !== event.currentTarget || frame.staves.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const step: Record<string, [number, number]> = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -Infinity], End: [0, Infinity] };
    const move = step[event.key];
    const key = event.key.toLowerCase();
    if (event.key === "Enter") void this.aimed().then(() => this.cursor && this.pick(this.cursor)); // after the steps before it
    if (event.key === "Escape") this.tell(null);
    if (key === "m") void this.gripped().then((grip) => grip?.enter(this.cursor));
    if (event.key === " ") {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("toggle-play", { bubbles: true }));
    }
    if (!move && key !== "w") return;
    event.preventDefault();
    void this.aimed().then((aim) => this.step(aim, key === "w" ? (event.shiftKey ? -1 : 1) : move!));
  };

  /** Goes to another record, or to the next thing around the stave, and tells of it. */
  private step(aim: typeof import("./aim.ts"), move: [number, number] | 1 | -1): void {
    const { frame, painter } = this;
    if (!frame || !painter?.layout || frame.staves.length !== painter.layout.staves.length) return;
    this.cursor = typeof move === "number" ? aim.walk(frame, painter, this.cursor, move) : aim.nextCell(frame, this.cursor, move);
    if (!this.cursor) return;
    const room = this.querySelector(".tape-room")!.getBoundingClientRect();
    const at = aim.below(frame, painter, this.cursor);
    this.tell(this.cursor, room.left + at.x, room.top + at.y);
    this.dispatchEvent(new CustomEvent<string>("say", { detail: aim.describe(frame, this.cursor).join(", "), bubbles: true }));
  }

  private openTwin = async (): Promise<void> => {
    this.twin ??= (await import("./twin.ts")).twin;
    this.twinAt = 0;
    this.requestUpdate();
  };

  protected override render(): TemplateResult {
    const { frame } = this;
    return html`
      <div class="stage-bar">${frame ? this.bar(frame) : nothing}</div>
      <div class="stage-scroll" tabindex="0" role="group" aria-label=${words.label} aria-describedby="stage-summary" @keydown=${this.keys}
          @blur=${() => this.tell(null)}>
        <p class="unseen" id="stage-summary">${frame ? summary(frame) : words.loading}</p>
        <div class="stage-body" @pointermove=${this.hover} @pointerleave=${() => this.tell(null)} @click=${this.choose}>
          <svg class="wires" aria-hidden="true"></svg>
          <div class="producers">${frame ? producerCards(frame.producers, this) : nothing}</div>
          <div class="tape-room" @pointerdown=${this.press}>
            <canvas class="tapes" aria-hidden="true"></canvas>
            ${frame?.topics.map((t, i) => (t.inView ? html`<div class="head" data-topic=${i}><button type="button" @click=${() => this.pick({ kind: "topic", topic: t.name })}>${t.name}</button> <span>${detailOf(t)}</span></div>` : nothing))}
            ${frame && frame.topics.length === 0 ? this.empty(frame) : nothing}
          </div>
          <div class="groups">${frame?.groups.map((g, i) => groupCard(frame, g, i, this))}</div>
          <canvas class="flights" aria-hidden="true"></canvas>
          <div class="tip" hidden></div>
        </div>
      </div>
      ${this.open.map((name) => html`<div class="stage-panel" @shut=${() => void this.toggle(name)}>${name === "ribbon"
        ? html`<partita-ribbon .frame=${frame} .group=${this.group()}></partita-ribbon>` : html`<partita-lane .frame=${frame} .group=${this.group()}></partita-lane>`}</div>`)}
      <div class="stage-foot">${legend(frame?.staves.some((s) => s.ranges.some((r) => transactions.includes(r.kind))) ?? false)}
        <div class="openers">${(Object.keys(panels) as PanelName[]).map((name) => html`<button type="button" class="opener" aria-expanded=${this.open.includes(name)} @click=${() => void this.toggle(name)}>${icons[name]()} ${words[name]}</button>`)}
        <details class="twin" @toggle=${this.openTwin}><summary>${icons.table()} ${words.asTable}</summary>
          <div class="twin-body" tabindex="0" role="region" aria-label=${words.tables}>${this.rows()}</div></details></div>
      </div>`;
  }

  /** Opens or closes a panel; its script is loaded when it is first opened. */
  private async toggle(name: PanelName): Promise<void> {
    if (this.open.includes(name)) {
      this.open = this.open.filter((n) => n !== name);
      await this.updateComplete;
      [...this.querySelectorAll<HTMLElement>(".opener")].find((b) => b.textContent?.includes(words[name]))?.focus();
      return;
    }
    await panels[name]();
    this.open = [...this.open, name];
  }

  /** The group that is selected, or that of the selected member. */
  private group(): string {
    return this.selected && "group" in this.selected ? this.selected.group : "";
  }

  /** A cluster in which nothing is yet. */
  private empty(frame: Frame): TemplateResult {
    const line = (text: string): void => void this.dispatchEvent(new CustomEvent<string>("line", { detail: text, bubbles: true }));
    return html`<div class="empty">
      <h2>${words.emptyTitle}</h2>
      <p>${words.emptyText}</p>
      <p><button type="button" class="primary" @click=${() => line(firstTopic)}>${words.addTopic}</button>
        ${frame.live ? nothing : html`<a class="button" href=${location.pathname}>${words.openingAgain}</a>`}</p>
      <p>${words.noTopic} <code>${firstTopic}</code></p>
    </div>`;
  }

  private rows(): TemplateResult | typeof nothing {
    const open = this.querySelector<HTMLDetailsElement>("details.twin")?.open;
    const now = performance.now();
    if (open && this.twin && this.frame && now - this.twinAt > twinEveryMs) {
      this.twinAt = now;
      this.table = this.twin(this.frame);
    }
    return this.table;
  }

  private bar(frame: Frame): TemplateResult {
    const several = frame.topics.length > 1;
    return html`
      <span class="pills" role="list" aria-label=${words.brokers}>${frame.brokers.map((b) => html`<span role="listitem"><button type="button" class="pill ${b.up ? "up" : "down"}" @click=${() => this.pick({ kind: "broker", id: b.id })}><i></i><b>${b.id}</b> ${b.label || (b.up ? "" : words.brokerDown)}</button></span>`)}</span>
      ${several ? html`<span class="switch" role="group" aria-label=${words.topicsInView}>
        ${["", ...frame.topics.map((t) => t.name)].map((name) => html`<button type="button" aria-pressed=${name === this.topic} @click=${() => this.show(name)}>${name || words.allTopics}</button>`)}
      </span>` : nothing}`;
  }

  private show(topic: string): void {
    this.topic = topic;
    this.dispatchEvent(new CustomEvent<string>("view", { detail: topic, bubbles: true }));
  }
}

/** The stage in one sentence, for its label. */
function summary(frame: Frame): string {
  const topics = frame.topics.filter((t) => t.inView).map((t) => words.topicIs(t.name, t.detail));
  const groups = frame.groups.map((g) => words.groupIs(g.name, g.state, numbers.members(g.members.length), g.lag));
  return [...topics, ...groups].join(" ") || words.noTopicYet;
}

/** A topic in a few words: its partitions, and how safely each record is kept. */
function detailOf(t: Topic): string {
  return words.partitionCount(t.partitions) + (t.replicas > 1 ? ` · ${words.safety(t.replicas, t.minIsr)}` : "");
}

/** What the layout depends on, as text: when it is the same, nothing moves. */
function structureOf(frame: Frame): string {
  return [
    countStaves(frame).join(), mostMarks(frame), mostFollowers(frame), frame.brokers.length, frame.producers.map((p) => `${p.lines.length}${p.failed > 0}`).join(),
    frame.groups.map((g) => `${g.name} ${g.state} ${g.generation} ${g.detail.length > 0} ${g.members.map((m) => `${m.name}${m.state}${m.chips.length}`).join()}`).join(),
  ].join("|");
}

const sign = (body: SVGTemplateResult): TemplateResult => html`<svg class="sign" width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">${body}</svg>`;

const transactions: number[] = [RangeKind.open, RangeKind.aborted, RangeKind.committed];

/** What the signs mean; those of transactions while there are some. */
function legend(some: boolean): TemplateResult {
  return html`<ul class="legend" aria-label=${words.legend}>
    <li>${sign(svg`<path d="M11 2v12.5" stroke="currentColor" stroke-width="1.6"></path><path d="M11 2L2.5 5.5 11 9z" fill="currentColor"></path>`)} ${term("committed", words.committed)}</li>
    <li>${sign(svg`<path d="M8 2l5 6-5 6-5-6z" fill="currentColor"></path>`)} ${term("position", words.position)}</li>
    <li>${sign(svg`<path class="hw" d="M8 1v14"></path>`)} ${term("highWatermark", words.highWatermark)}</li>
    <li>${sign(svg`<rect x="2.5" y="2.5" width="11" height="11" rx="2.5" fill="none" stroke="currentColor" stroke-dasharray="2.4 2.4"></rect>`)} ${term("logEnd", words.logEnd)}</li>
    <li><span class="sign unread"></span> ${words.unread}</li>
    ${some ? html`<li>${sign(svg`<path d="M2.5 10V5.5h11V10" fill="none" stroke="currentColor" stroke-width="1.6"></path>`)} ${words.transaction}</li>
      <li>${sign(svg`<path d="M8 1v14" stroke="currentColor" stroke-width="2" stroke-dasharray="1.8 2.4"></path>`)} ${words.stable}</li>` : nothing}
  </ul>`;
}
