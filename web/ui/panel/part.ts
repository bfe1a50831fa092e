import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { SeatPart, Stave } from "../source/frame.ts";
import { Labels } from "../stage/labels.ts";
import type { Layout } from "../stage/layout.ts";
import { Sprites } from "../stage/sprites.ts";
import { Tape, drawStave, type NamedMark } from "../stage/tape.ts";
import { readPalette, watchPalette, type Palette } from "../stage/theme.ts";

/** One partition that the tab owns: its tape, drawn like a stave of the stage. */
@customElement("partita-part")
export class PartitaPart extends LitElement {
  @property({ attribute: false }) owned!: SeatPart;

  private palette: Palette | null = null;
  private sprites: Sprites | null = null;
  private layout: Layout | null = null;
  private tape = new Tape();
  private labels = new Labels();
  private ratio = 1;
  private drawnAt = 0;
  private loop = 0;
  private still = matchMedia("(prefers-reduced-motion: reduce)");
  private unwatch = (): void => {};
  private resized = new ResizeObserver(() => this.arrange());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unwatch = watchPalette(() => this.arrange());
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch();
    this.resized.disconnect();
    cancelAnimationFrame(this.loop);
  }

  protected override updated(): void {
    if (this.layout) this.draw();
    else this.arrange();
  }

  private arrange(): void {
    const canvas = this.querySelector("canvas");
    const width = this.clientWidth;
    if (!canvas || width === 0) return;
    const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const left = 12 * unit;
    const right = width - 4 * unit;
    const columns = Math.max(3, Math.floor((right - left) / (34 * unit)));
    const cellW = Math.min((right - left) / columns, 40 * unit);
    const cellH = 34 * unit;
    const cells = 24 * unit;
    const height = cells + cellH + 26 * unit;
    this.layout = {
      look: "full", unit: unit * 1.1, left, right, cellW, cellH, columns, rows: 1, rowH: 18 * unit, rails: 0, railH: 0, heads: [], headH: 0,
      staves: [{ top: 0, cells, bottom: height }], height,
    };
    this.ratio = devicePixelRatio || 1;
    canvas.width = Math.round(width * this.ratio);
    canvas.height = Math.round(height * this.ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.getContext("2d")!.scale(this.ratio, this.ratio);
    this.palette = readPalette(this);
    this.sprites = new Sprites(cellW - 3 * unit, cellH, this.ratio, this.palette);
    this.tape.scroll = NaN;
    this.draw();
  }

  private draw = (): void => {
    cancelAnimationFrame(this.loop);
    const { owned: part, layout, palette, sprites } = this;
    if (!layout || !palette || !sprites) return;
    const now = performance.now();
    const end = Math.max(part.first + part.cells.length, part.hw, part.position, 0);
    const stave: Stave = {
      topic: 0, partition: 0, leader: 0, leaderEpoch: 0, logStart: part.first, hw: part.hw < 0 ? end : part.hw, lso: part.hw < 0 ? end : part.hw,
      leo: end, first: part.first, cells: part.cells, replicas: [], ranges: [],
    };
    const mark: NamedMark = {
      stave: 0, group: 0, member: 0, committed: part.committed, position: part.processed >= 0 ? part.processed : part.position, lag: 0, processed: part.processed, groupName: "", owner: "", hue: 1,
    };
    const moving = this.tape.step(stave, layout.columns, Math.min(100, now - this.drawnAt), this.still.matches);
    this.drawnAt = now;
    const ctx = this.querySelector("canvas")!.getContext("2d")!;
    drawStave({ ctx, layout, palette, sprites, labels: this.labels, grid: null, again: () => {}, width: this.clientWidth, owners: false, brokers: false, plain: true }, layout.staves[0]!, stave, this.tape, [mark], false);
    if (moving) this.loop = requestAnimationFrame(this.draw);
  };

  protected override render(): TemplateResult {
    return html`<canvas aria-hidden="true"></canvas>`;
  }
}
