import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { words } from "../lang/console.ts";
import type { Desk, Entry } from "./desk.ts";

const shownMost = 60;

/** Every line that this page sent and what came of it; and a place to type more. */
@customElement("partita-console")
export class PartitaConsole extends LitElement {
  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) entries: Entry[] = [];
  /** Counts changes: an entry changes in place when its results arrive. */
  @property({ type: Number }) version = 0;
  private back = 0; // steps into the history

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(): void {
    const list = this.querySelector(".lines")!;
    list.scrollTop = list.scrollHeight;
  }

  private submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const input = this.querySelector("input")!;
    const lines = input.value.trim();
    if (lines === "") return;
    input.value = "";
    this.back = 0;
    void this.desk.run(lines);
  };

  private keys = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    this.back = Math.max(0, Math.min(this.entries.length, this.back + step));
    const input = event.target as HTMLInputElement;
    input.value = this.back === 0 ? "" : (this.entries[this.entries.length - this.back]?.lines ?? "");
    input.setSelectionRange(input.value.length, input.value.length);
  };

  protected override render(): TemplateResult {
    return html`<h3 id="console-title">${words.title}</h3>
      <div class="console">
        <div class="lines" tabindex="0" aria-labelledby="console-title" role="log"><ol>
          ${this.entries.length === 0 ? html`<li class="answer">${words.empty}</li>` : nothing}
          ${this.entries.slice(-shownMost).map((entry) => html`<li class="sent">${entry.lines}</li>
            ${entry.results?.map((r) => (r.text ? html`<li class=${r.failed ? "wrong" : "answer"}>${r.failed ? html`<span class="unseen">${words.error} </span>` : nothing}${r.text}</li>` : nothing))}`)}
        </ol></div>
        <form @submit=${this.submit}>
          <span aria-hidden="true">›</span>
          <input aria-label=${words.line} autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="send" maxlength="60000" placeholder="consumer add c9 group=billing topics=orders" @keydown=${this.keys}>
        </form>
      </div>`;
  }
}
