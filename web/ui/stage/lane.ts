import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { words } from "../lang/lanes.ts";
import type { Exchange, Frame, Group } from "../source/frame.ts";
import { Memory } from "./panel-memory.ts";
import { GroupPanel } from "./panel.ts";
import { scale, type Scale } from "./lane-scale.ts";
import { moment } from "./words.ts";

const kept = 160;
const rowH = 26;
const top = 22;
const letters: Record<string, string> = { join: "J", sync: "S", heartbeat: "H", commit: "C", leave: "L", offsets: "O" };

/**
 * The coordinator's swimlane: its line at the top, a line for each member, and what they say
 * to each other as slanted arrows. One can go to the instant of each, and sees why it was said.
 */
@customElement("partita-lane")
export class PartitaLane extends GroupPanel {
  protected readonly name = words.lane;
  private memory = new Memory<Exchange>(kept, keyOf, (x) => x.sent);
  private of = "";
  private list: Exchange[] = [];
  private at = ""; // key of the arrow that the keyboard stands on

  protected body(frame: Frame, group: Group): TemplateResult {
    if (this.of !== group.name) {
      this.of = group.name;
      this.memory.clear();
    }
    const list = (this.list = this.memory.merge(frame.exchanges.filter((x) => x.group === group.name), frame.time));
    if (list.length === 0) return html`<p class="hint">${words.noExchanges}</p>`;
    const clients = [...new Set(list.map((x) => x.client))].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
    const axis = scale([...list.flatMap((x) => [x.sent, arrival(x)]), frame.time], frame.time);
    const width = axis.width + 24;
    const height = top + rowH * (clients.length + 1);
    const row = (client: string): number => top + rowH * (1 + clients.indexOf(client));
    if (!list.some((x) => keyOf(x) === this.at)) this.at = keyOf(list[list.length - 1]!);
    const broker = list[list.length - 1]!.broker;
    return html`<div class="lane">
        <ol class="lane-names" aria-hidden="true"><li>${words.coordinator(broker)}</li>${clients.map((c) => html`<li>${c}</li>`)}</ol>
        <div class="lane-scroll"><svg width=${`${width / 16}rem`} height=${`${height / 16}rem`} viewBox="0 0 ${width} ${height}" role="group" aria-label=${words.laneLabel(group.name)} @keydown=${this.keys}>
          <defs><marker id="lane-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 .8L7.2 4 0 7.2z"></path></marker></defs>
          ${axis.breaks.map((x) => svg`<path class="break" d="M${x} ${top - 8}v${height - top}"></path>`)}
          ${axis.ticks.map((t) => svg`<text class="tick" x=${t.x} y="10">${moment(t.at, frame.live)}</text>`)}
          <path class="line coordinator" d="M0 ${top}H${width}"></path>
          ${clients.map((c) => svg`<path class="line" d="M0 ${row(c)}H${width}"></path>`)}
          <path class="now" d="M${axis.x(frame.time)} 0V${height}"></path>
          ${list.map((x) => this.arrow(frame, x, axis, row(x.client)))}
        </svg></div>
      </div>
      <p class="lane-key">${Object.entries(letters).map(([what, letter]) => html`<span><b class="letter ${what}">${letter}</b> ${words.kinds[what]}</span>`)} <span>${words.laneHow}</span></p>`;
  }

  private arrow(frame: Frame, x: Exchange, axis: Scale, y: number): SVGTemplateResult {
    const key = keyOf(x);
    const [y1, y2] = x.reply ? [top, y] : [y, top];
    const x1 = axis.x(x.sent);
    const lost = x.due < x.sent;
    const x2 = lost ? x1 + 8 : axis.x(arrival(x));
    const end = lost ? y1 + (y2 - y1) * 0.5 : y2;
    const label = words.at((x.reply ? words.answers : words.asks)(x.client, words.kinds[x.what] ?? x.what) + (x.code ? words.wrong(x.code) : "") + (lost ? words.lost : ""), moment(x.sent, frame.live));
    return svg`<g class="arrow ${x.what}${x.reply ? " reply" : ""}${x.code ? " wrong" : ""}${lost ? " lost" : ""}${x.sent > frame.time ? " ahead" : ""}" role="button" tabindex=${key === this.at ? 0 : -1}
        data-key=${key} aria-label=${label} @click=${() => this.choose(x)}><title>${label}</title>
      <path class="hit" d="M${x1} ${y1}L${x2} ${end}"></path>
      <path class="shaft" d="M${x1} ${y1}L${x2} ${end}" marker-end=${lost ? "" : "url(#lane-tip)"}></path>
      ${x.reply ? nothing : svg`<circle cx=${x1} cy=${y1} r="6.5"></circle><text x=${x1} y=${y1 + 3.2}>${letters[x.what] ?? "?"}</text>`}
      ${lost ? svg`<path class="cross" d="M${x2 - 4} ${end - 4}l8 8M${x2 + 4} ${end - 4}l-8 8"></path>` : nothing}
    </g>`;
  }

  private choose(x: Exchange): void {
    this.at = keyOf(x);
    this.requestUpdate();
    this.go(x.sent);
    this.ask("exchange", x.group, x.client, x.what, String(x.sent), ...(x.reply ? ["reply"] : []));
  }

  /** Arrow keys walk in the order of time. */
  private keys = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    const index = this.list.findIndex((x) => keyOf(x) === this.at);
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (this.list[index]) this.choose(this.list[index]);
    }
    if (step === undefined) return;
    event.preventDefault();
    this.at = keyOf(this.list[Math.max(0, Math.min(this.list.length - 1, index + step))]!);
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector<SVGElement>(`[data-key="${CSS.escape(this.at)}"]`)?.focus());
  };

  private stuck = true; // to the newest
  protected override updated(): void {
    const scroll = this.querySelector<HTMLElement>(".lane-scroll");
    if (!scroll) return;
    scroll.onscroll = () => (this.stuck = scroll.scrollLeft + scroll.clientWidth > scroll.scrollWidth - 30);
    if (this.stuck) scroll.scrollLeft = scroll.scrollWidth;
  }
}

const keyOf = (x: Exchange): string => `${x.client} ${x.what} ${x.sent} ${x.reply ? 1 : 0}`;
const arrival = (x: Exchange): number => Math.max(x.sent, x.due);
