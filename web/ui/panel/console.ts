import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { words } from "../lang/console.ts";
import type { Desk, Entry } from "./desk.ts";
import type { Typing } from "./typing.ts";

const shownMost = 60;

/** Every line that this page sent and what came of it; and a place to type more. */
@customElement("partita-console")
export class PartitaConsole extends LitElement {
  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) entries: Entry[] = [];
  /** Counts changes: an entry changes in place when its results arrive. */
  @property({ type: Number }) version = 0;
  @state() private wide = false;
  private typing: Typing | null = null; // completion and history; it loads when somebody types

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (!changed.has("version") && !changed.has("wide")) return;
    const list = this.querySelector(".lines")!;
    list.scrollTop = list.scrollHeight;
    // An answer longer than the list is read from its beginning.
    let answer = [...list.querySelectorAll(".sent")].at(-1)?.nextElementSibling;
    while (answer && !answer.matches(".answer, .wrong")) answer = answer.nextElementSibling;
    const above = answer ? list.getBoundingClientRect().top - answer.getBoundingClientRect().top : 0;
    if (above > 0) list.scrollTop -= above;
    if (this.contains(document.activeElement)) this.querySelector(".console")!.scrollIntoView({ block: "nearest" });
  }

  private submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const input = this.querySelector("input")!;
    const lines = input.value.trim();
    if (lines === "") return;
    input.value = "";
    this.typing?.reset();
    void this.desk.run(lines);
  };

  private begin = (): void => {
    if (this.typing) return;
    void import("./typing.ts").then(({ Typing }) => {
      this.typing ??= new Typing(this.querySelector("input")!, this.querySelector(".options")!, this.desk);
    });
  };

  protected override render(): TemplateResult {
    return html`<div class="head-row"><h3 id="console-title">${words.title}</h3>
        ${this.wide ? nothing : this.widen()}</div>
      <div class="console ${this.wide ? "sheet" : ""}" @keydown=${this.escape}>
        ${this.wide ? html`<div class="head-row">${this.widen()}</div>` : nothing}
        <div class="lines" tabindex="0" aria-labelledby="console-title" role="log"><ol>
          ${this.entries.length === 0 ? html`<li class="answer">${words.empty}</li>` : nothing}
          ${this.entries.slice(-shownMost).map((entry) => this.entry(entry))}
        </ol></div>
        <form @submit=${this.submit}>
          <ul class="options" id="console-options" role="listbox" aria-label=${words.options} hidden></ul>
          <span aria-hidden="true">›</span>
          <input role="combobox" aria-label=${words.line} aria-describedby="console-keys" aria-autocomplete="list" aria-expanded="false" aria-controls="console-options" autocomplete="off" autocapitalize="off" spellcheck="false"
            enterkeyhint="send" maxlength="60000" placeholder="consumer add c9 group=billing topics=orders" @focus=${this.begin}>
        </form>
        <p id="console-keys">${words.keys}</p>
      </div>`;
  }

  private widen(): TemplateResult {
    return html`<button class="quiet" type="button" aria-pressed=${this.wide} @click=${this.turn}>${words.wide}</button>`;
  }

  private turn = async (): Promise<void> => {
    this.wide = !this.wide;
    await this.updateComplete;
    this.querySelector<HTMLElement>(".head-row button")?.focus();
  };

  private escape = (event: KeyboardEvent): void => {
    if (this.wide && event.key === "Escape" && !event.defaultPrevented) void this.turn();
  };

  private entry(entry: Entry): TemplateResult {
    return html`<li class="sent">${entry.lines}</li>
      ${entry.same?.map((line) => html`<li class="same"><span class="unseen">${words.same} </span>${words.say(line)}</li>`)}
      ${entry.results?.map((r) => (r.text ? html`<li class="${r.failed ? "wrong" : "answer"} ${!r.failed && columns.test(r.text) ? "table" : ""}">${r.failed ? html`<span class="unseen">${words.error} </span>` : nothing}${r.failed ? r.text : words.answer(r.text, entry.lines).map((part) => (typeof part === "string" ? part : table(part)))}</li>` : nothing))}`;
  }
}

/** Text whose lines are rows: they are not broken. */
const columns = /\t|\S {2}/;

function table([titles, ...rows]: string[][]): TemplateResult {
  const last = rows.at(-1);
  const look = (c: number): string => (/^\d+$/.test(last?.[c] ?? "") ? "number" : "");
  return html`<table><thead><tr>${titles!.map((title, c) => html`<th scope="col" class=${look(c)}>${title}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell, c) => html`<td class=${look(c)}>${cell}</td>`)}</tr>`)}</tbody></table>`;
}
