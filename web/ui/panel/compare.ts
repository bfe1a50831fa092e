import { LitElement, html, nothing, render, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { words } from "../lang/compare.ts";
import type { Difference, Frame } from "../source/frame.ts";
import type { Thing } from "../stage/hit.ts";
import { icons } from "../stage/icons.ts";
import type { PartitaStage } from "../stage/stage.ts";
import { count } from "../stage/words.ts";
import "../stage/stage.ts";
import css from "./compare.lazy.css";
import { lineOf } from "./lines.ts";
import { pairs } from "./pairs.ts";
import dialogCss from "./run.lazy.css";
import { wear } from "./wear.ts";

wear(css);

/** What begins a line that goes to the other run. */
const otherRun = "other ";

/** The run that stands beside the page's own, and what the two have come to. */
@customElement("partita-compare")
export class PartitaCompare extends LitElement {
  @property({ attribute: false }) frame!: Frame; // of the page's own run
  @property({ attribute: false }) end: () => void = () => {};
  @property({ attribute: false }) pick: (thing: Thing) => void = () => {};
  /** What runs a line, and what Kafka calls it: lines of the other run say so. */
  @property({ attribute: false }) act: (line: string) => Promise<string> = async () => "";
  @property({ attribute: false }) same: (line: string) => Promise<string> = async () => "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Draws a frame of the other run; fresh when it is a new one. */
  draw(other: Frame, fresh: boolean): void {
    this.querySelector<PartitaStage>("partita-stage")?.draw(other, fresh);
  }

  protected override render(): TemplateResult {
    return html`
      <header class="versus here"><h2>${words.here}</h2></header>
      <header class="versus there"><h2>${words.there}</h2> <code>${this.frame.compared}</code>
        <button type="button" class="quiet" aria-label=${words.end} title="compare end" @click=${() => this.end()}>${icons.close()}</button></header>
      <partita-stage class="stage" .whose=${otherRun} .act=${this.act} .same=${(line: string) => this.same(line.slice(otherRun.length))}
        @line=${(e: CustomEvent<string>) => void this.act(otherRun + e.detail)} @pick=${(e: CustomEvent<Thing>) => this.pick(e.detail)}></partita-stage>`;
  }
}

/** What the two runs have come to. */
@customElement("partita-figures")
export class PartitaFigures extends LitElement {
  @property({ attribute: false }) figures: Difference[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const rows = this.figures.filter((f) => f.here !== 0 || f.there !== 0);
    return html`<table class="figures panel"><caption>${words.figures}</caption>
      <thead><tr><th scope="col">${words.figure}</th><th scope="col">${words.here}</th><th scope="col">${words.there}</th></tr></thead>
      <tbody>${rows.map((f) => html`<tr class=${f.here === f.there ? "" : "differs"}>
        <th scope="row">${words.names[f.name] ?? f.name}</th><td>${count(f.here)}</td>
        <td>${count(f.there)}${f.here === f.there ? nothing : html` <span class="sign" role="img" aria-label=${words.differs}>≠</span>`}</td></tr>`)}</tbody></table>`;
  }
}

/** Runs a line of script, and gives what is wrong with it. */
type Run = (lines: string) => Promise<string>;

let dialog: HTMLDialogElement | null = null;

/** One way that the run went, as fork list prints it. */
interface Fork {
  number: string;
  text: string;
}

/** Asks what to compare; quietly runs a line and gives what it prints. */
export async function openCompare(run: Run, quietly: Run): Promise<void> {
  if (!dialog) {
    wear(dialogCss);
    dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.className = "run";
    dialog.setAttribute("aria-label", words.title);
    dialog.addEventListener("click", (event) => event.target === dialog && dialog!.close());
  }
  const forks = (await quietly("fork list")).split("\n").filter((line) => !line.endsWith("(here)"));
  ask(run, forks.map((line) => ({ number: line.slice(0, line.indexOf(" ")), text: line })), "");
  dialog.showModal();
}

function ask(run: Run, forks: Fork[], wrong: string): void {
  const go = async (lines: string): Promise<void> => {
    const why = await run(lines);
    if (why) ask(run, forks, why);
    else dialog?.close();
  };
  const own = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = String(new FormData(event.target as HTMLFormElement).get("setting")).trim();
    void go(`compare set ${text}`);
  };
  render(html`<header><h2>${words.title}</h2><form method="dialog"><button class="quiet" aria-label=${words.end}>${icons.close()}</button></form></header>
    <p>${words.why}</p>
    ${wrong ? html`<p class="wrong" role="alert">${wrong}</p>` : nothing}
    <h3>${words.presets}</h3>
    <div class="choices">${pairs.map((pair) => html`<button type="button" data-pair=${pair.id} @click=${() => void go(pair.script)}><b>${pair.title}</b><small>${pair.why}</small></button>`)}</div>
    <h3>${words.own}</h3>
    <div class="choices">
      <form @submit=${own}><input name="setting" required aria-label=${words.setting} placeholder="acks=all" autocomplete="off" spellcheck="false"><button>${words.begin}</button><small>${words.ownHint}</small></form>
      <button type="button" @click=${() => void go(lineOf(["compare", "begin"]))}><b>${words.copy}</b><small>${words.copyHint}</small></button>
    </div>
    ${forks.length === 0 ? nothing : html`<h3>${words.forks}</h3>
      <div class="choices">${forks.map((fork) => html`<div class="pair"><code>${fork.text}</code>
        <button type="button" @click=${() => void go(lineOf(["fork", "go", fork.number]))}>${words.goThere}</button>
        <button type="button" @click=${() => void go(lineOf(["compare", "fork", fork.number]))}>${words.begin}</button></div>`)}</div>`}`, dialog!);
}
