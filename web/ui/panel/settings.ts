import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { words } from "../lang/settings.ts";
import { Kind, type Frame } from "../source/frame.ts";
import type { Desk } from "./desk.ts";
import css from "./settings.lazy.css";
import { choicesOf, isChanged, lineOfSetting, parseSettings, type SettingRow } from "./settings-lines.ts";
import { wear } from "./wear.ts";

const kinds = ["producer", "consumer", "topic", "broker"] as const;
type OwnerKind = (typeof kinds)[number];

/** Every setting by Kafka's name, with its default; what is illegal is said in Kafka's words. */
@customElement("partita-settings")
export class PartitaSettings extends LitElement {
  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) frame: Frame | null = null;
  @state() private kind: OwnerKind = "producer";
  @state() private owner = "";
  @state() private search = "";
  @state() private changedOnly = false;
  @state() private rows: SettingRow[] = [];
  @state() private wrong: { name: string; text: string } | null = null;
  private read = ""; // whose settings the rows are

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    wear(css);
  }

  /** Shows a setting of somebody: "consumer c1". */
  async show(owner: string, name: string): Promise<void> {
    const [kind = "", ...rest] = owner.split(" ");
    if ((kinds as readonly string[]).includes(kind)) this.turnTo(kind as OwnerKind, rest.join(" "));
    this.search = name;
    this.changedOnly = false;
    await this.updateComplete;
    const field = this.querySelector<HTMLInputElement>("input[type=search]");
    field?.scrollIntoView({ block: "nearest" });
    field?.focus();
  }

  private get owners(): string[] {
    const { frame } = this;
    if (!frame) return [];
    switch (this.kind) {
      case "producer": return frame.producers.map((p) => p.name);
      case "consumer": return frame.groups.flatMap((g) => g.members.filter((m) => m.kind === Kind.sim).map((m) => m.name));
      case "topic": return frame.topics.map((t) => t.name);
      case "broker": return ["all", ...frame.brokers.map((b) => String(b.id))];
    }
  }

  private turnTo(kind: OwnerKind, owner = ""): void {
    this.kind = kind;
    this.owner = owner;
    this.wrong = null;
  }

  protected override willUpdate(): void {
    const { owners } = this;
    if (!owners.includes(this.owner)) this.owner = owners[0] ?? "";
    if (this.read !== `${this.kind} ${this.owner}`) void this.reread();
  }

  private async reread(): Promise<void> {
    const of = (this.read = `${this.kind} ${this.owner}`);
    if (!this.owner) {
      this.rows = [];
      return;
    }
    const { failed, text } = await this.desk.ask(`settings ${of}`);
    if (of === this.read) this.rows = failed ? [] : parseSettings(text);
  }

  private async set(row: SettingRow, value: string): Promise<void> {
    if (value === row.value) return;
    const text = await this.desk.run(lineOfSetting(this.kind, this.owner, row.name, value));
    this.wrong = text ? { name: row.name, text } : null;
    await this.reread();
    await this.updateComplete;
    if (text) this.querySelector<HTMLElement>(`[name="${row.name}"]`)?.focus();
  }

  private turn(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    this.turnTo(kinds[(kinds.indexOf(this.kind) + step + kinds.length) % kinds.length]!);
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
  }

  protected override render(): TemplateResult {
    const found = this.rows.filter((r) => r.name.includes(this.search.trim()) && (!this.changedOnly || isChanged(r)));
    const changed = this.rows.filter(isChanged).length;
    return html`
      <div class="tabs" role="tablist" aria-label=${words.whose} @keydown=${this.turn}>${kinds.map((kind) => html`
        <button type="button" role="tab" id="settings-${kind}" aria-controls="settings-list" aria-selected=${kind === this.kind} tabindex=${kind === this.kind ? 0 : -1} @click=${() => this.turnTo(kind)}>${words.kinds[kind]}</button>`)}</div>
      <div id="settings-list" role="tabpanel" aria-labelledby="settings-${this.kind}">
        <div class="form">
          <label>${words.of}<select @change=${(e: Event) => this.turnTo(this.kind, (e.target as HTMLSelectElement).value)}>${this.owners.map((o) => html`<option value=${o} .selected=${o === this.owner}>${o === "all" ? words.all : o}</option>`)}</select></label>
          <label>${words.search}<input type="search" .value=${this.search} autocomplete="off" spellcheck="false" @input=${(e: Event) => (this.search = (e.target as HTMLInputElement).value)}></label>
          <label class="check whole"><input type="checkbox" .checked=${this.changedOnly} @change=${(e: Event) => (this.changedOnly = (e.target as HTMLInputElement).checked)}>${words.changedOnly(changed)}</label>
        </div>
        ${this.owner ? nothing : html`<p class="hint">${words.nobody}</p>`}
        ${this.owner && found.length === 0 ? html`<p class="hint">${words.none}</p>` : nothing}
        ${this.kind === "producer" || this.kind === "consumer" ? html`<p class="hint">${words.newProcess}</p>` : nothing}
        <ul class="setting-rows">${found.filter((r) => r.kafka).map((r) => this.row(r))}</ul>
        ${found.some((r) => !r.kafka) ? html`<h4>${words.application}</h4><ul class="setting-rows">${found.filter((r) => !r.kafka).map((r) => this.row(r))}</ul>` : nothing}
      </div>`;
  }

  private row(r: SettingRow): TemplateResult {
    const changed = isChanged(r);
    const choices = choicesOf(r.valid);
    const wrong = this.wrong?.name === r.name ? this.wrong.text : "";
    const id = `setting-${r.name.replaceAll(".", "-")}`;
    const put = (e: Event): void => void this.set(r, (e.target as HTMLInputElement).value.trim());
    return html`<li class=${changed ? "changed" : ""}>
      <label for=${id}><code>${r.name}</code></label>
      ${r.locked ? html`<output id=${id}>${r.value || words.empty}</output>`
        : choices.length > 0 && !r.value.includes(",") && choices.includes(r.value)
          ? html`<select id=${id} name=${r.name} .value=${r.value} @change=${put}>${choices.map((c) => html`<option value=${c} .selected=${c === r.value}>${c || words.empty}</option>`)}</select>`
          : html`<input id=${id} name=${r.name} .value=${r.value} autocomplete="off" spellcheck="false" aria-invalid=${wrong !== ""} aria-describedby="${id}-about" @change=${put}>`}
      <small id="${id}-about">${changed ? html`<b>${words.changed}</b> ` : nothing}${words.standard(r.standard || words.empty)}${r.valid ? ` ${r.valid}` : ""}${r.locked ? ` ${words.locked}` : ""}
        ${changed && !r.locked ? html`<button class="quiet" type="button" aria-label=${words.resetOf(r.name)} @click=${() => void this.set(r, "")}>${words.reset}</button>` : nothing}</small>
      ${wrong ? html`<p class="bad" role="alert">${wrong}</p>` : nothing}</li>`;
  }
}
