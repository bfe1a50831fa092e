import { LitElement, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { State, type Frame } from "../source/frame.ts";
import { groupCard, producerCard, type CardEvents } from "./cards.ts";
import { drawFlights } from "./flights.ts";
import { describe, hit, sameThing, type Thing } from "./hit.ts";
import { icons } from "./icons.ts";
import { layout, type Layout } from "./layout.ts";
import { Plugs, plugsOf, type Plug, type Point } from "./plugs.ts";
import { Sprites } from "./sprites.ts";
import { Tape, drawStave, type Brush, type NamedMark } from "./tape.ts";
import { readPalette, watchPalette, type Palette } from "./theme.ts";
import { summary, twin } from "./twin.ts";

/** Cards and other text are brought up to date this often at most, in ms. */
const cardsEveryMs = 120;
const twinEveryMs = 1000;
/** Canvases larger than this are drawn at a lower resolution. */
const pixelsMost = 16_000_000;

/**
 * The stage: canvases for tapes and flights, SVG for plugs, DOM for cards and text.
 * Events: pick (detail: Thing) when something is chosen, view (detail: topic name or "").
 */
@customElement("partita-stage")
export class PartitaStage extends LitElement implements CardEvents {
  @property({ attribute: false }) selected: Thing | null = null;
  @property() topic = ""; // the one in view; empty for the room's choice

  layout: Layout | null = null;
  /** How long drawing took, for tests and the curious: ms of the newest frames. */
  timings: number[] = [];

  private frame: Frame | null = null;
  private palette!: Palette;
  private sprites!: Sprites;
  private small!: Sprites;
  private tapes = new Map<string, Tape>();
  private byStave: Tape[] = [];
  private marks: NamedMark[][] = [];
  private plugs: Plugs | null = null;
  private lastPlugs: { plugs: Plug[]; keys: string[] } = { plugs: [], keys: [] };
  private anchors = new Map<string, Point>();
  private producers: (Point | undefined)[] = [];
  private offset: Point = { x: 0, y: 0 };
  private ratio = 1;
  private wide = false;
  private stale = true; // the layout
  private repaint = true; // all tapes
  private pointed: { group: number; member: number } | null = null;
  private cursor: Thing | null = null;
  private drawnAt = 0;
  private cardsAt = 0;
  private twinAt = 0;
  private structure = "";
  private flew = false;
  private still = matchMedia("(prefers-reduced-motion: reduce)");
  private unwatch = (): void => {};
  private resized = new ResizeObserver(() => (this.stale = true));

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unwatch = watchPalette(() => {
      this.palette = readPalette(this);
      this.stale = true;
    });
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch();
    this.resized.disconnect();
  }

  /** Draws a frame; called in every animation frame, fresh when the frame is a new one. */
  draw(frame: Frame, fresh: boolean): void {
    const now = performance.now();
    this.frame = frame;
    if (fresh || this.stale) this.follow(frame, now);
    if (!this.layout || this.byStave.length !== frame.staves.length) return;
    this.paint(frame, Math.min(100, now - this.drawnAt), fresh, now);
    this.drawnAt = now;
    this.timings.push(performance.now() - now);
    if (this.timings.length > 300) this.timings.shift();
  }

  /** Takes over what a new frame says; cards and layout follow when they must. */
  private follow(frame: Frame, now: number): void {
    const structure = structureOf(frame);
    const changed = structure !== this.structure;
    if (changed || this.stale || now - this.cardsAt > cardsEveryMs) {
      this.cardsAt = now;
      this.structure = structure;
      this.requestUpdate();
      this.performUpdate();
      if (changed || this.stale) this.arrange(frame);
      this.measure(frame);
    }
    this.marks = frame.staves.map(() => []);
    for (const mark of frame.marks) {
      const group = frame.groups[mark.group];
      if (!group) continue;
      this.marks[mark.stave]?.push({ ...mark, groupName: group.name, owner: group.members[mark.member]?.name ?? "", hue: group.hue });
    }
    this.byStave = frame.staves.map((s) => {
      const key = `${frame.topics[s.topic]?.name}/${s.partition}`;
      let tape = this.tapes.get(key);
      if (!tape) this.tapes.set(key, (tape = new Tape()));
      return tape;
    });
    if (this.tapes.size > 2 * this.byStave.length + 64) this.tapes.clear();
  }

  private paint(frame: Frame, ms: number, fresh: boolean, now: number): void {
    const l = this.layout!;
    const still = this.still.matches;
    const brush: Brush = {
      ctx: this.canvas("tapes").getContext("2d")!, layout: l, palette: this.palette, sprites: this.sprites,
      width: this.room.clientWidth, owners: !this.wide, brokers: frame.brokers.length > 1,
    };
    frame.staves.forEach((stave, i) => {
      const tape = this.byStave[i]!;
      const moved = tape.step(stave, Math.max(2, l.columns), ms, still);
      if (!fresh && !moved && !this.repaint) return;
      const dim = this.pointed !== null && !this.isPointed(this.marks[i]!);
      if (tape.changed(stave, this.marks[i]!, dim) || this.repaint) drawStave(brush, l.staves[i]!, stave, tape, this.marks[i]!, dim);
    });
    this.repaint = false;
    this.wire(frame, fresh, now, still);
    this.fly(frame);
  }

  private isPointed(marks: NamedMark[]): boolean {
    return marks.some((m) => m.group === this.pointed!.group && (this.pointed!.member < 0 || m.member === this.pointed!.member));
  }

  private moving = false;
  private wire(frame: Frame, fresh: boolean, now: number, still: boolean): void {
    if (!fresh && !this.moving) return;
    if (fresh) {
      this.lastPlugs = this.wide
        ? plugsOf(frame, this.layout!, this.offset, (g, m) => this.anchors.get(`${g}/${m}`))
        : { plugs: [], keys: [] };
    }
    const gone = (plug: Plug): boolean => {
      const state = frame.groups[plug.group]?.members[plug.member]?.state ?? State.active;
      return state === State.frozen || state === State.crashed || state === State.gone;
    };
    this.moving = this.plugs!.update(this.lastPlugs.plugs, this.lastPlugs.keys, gone, now, still);
    const svg = this.querySelector(".wires")!;
    svg.classList.toggle("many", this.lastPlugs.plugs.length > 24);
    svg.classList.toggle("pointed", this.pointed !== null);
    if (this.pointed) {
      this.lastPlugs.plugs.forEach((plug, i) => {
        const on = plug.group === this.pointed!.group && (this.pointed!.member < 0 || plug.member === this.pointed!.member);
        svg.children[i]?.classList.toggle("on", on);
      });
    }
  }

  private fly(frame: Frame): void {
    const flies = frame.flights.length > 0 && !this.still.matches;
    if (!flies && !this.flew) return;
    this.flew = flies;
    const canvas = this.canvas("flights");
    const ctx = canvas.getContext("2d")!;
    ctx.clearRect(0, 0, canvas.width / this.ratio, canvas.height / this.ratio);
    if (!flies) return;
    drawFlights({
      ctx, layout: this.layout!, palette: this.palette, sprites: this.small, offset: this.offset, wires: this.wide, tapes: this.byStave,
      producer: (index) => this.producers[index],
      member: (group, member) => this.anchors.get(`${group}/${member}`),
    }, frame);
  }

  private canvas(name: string): HTMLCanvasElement {
    return this.querySelector<HTMLCanvasElement>(`canvas.${name}`)!;
  }

  private get room(): HTMLElement {
    return this.querySelector<HTMLElement>(".tape-room")!;
  }

  /** Computes the layout anew and sizes the canvases. */
  private arrange(frame: Frame): void {
    this.palette ??= readPalette(this);
    this.plugs ??= new Plugs(this.querySelector<SVGSVGElement>(".wires")!);
    const scroll = this.querySelector<HTMLElement>(".stage-scroll")!;
    const body = this.querySelector<HTMLElement>(".stage-body")!;
    const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    this.wide = this.clientWidth >= 720 * unit;
    this.toggleAttribute("wide", this.wide);
    body.classList.toggle("alone", frame.producers.length === 0);
    const flows = getComputedStyle(scroll).overflowY === "visible";
    const { room } = this;
    const l = layout({
      width: room.clientWidth,
      height: flows ? Infinity : scroll.clientHeight - 2 * 14 * unit,
      unit,
      topics: countStaves(frame),
      groups: frame.groups.length,
      wires: this.wide && frame.groups.length > 0,
    });
    this.layout = l;
    room.style.height = `${l.height}px`;
    room.querySelectorAll<HTMLElement>(".head").forEach((head) => {
      head.style.transform = `translateY(${l.heads[Number(head.dataset["topic"])] ?? 0}px)`;
    });
    this.ratio = Math.min(devicePixelRatio || 1, Math.sqrt(pixelsMost / Math.max(1, body.clientWidth * body.scrollHeight)));
    size(this.canvas("tapes"), room.clientWidth, l.height, this.ratio);
    size(this.canvas("flights"), 0, 0, this.ratio);
    size(this.canvas("flights"), body.clientWidth, body.scrollHeight, this.ratio);
    const gap = Math.max(1, Math.min(3 * unit, l.cellW * 0.12));
    this.sprites = new Sprites(l.cellW - gap, l.cellH, this.ratio, this.palette);
    const fly = Math.max(10 * unit, Math.min(22 * l.unit, l.cellH * 0.75));
    this.small = new Sprites(fly, fly, this.ratio, this.palette);
    for (const tape of this.tapes.values()) tape.scroll = NaN;
    this.stale = false;
    this.repaint = true;
    this.dispatchEvent(new CustomEvent("arranged", { bubbles: true }));
  }

  /** Finds out where cards and members stand, for plugs and flights. */
  private measure(frame: Frame): void {
    const body = this.querySelector(".stage-body")!.getBoundingClientRect();
    const room = this.room.getBoundingClientRect();
    this.offset = { x: room.left - body.left, y: room.top - body.top };
    this.anchors.clear();
    if (this.wide) {
      for (const row of this.querySelectorAll<HTMLElement>("[data-member]")) {
        const at = row.getBoundingClientRect();
        this.anchors.set(row.dataset["member"]!, { x: at.left - body.left - 8, y: at.top - body.top + Math.min(at.height, 30) / 2 });
      }
    }
    this.producers = frame.producers.map(() => undefined);
    for (const card of this.querySelectorAll<HTMLElement>("[data-producer]")) {
      const at = card.getBoundingClientRect();
      if (this.wide) this.producers[Number(card.dataset["producer"])] = { x: at.right - body.left, y: at.top - body.top + at.height / 2 };
    }
  }

  // What a person does.

  pick(thing: Thing): void {
    this.dispatchEvent(new CustomEvent<Thing>("pick", { detail: thing, bubbles: true }));
  }

  point(group: number, member: number): void {
    this.pointed = { group, member };
    this.repaint = true;
  }

  unpoint(): void {
    this.pointed = null;
    this.repaint = true;
  }

  private thingAt(event: PointerEvent | MouseEvent): Thing | null {
    if (!this.frame || !this.layout) return null;
    const at = this.room.getBoundingClientRect();
    const scrolls = this.byStave.map((tape) => tape.scroll);
    return hit(this.frame, this.layout, scrolls, this.marks, event.clientX - at.left, event.clientY - at.top);
  }

  private hover = (event: PointerEvent): void => {
    if (event.pointerType === "touch") return;
    this.tell(this.thingAt(event), event.clientX, event.clientY);
  };

  private choose = (event: MouseEvent): void => {
    const thing = this.thingAt(event);
    if (thing) this.pick(thing);
  };

  /** Shows the small card about a thing at a place of the window. */
  private tell(thing: Thing | null, x = 0, y = 0): void {
    const tip = this.querySelector<HTMLElement>(".tip")!;
    const lines = thing && this.frame && thing.kind !== "stave" ? describe(this.frame, thing) : [];
    tip.hidden = lines.length === 0;
    if (tip.hidden) return;
    tip.replaceChildren(...lines.map((line) => Object.assign(document.createElement("span"), { textContent: line })));
    const body = this.querySelector(".stage-body")!.getBoundingClientRect();
    const left = Math.min(x - body.left + 14, body.width - tip.offsetWidth - 8);
    tip.style.transform = `translate(${Math.max(4, left)}px, ${y - body.top + 18}px)`;
  }

  /** Arrow keys walk over the records; the strip says where one is. */
  private keys = (event: KeyboardEvent): void => {
    const { frame } = this;
    if (!frame || event.target !== event.currentTarget || frame.staves.length === 0) return;
    const step: Record<string, [number, number]> = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -Infinity], End: [0, Infinity] };
    const move = step[event.key];
    if (event.key === "Enter" && this.cursor) this.pick(this.cursor);
    if (event.key === "Escape") this.tell(null);
    if (!move) return;
    event.preventDefault();
    const at = this.cursor?.kind === "cell" ? this.cursor : null;
    let index = at ? frame.staves.findIndex((s) => s.partition === at.partition && frame.topics[s.topic]?.name === at.topic) : -1;
    index = at && index >= 0 ? Math.max(0, Math.min(frame.staves.length - 1, index + move[0])) : 0;
    const stave = frame.staves[index]!;
    const from = at ? at.offset + move[1] : stave.leo - 1;
    const offset = Math.max(stave.first, Math.min(stave.leo, from));
    this.cursor = { kind: "cell", topic: frame.topics[stave.topic]?.name ?? "", partition: stave.partition, offset };
    const l = this.layout!;
    const room = this.room.getBoundingClientRect();
    this.tell(this.cursor, room.left + l.left + (offset - this.byStave[index]!.scroll) * l.cellW, room.top + l.staves[index]!.cells + l.cellH);
    this.dispatchEvent(new CustomEvent<string>("say", { detail: describe(frame, this.cursor).join(", "), bubbles: true }));
  };

  private openTwin = (): void => {
    this.twinAt = 0;
    this.requestUpdate();
  };

  protected override render(): TemplateResult {
    const { frame } = this;
    return html`
      <div class="stage-bar">${frame ? this.bar(frame) : nothing}</div>
      <div class="stage-scroll" tabindex="0" role="group" aria-label="The stage. Arrow keys walk over the records." aria-describedby="stage-summary" @keydown=${this.keys}
          @blur=${() => this.tell(null)}>
        <p class="unseen" id="stage-summary">${frame ? summary(frame) : "Loading"}</p>
        <div class="stage-body">
          <svg class="wires" aria-hidden="true"></svg>
          <div class="producers">${frame?.producers.map((p, i) => producerCard(p, i, this))}</div>
          <div class="tape-room" @pointermove=${this.hover} @pointerleave=${() => this.tell(null)} @click=${this.choose}>
            <canvas class="tapes" aria-hidden="true"></canvas>
            ${frame?.topics.map((t, i) => (t.inView ? html`<div class="head" data-topic=${i}><button type="button" @click=${() => this.pick({ kind: "topic", topic: t.name })}>${t.name}</button> <span>${t.detail}</span></div>` : nothing))}
            ${frame && frame.topics.length === 0 ? html`<p class="empty">There is no topic yet. Add one on the right, or type <code>topic create orders partitions=3</code>.</p>` : nothing}
          </div>
          <div class="groups">${frame?.groups.map((g, i) => groupCard(frame, g, i, this))}</div>
          <canvas class="flights" aria-hidden="true"></canvas>
          <div class="tip" hidden></div>
        </div>
      </div>
      <div class="stage-foot">${legend()}
        <details class="twin" @toggle=${this.openTwin}><summary>${icons.table()} Show as a table</summary>
          <div class="twin-body" tabindex="0">${this.table()}</div></details>
      </div>`;
  }

  private made: TemplateResult | typeof nothing = nothing;
  private table(): TemplateResult | typeof nothing {
    const open = this.querySelector<HTMLDetailsElement>("details.twin")?.open;
    const now = performance.now();
    if (open && this.frame && now - this.twinAt > twinEveryMs) {
      this.twinAt = now;
      this.made = twin(this.frame);
    }
    return this.made;
  }

  private bar(frame: Frame): TemplateResult {
    const several = frame.topics.length > 1;
    return html`
      <span class="pills" role="list" aria-label="Brokers">${frame.brokers.map((b) => html`<span role="listitem" class="pill ${b.up ? "up" : "down"}"><i></i><b>${b.id}</b> ${b.label || (b.up ? "" : "down")}</span>`)}</span>
      ${several ? html`<span class="switch" role="group" aria-label="Topics in view">
        ${["", ...frame.topics.map((t) => t.name)].map((name) => html`<button type="button" aria-pressed=${name === this.topic} @click=${() => this.show(name)}>${name || "all"}</button>`)}
      </span>` : nothing}`;
  }

  private show(topic: string): void {
    this.topic = topic;
    this.dispatchEvent(new CustomEvent<string>("view", { detail: topic, bubbles: true }));
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("selected") && sameThing(changed.get("selected") as Thing | null, this.selected)) changed.delete("selected");
  }
}

