import { LitElement, html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { words } from "../lang/lanes.ts";
import type { Frame, Group } from "../source/frame.ts";
import { icons } from "./icons.ts";
import { lineOf } from "../panel/lines.ts";
import { wear } from "../panel/wear.ts";
import css from "./panel.lazy.css";

wear(css);

/**
 * A panel below the stage about one consumer group. Events: go (detail: an instant in ms),
 * ask (detail: a question), shut.
 */
export abstract class GroupPanel extends LitElement {
  @property({ attribute: false }) frame: Frame | null = null;
  /** The group that is selected on the stage; empty for none. */
  @property() group = "";
  @state() private chosen = "";

  protected abstract readonly name: string;
  protected abstract body(frame: Frame, group: Group): TemplateResult;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("group") && this.group) this.chosen = this.group;
  }

  protected go(ms: number): void {
    if (this.frame && !this.frame.live) this.dispatchEvent(new CustomEvent<number>("go", { detail: ms, bubbles: true }));
  }

  /** Asks why (engine/why). */
  protected ask(...question: string[]): void {
    this.dispatchEvent(new CustomEvent<string>("ask", { detail: lineOf(question), bubbles: true }));
  }

  private shut(): void {
    this.dispatchEvent(new CustomEvent("shut", { bubbles: true }));
  }

  protected override render(): TemplateResult {
    const { frame } = this;
    const groups = frame?.groups ?? [];
    const group = groups.find((g) => g.name === this.chosen) ?? groups[0];
    return html`<section aria-label=${this.name}>
      <header><h3>${this.name}</h3>
        ${groups.length > 1 ? html`<span class="switch" role="group" aria-label=${words.group}>${groups.map((g) =>
          html`<button type="button" aria-pressed=${g === group} @click=${() => (this.chosen = g.name)}>${g.name}</button>`)}</span>` : nothing}
        <button class="quiet" type="button" aria-label="${words.close}: ${this.name}" @click=${() => this.shut()}>${icons.close()}</button></header>
      ${frame && group ? this.body(frame, group) : html`<p class="hint">${words.noGroup}</p>`}
    </section>`;
  }
}
