// The help: all keys, and all of Kafka's words. It is loaded when somebody opens it.

import { html, render, type TemplateResult } from "lit";
import type { Glossary } from "../lang/glossary.ts";
import type { HelpWords } from "../lang/help.ts";
import { glossary, help } from "../lang/later.ts";
import { icons } from "../stage/icons.ts";
import css from "./help.lazy.css";
import { singleKeys } from "./terms.ts";
import { wear } from "./wear.ts";

let dialog: HTMLDialogElement | null = null;

export async function openHelp(): Promise<void> {
  const [words, terms] = await Promise.all([help(), glossary()]);
  if (!dialog) {
    wear(css);
    dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.className = "help";
    dialog.addEventListener("click", (event) => event.target === dialog && dialog!.close());
  }
  dialog.setAttribute("aria-label", words.title);
  draw(words, terms, "");
  if (!dialog.open) dialog.showModal();
}

function draw(words: HelpWords, terms: Glossary, wanted: string): void {
  render(html`<header><h2>${words.title}</h2><form method="dialog"><button class="quiet" aria-label=${words.close}>${icons.close()}</button></form></header>
    <div class="help-body" tabindex="0" role="region" aria-label=${words.title}>
      <section><h3>${words.keys}</h3>${keys(words)}
        <label class="single"><input type="checkbox" .checked=${singleKeys()} @change=${(e: Event) => singleKeys((e.target as HTMLInputElement).checked)}> ${words.single}</label></section>
      <section><h3>${words.words}</h3>
        <input type="text" inputmode="search" aria-label=${words.find} placeholder=${words.find} @input=${(e: Event) => draw(words, terms, (e.target as HTMLInputElement).value)}>
        <div aria-live="polite">${list(words, terms, wanted)}</div></section>
    </div>`, dialog!);
}

function keys(words: HelpWords): TemplateResult {
  const { groups, does, space } = words;
  const all: [string, [string[], string][]][] = [
    [groups.everywhere, [[["?"], does.help], [["Tab", "Shift+Tab"], does.walk], [["Enter", space], does.use], [["Esc"], does.leave]]],
    [groups.stage, [[["←", "→", "↑", "↓"], does.records], [["Home", "End"], does.ends], [["Enter"], does.select], [["W", "Shift+W"], does.around], [["M"], does.marks], [[space], does.pause]]],
    [groups.time, [[[","], does.back], [["."], does.on], [["←", "→"], does.scrub]]],
    [groups.cards, [[["Tab"], does.list], [["↑", "↓"], does.cards], [["Home", "End"], does.lastCard], [["Enter"], does.card]]],
    [groups.lists, [[["←", "→"], does.tabs]]],
    [groups.console, [[["↑", "↓"], does.history], [["Enter"], does.send]]],
  ];
  return html`<div class="keys">${all.map(([title, rows]) => html`<h4>${title}</h4>
    <dl>${rows.map(([names, what]) => html`<div><dt>${names.map((name) => html`<kbd>${name}</kbd> `)}</dt><dd>${what}</dd></div>`)}</dl>`)}</div>`;
}

function list(words: HelpWords, terms: Glossary, wanted: string): TemplateResult {
  const find = wanted.trim().toLowerCase();
  const found = Object.values(terms).filter(([name, meaning]) => `${name} ${meaning}`.toLowerCase().includes(find));
  return found.length === 0
    ? html`<p>${words.nothing}</p>`
    : html`<dl class="words">${found.map(([name, meaning]) => html`<dt>${name}</dt><dd>${meaning}</dd>`)}</dl>`;
}
