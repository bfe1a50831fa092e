import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { words } from "../lang/forms.ts";
import type { Frame } from "../source/frame.ts";
import { freeName } from "../stage/words.ts";
import type { Desk } from "./desk.ts";
import { lineFor, type FormName } from "./lines.ts";
import { consumerNames } from "./suggest.ts";

const tabs: FormName[] = ["send", "consumer", "producer", "topic"];

/** Forms that make one script line each; the line stands beneath while it is filled in. */
@customElement("partita-forms")
export class PartitaForms extends LitElement {
  @property({ attribute: false }) frame: Frame | null = null;
  @property({ attribute: false }) desk!: Desk;
  @property() open: FormName = "send";
  @state() private line = "";
  @state() private wrong = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Opens a form and puts the cursor into it. */
  async show(name: FormName): Promise<void> {
    this.open = name;
    await this.updateComplete;
    this.scrollIntoView({ block: "nearest" });
    const field = this.querySelector<HTMLInputElement>(name === "send" ? "input[name=key]" : "input");
    field?.focus();
    field?.select();
  }

  protected override updated(): void {
    this.preview();
  }

  private preview = (): void => {
    const form = this.querySelector("form");
    if (form) this.line = lineFor(this.open, new FormData(form));
  };

  private submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    this.wrong = await this.desk.run(lineFor(this.open, new FormData(form)));
    if (!this.wrong && this.open !== "send") form.reset();
    this.preview();
  };

  private turn(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const at = tabs.indexOf(this.open);
    this.open = tabs[(at + step + tabs.length) % tabs.length]!;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
  }

  protected override render(): TemplateResult {
    return html`<h3 id="forms-title">${words.title}</h3>
      <div class="tabs" role="tablist" aria-labelledby="forms-title" @keydown=${this.turn}>${tabs.map((name) => html`
        <button type="button" role="tab" id="tab-${name}" aria-controls="forms-panel" aria-selected=${name === this.open} tabindex=${name === this.open ? 0 : -1}
          @click=${() => { this.open = name; this.wrong = ""; }}>${words.tabs[name]}</button>`)}</div>
      <div id="forms-panel" role="tabpanel" aria-labelledby="tab-${this.open}">
        ${[this.open].map((name) => html`<form class="form" @input=${this.preview} @submit=${this.submit}>
          ${this.fields(name)}
          <code class="line">${this.line}</code>
          ${this.wrong ? html`<p class="bad whole" role="alert">${this.wrong}</p>` : nothing}
          <button class="send primary">${words.submit[name]}</button>
        </form>`)}
      </div>`;
  }

  private fields(name: FormName): TemplateResult {
    const frame = this.frame;
    const topics = frame?.topics.map((t) => t.name) ?? [];
    const topicField = html`<label>${words.topic}<select name="topic" required>${topics.map((t) => html`<option>${t}</option>`)}</select></label>`;
    switch (name) {
      case "send":
        return html`${topicField}
          <label>${words.key}<input name="key" value="my-key" autocomplete="off" maxlength="200" placeholder=${words.emptyNoKey}></label>
          <label>${words.value}<input name="value" value="hello" autocomplete="off"></label>
          <label>${words.partition}<input name="partition" inputmode="numeric" pattern="[0-9]{1,5}" placeholder=${words.byKey} autocomplete="off"></label>`;
      case "consumer":
        return html`<label>${words.name}<input name="name" required value=${freeName("c", frame ? consumerNames(frame) : [])} autocomplete="off"></label>
          <label>${words.group}<input name="group" required value=${frame?.groups[0]?.name ?? "billing"} list="groups" autocomplete="off"></label>
          <datalist id="groups">${frame?.groups.map((g) => html`<option value=${g.name}></option>`)}</datalist>
          <label>${words.topics}<input name="topics" required value=${topics[0] ?? "orders"} autocomplete="off"></label>
          <label>${words.timeToProcess}<input name="process" value="200ms" autocomplete="off"></label>
          <label>${words.commit}<select name="commit"><option value="auto">${words.commitAuto}</option><option value="after">${words.commitAfter}</option><option value="before">${words.commitBefore}</option><option value="none">${words.commitNone}</option></select></label>
          <label>${words.assignor}<select name="partition.assignment.strategy"><option value="">${words.byDefault}</option><option>range</option><option>roundrobin</option><option>sticky</option><option>cooperative-sticky</option></select></label>
          <details><summary>${words.more}</summary><div class="form">
            <label>${words.session}<input name="session.timeout.ms" value="8s" autocomplete="off"></label>
            <label>${words.heartbeat}<input name="heartbeat.interval.ms" value="2s" autocomplete="off"></label>
            <label>${words.betweenPolls}<input name="max.poll.interval.ms" value="20s" autocomplete="off"></label>
            <label>${words.withoutCommit}<select name="auto.offset.reset"><option>earliest</option><option>latest</option><option>none</option></select></label>
            <label class="whole">${words.staticMember}<input name="group.instance.id" placeholder=${words.dynamicMember} autocomplete="off"></label>
          </div></details>`;
      case "producer":
        return html`<label>${words.name}<input name="name" required value=${freeName("p", frame?.producers.map((p) => p.name) ?? [])} autocomplete="off"></label>
          ${topicField}
          <label>${words.rate}<input name="rate" required value="2/s" autocomplete="off"></label>
          <label>${words.keys}<input name="keys" value="truck-10..truck-15" placeholder=${words.nullNoKey} autocomplete="off"></label>
          <label>acks<select name="acks"><option>all</option><option>1</option><option>0</option></select></label>
          <label>linger.ms<input name="linger.ms" placeholder="0" autocomplete="off"></label>`;
      case "topic":
        return html`<label>${words.name}<input name="name" required value=${freeName("topic-", topics)} maxlength="249" autocomplete="off"></label>
          <label>${words.partitions}<input name="partitions" type="number" min="1" max="64" value="3" required></label>
          <label class="whole">retention.ms<input name="retention.ms" placeholder=${words.aWeek} autocomplete="off"></label>`;
    }
  }
}
