import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { tell } from "../lang/sentences.ts";
import { words } from "../lang/why.ts";
import { icons } from "../stage/icons.ts";
import { moment } from "../stage/words.ts";
import { parseAnswer, type Answer, type Cause, type Part, type Said, type Setting } from "./answer.ts";
import type { Desk } from "./desk.ts";
import { tones } from "./strip.ts";
import { wear } from "./wear.ts";
import css from "./why.lazy.css";

/** While time goes on the room is asked again this often, in ms. */
const askEveryMs = 400;

const say = (said: Said): string => words.say(said.template, said.args.map(tell));

/**
 * Why the thing that is asked about is as it is. The answer follows the room while time
 * goes on; once a cause is visited it stays as it was, so that one can go through them.
 */
@customElement("partita-why")
export class PartitaWhy extends LitElement {
  @property({ attribute: false }) desk!: Desk;
  /** What is asked about (engine/why). */
  @property() question = "";
  /** It is about the run that stands beside the page's own. */
  @property({ type: Boolean }) elsewhere = false;
  @property({ type: Boolean }) live = false;
  @property({ type: Boolean }) paused = false;
  @property({ type: Number }) time = 0;
  @state() private answer: Answer | null = null;
  @state() private wrong = "";
  @state() private kept = -1; // the time of an answer that stays while its causes are visited
  private here = ""; // the question at hand: a further one, maybe
  private trail: string[] = [];
  private asking = false;
  private askedAt = 0;
  private askedOf = ""; // question and time
  private raw = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    wear(css);
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("question")) {
      this.trail = [];
      this.turnTo(this.question);
    }
    if (changed.has("time") || changed.has("question")) void this.ask();
  }

  private turnTo(question: string): void {
    this.here = question;
    this.answer = null;
    this.raw = this.wrong = "";
    this.kept = -1;
    this.askedAt = 0;
    this.askedOf = "";
  }

  private async ask(): Promise<void> {
    const of = `${this.here} ${this.time}`;
    if (this.asking || this.kept >= 0 || !this.here || of === this.askedOf) return;
    if (performance.now() - this.askedAt < askEveryMs) {
      if (this.paused) setTimeout(() => void this.ask(), askEveryMs);
      return;
    }
    this.asking = true;
    this.askedAt = performance.now();
    this.askedOf = of;
    const question = this.here;
    const { failed, text } = await this.desk.ask(`${this.elsewhere ? "other " : ""}why ${question}`);
    this.asking = false;
    if (question !== this.here) return void this.ask();
    if (this.kept >= 0) return;
    this.wrong = failed ? text : "";
    if (!failed && text !== this.raw) {
      this.raw = text;
      this.answer = parseAnswer(text);
      if (question.startsWith("flight ") && !this.paused) this.kept = this.time; // it is gone before one has read it
    }
  }

  private further(thing: string): void {
    this.trail.push(this.here);
    this.turnTo(thing);
    void this.ask();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("h3")?.focus());
  }

  private back(): void {
    this.turnTo(this.trail.pop() ?? this.question);
    void this.ask();
  }

  /** Goes to an instant of the chain, and keeps the answer. */
  private async visit(at: number): Promise<void> {
    if (this.kept < 0) this.kept = this.time;
    if (!this.paused) await this.desk.run("pause");
    await this.desk.run(`seek ${at}ms`);
  }

  private async return(): Promise<void> {
    const at = this.kept;
    await this.desk.run(`seek ${at}ms`);
    this.again();
  }

  private again(): void {
    this.kept = -1;
    this.askedAt = 0;
    this.askedOf = "";
    void this.ask();
  }

  private close = (): void => {
    this.dispatchEvent(new CustomEvent("unask", { bubbles: true }));
  };

  protected override render(): TemplateResult {
    const { answer } = this;
    return html`<section class="panel why-panel" aria-labelledby="why-title">
      <header><h3 id="why-title" tabindex="-1">${words.title}</h3>
        <span>${this.trail.length > 0 ? html`<button class="quiet" type="button" @click=${() => this.back()}>${words.back}</button>` : nothing}
        <button class="quiet" type="button" aria-label=${words.close} @click=${this.close}>${icons.close()}</button></span></header>
      ${this.kept >= 0 ? html`<p class="kept" role="status">${words.asOf(moment(this.kept, this.live))}
        ${this.live ? nothing : html`<button type="button" @click=${() => void this.return()}>${words.return(moment(this.kept, this.live))}</button>`}
        <button type="button" @click=${() => this.again()}>${words.again}</button></p>` : nothing}
      ${this.wrong ? html`<p class="hint" role="status">${this.wrong}</p>` : nothing}
      ${answer ? html`<p class="name">${say(answer.title)}</p>${answer.parts.map((part) => this.section(part))}
        ${answer.further.length > 0 ? html`<p class="further"><span>${words.further}</span>${answer.further.map((o) => html`<button type="button" @click=${() => this.further(o.thing)}>${say(o)}</button>`)}</p>` : nothing}`
        : this.wrong ? nothing : html`<p class="hint">${words.asking}</p>`}
    </section>`;
  }

  private section(p: Part): TemplateResult {
    return html`${p.question ? html`<h4>${say(p.question)}</h4>` : nothing}
      ${p.facts.length > 0 ? html`<dl>${p.facts.map((f) => html`<dt>${words.say(f.label, [])}</dt><dd>${f.value}</dd>`)}</dl>` : nothing}
      ${p.says.map((s) => (s.formula ? html`<code class="formula">${say(s)}</code>` : html`<p>${say(s)}</p>`))}
      ${p.settings.length > 0 ? html`<ul class="behind" aria-label=${words.settings}>${p.settings.map((s) => this.setting(s))}</ul>` : nothing}
      ${p.causes.length > 0 ? this.chain(p.causes) : nothing}`;
  }

  private setting(s: Setting): TemplateResult {
    const changed = s.value !== s.standard;
    const pick = (): boolean => this.dispatchEvent(new CustomEvent("setting", { detail: s, bubbles: true }));
    return html`<li class=${changed ? "changed" : ""}><button type="button" class="quiet" @click=${pick}><code>${s.name}=${s.value || words.empty}</code></button>
      <small>${changed ? words.standard(s.standard || words.empty) : words.isStandard}</small></li>`;
  }

  private chain(causes: Cause[]): TemplateResult {
    const here = causes.reduce((n, c, i) => (c.at <= this.time ? i : n), -1);
    return html`<ol class="chain" aria-label=${words.chain}>${causes.map((c, i) => html`<li class=${tones[c.tone] ?? ""} aria-current=${i === here ? "step" : "false"}>
        ${this.live ? html`<time>${moment(c.at, true)}</time>` : html`<button type="button" class="quiet" aria-label=${words.goTo(moment(c.at, false))} @click=${() => void this.visit(c.at)}><time>${moment(c.at, false)}</time></button>`}
        ${c.line ? html`<code><span class="unseen">${words.youWrote}: </span>${c.args[0]}</code>` : html`<span class="tone ${tones[c.tone] ?? ""}">${say(c)}</span>`}</li>`)}</ol>
      ${this.live ? html`<p class="hint">${words.cannotGo}</p>` : nothing}`;
  }
}