function size(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): void {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.getContext("2d")!.scale(ratio, ratio);
}

function countStaves(frame: Frame): number[] {
  const counts = frame.topics.map(() => 0);
  for (const stave of frame.staves) counts[stave.topic] = (counts[stave.topic] ?? 0) + 1;
  return counts;
}

/** What the layout depends on, as text: when it is the same, nothing moves. */
function structureOf(frame: Frame): string {
  return [
    countStaves(frame).join(), frame.brokers.length, frame.producers.map((p) => `${p.lines.length}${p.failed > 0}`).join(),
    frame.groups.map((g) => `${g.name} ${g.state} ${g.generation} ${g.detail.length > 0} ${g.members.map((m) => `${m.name}${m.state}${m.chips.length}`).join()}`).join(),
  ].join("|");
}

const sign = (body: SVGTemplateResult): TemplateResult => html`<svg class="sign" width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">${body}</svg>`;

function legend(): TemplateResult {
  return html`<ul class="legend" aria-label="How to read the picture">
    <li>${sign(svg`<path d="M11 2v12.5" stroke="currentColor" stroke-width="1.6"></path><path d="M11 2L2.5 5.5 11 9z" fill="currentColor"></path>`)} committed</li>
    <li>${sign(svg`<path d="M8 2l5 6-5 6-5-6z" fill="currentColor"></path>`)} position</li>
    <li>${sign(svg`<path class="hw" d="M8 1v14"></path>`)} high watermark</li>
    <li>${sign(svg`<rect x="2.5" y="2.5" width="11" height="11" rx="2.5" fill="none" stroke="currentColor" stroke-dasharray="2.4 2.4"></rect>`)} log end: the next record</li>
    <li><span class="sign unread"></span> not readable yet</li>
  </ul>`;
}
