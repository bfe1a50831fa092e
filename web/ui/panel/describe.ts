import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { words } from "../lang/describe.ts";
import type { Frame } from "../source/frame.ts";
import css from "./describe.lazy.css";
import type { Desk } from "./desk.ts";
import { wear } from "./wear.ts";

/** The table is asked for again this often, in ms, while something may change. */
const lookEveryMs = 700;

/** What one of Kafka's own tools prints of the cluster, again and again. */
@customElement("partita-describe")
export class PartitaDescribe extends LitElement {
  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) frame: Frame | null = null;
  @property({ type: Number }) time = 0;
  @state() private line = "";
  @state() private text = "";
  @state() private failed = false;
  @state() private wide = false;
  private looking = false;
  private lookedAt = 0;
  private later: ReturnType<typeof setTimeout> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    wear(css);
  }

  private get lines(): string[] {
    const groups = this.frame?.groups ?? [];
    return [
      "kafka-topics --describe --exclude-internal",
      "kafka-topics --describe --under-replicated-partitions",
      ...groups.flatMap((g) => ["", " --members --verbose", " --state"].map((more) => `kafka-consumer-groups --describe --group ${g.name}${more}`)),
      "kafka-consumer-groups --list --state",
      "kafka-transactions list",
    ];
  }

  protected override willUpdate(): void {
    const { lines } = this;
    if (!lines.includes(this.line)) this.line = lines[2] ?? lines[0]!;
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has("time") || changed.has("line")) void this.look(changed.has("line"));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.later);
  }

  private async look(now = false): Promise<void> {
    clearTimeout(this.later);
    const wait = this.lookedAt + lookEveryMs - performance.now();
    if (this.looking || (wait > 0 && !now)) {
      this.later = setTimeout(() => void this.look(), Math.max(wait, 50)); // the newest state is shown, too
      return;
    }
    this.looking = true;
    const { line } = this;
    const result = await this.desk.look(line);
    this.looking = false;
    this.lookedAt = performance.now();
    if (line !== this.line) return void this.look(true);
    this.text = result?.text.replace(/^\n+/, "") ?? "";
    this.failed = result?.failed ?? false;
  }

  private pick = (event: Event): void => {
    this.line = (event.target as HTMLSelectElement).value;
  };

  protected override render(): TemplateResult {
    return html`<div class="console describe ${this.wide ? "sheet" : ""}">
        <div class="bar"><select aria-label=${words.which} @change=${this.pick}>${this.lines.map((line) => html`<option value=${line} .selected=${line === this.line}>${line}</option>`)}</select>
        <button class="quiet" type="button" aria-pressed=${this.wide} @click=${() => (this.wide = !this.wide)}>${words.wide}</button></div>
        <pre tabindex="0" role="region" aria-label=${this.line} class=${this.failed ? "wrong" : ""}>${this.text || words.nothing}</pre>
      </div>`;
  }
}
