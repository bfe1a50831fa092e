import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { words } from "../lang/lanes.ts";
import type { Era, EraCell, Frame, Group } from "../source/frame.ts";
import { Memory } from "./panel-memory.ts";
import { GroupPanel } from "./panel.ts";
import { duration, moment } from "./words.ts";

const hues = 6;
const patterns = 3;
const erasMost = 12;
/** A pause of so many ms, or more, has the widest hatched edge. */
const pauseSteps = [1, 400, 1500, 5000, 15_000];

/**
 * The rebalance ribbon: partitions by generations, coloured by owner. What moved has a ring,
 * and a hatched edge shows for how long nobody read a partition. An eager rebalance hatches
 * every row, a cooperative one only what moves.
 */
@customElement("partita-ribbon")
export class PartitaRibbon extends GroupPanel {
  protected readonly name = words.ribbon;
  private memory = new Memory<Era>(erasMost, (era) => String(era.epoch), (era) => era.at);
  private of = "";
  private at = ""; // key of the cell that the keyboard stands on
  private owners: string[] = []; // in the order of their first partition: it gives them colours

  protected body(frame: Frame, group: Group): TemplateResult {
    if (this.of !== group.name) {
      this.of = group.name;
      this.memory.clear();
      this.owners = [];
    }
    const eras = this.memory.merge(group.eras, frame.time);
    if (eras.length === 0) return html`<p class="hint">${words.noEras}</p>`;
    const staves = [...new Set(eras.flatMap((era) => era.cells.map((c) => c.stave)))].filter((i) => frame.staves[i]).sort((a, b) => a - b);
    for (const era of eras) for (const c of era.cells) if (c.owner && !this.owners.includes(c.owner)) this.owners.push(c.owner);
    const several = new Set(staves.map((i) => frame.staves[i]!.topic)).size > 1;
    const cells = eras.flatMap((era) => staves.map((i) => `${era.epoch}/${i}`));
    if (!cells.includes(this.at)) this.at = cells.at(-staves.length) ?? "";
    const label = (i: number): string => (several ? `${frame.topics[frame.staves[i]!.topic]?.name ?? ""}-` : "") + frame.staves[i]!.partition;
    return html`<p class="sum"><b>${words.sum(eras.reduce((n, e) => n + movesOf(e), 0), seconds(eras.reduce((n, e) => n + pauseOf(e), 0)))}</b> ${words.ribbonHow}</p>
      <div class="ribbon-scroll" tabindex="0" role="region" aria-label=${words.ribbonTable(group.name)}>
      <table class="ribbon ${staves.length > 16 ? "dense" : ""}" @keydown=${(event: KeyboardEvent) => this.keys(event, eras, staves)}>
        <thead><tr><td></td>${eras.map((era) => html`<th scope="col" class=${era.at > frame.time ? "ahead" : ""}>${this.head(frame, era)}</th>`)}</tr></thead>
        <tbody>${staves.map((i) => html`<tr><th scope="row">${label(i)}</th>${eras.map((era) => this.cell(era, i, frame, group))}</tr>`)}</tbody>
        <tfoot><tr><td></td>${eras.map((era) => html`<td><span>${words.moved(movesOf(era))}</span> <span>${pauseOf(era) > 0 ? words.pausedFor(seconds(pauseOf(era))) : words.notPaused}</span></td>`)}</tr></tfoot>
      </table></div>`;
  }

  private head(frame: Frame, era: Era): TemplateResult {
    const at = moment(era.at, frame.live);
    if (frame.live) return html`<b>${era.epoch}</b> <time>${at}</time>`;
    return html`<button type="button" aria-label="${era.epoch} ${at}: ${words.goTo(words.generation(era.epoch))}" title=${words.goTo(at)} @click=${() => this.go(era.at)}><b>${era.epoch}</b> <time>${at}</time></button>`;
  }

  /** Arrow keys walk over the cells, which are one stop for Tab. */
  private keys(event: KeyboardEvent, eras: Era[], staves: number[]): void {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step || !(event.target as Element).matches(".owned")) return;
    event.preventDefault();
    const [epoch, stave] = this.at.split("/").map(Number);
    const era = eras[eras.findIndex((e) => e.epoch === epoch) + step[0]!];
    const row = staves[staves.indexOf(stave!) + step[1]!];
    if (!era || row === undefined) return;
    this.at = `${era.epoch}/${row}`;
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`[data-cell="${this.at}"]`)?.focus());
  }

  /** Says why; for what is yet to come, at its instant. */
  private choose(era: Era, group: string, partition: string, frame: Frame): void {
    if (era.at > frame.time) this.go(era.at);
    this.ask("owned", group, partition, String(era.epoch));
  }

  private cell(era: Era, stave: number, frame: Frame, group: Group): TemplateResult {
    const c = era.cells.find((item) => item.stave === stave);
    const ahead = era.at > frame.time ? " ahead" : "";
    const at = frame.staves[stave]!;
    const partition = `${frame.topics[at.topic]?.name ?? ""}-${at.partition}`;
    const key = `${era.epoch}/${stave}`;
    const button = (text: string, body: TemplateResult): TemplateResult => html`<button type="button" class="owned" data-cell=${key} tabindex=${key === this.at ? 0 : -1}
      aria-label=${words.why(partition, words.generation(era.epoch), text)} @focus=${() => (this.at = key)}
      @click=${() => this.choose(era, group.name, partition, frame)}>${body}</button>`;
    if (!c) return html`<td class="none${ahead}">${button(words.nobody, html`<b></b>`)}</td>`;
    const i = this.owners.indexOf(c.owner);
    const look = c.owner ? `k${(i % hues) + 1} pattern${Math.floor(i / hues) % patterns}` : "none";
    const pause = c.paused > 0 ? duration(c.paused) : "";
    const step = pauseSteps.filter((ms) => c.paused >= ms).length;
    const text = words.cell(c.owner || words.nobody, c.moved, pause);
    return html`<td class="${look}${c.moved ? " moved" : ""}${ahead}" title=${text}>${button(text, html`${step > 0 ? html`<i class="pause p${step}"></i>` : nothing}<b>${c.owner || "–"}</b>`)}</td>`;
  }
}

const movesOf = (era: Era): number => era.cells.filter((c: EraCell) => c.moved).length;
const pauseOf = (era: Era): number => era.cells.reduce((sum, c) => sum + c.paused, 0);
/** Milliseconds as seconds with one digit. */
const seconds = (ms: number): string => (ms / 1000).toFixed(1);
