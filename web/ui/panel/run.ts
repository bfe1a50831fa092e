// What can be done with a whole run: a link, files, pictures, a comparison. It is loaded when
// somebody opens it.

import { html, nothing, render, type TemplateResult } from "lit";
import { words } from "../lang/run.ts";
import { icons } from "../stage/icons.ts";
import { pngOf, save, svgOf } from "./picture.ts";
import type { Wrong } from "./mend.ts";
import css from "./run.lazy.css";
import { wear } from "./wear.ts";

/** What the run's dialog needs of the page. */
export interface RunDesk {
  live: boolean;
  stage(): Element;
  /** Runs a line quietly; rejects with what is wrong. */
  ask(line: string): Promise<string>;
  share(): Promise<void>;
  /** Plays a script in place of this run, which stays when the script is wrong; gives what is. */
  play(script: string): Promise<Wrong | null>;
  /** Says what is wrong with a script, which stays at hand. */
  wrong(wrong: Wrong): void;
  compare(): void;
  trouble(text: string): void;
}

const fileMost = 1_000_000;
let dialog: HTMLDialogElement | null = null;

export function openRun(desk: RunDesk): void {
  if (!dialog) {
    wear(css);
    dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.className = "run";
    dialog.addEventListener("click", (event) => event.target === dialog && dialog!.close());
  }
  dialog.setAttribute("aria-label", words.title);
  render(content(desk), dialog);
  dialog.showModal();
}

function content(desk: RunDesk): TemplateResult {
  const say = (text: string): void => desk.trouble(text);
  const act = (what: () => Promise<void> | void) => async (): Promise<void> => {
    dialog?.close();
    try {
      await what();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };
  const one = (label: string, what: () => Promise<void> | void, hint = ""): TemplateResult =>
    html`<button type="button" @click=${act(what)}><b>${label}</b>${hint ? html`<small>${hint}</small>` : nothing}</button>`;
  return html`<header><h2>${words.title}</h2><form method="dialog"><button class="quiet" aria-label=${words.close}>${icons.close()}</button></form></header>
    <div class="choices">
      ${desk.live ? nothing : html`
        ${one(words.link, () => desk.share())}
        ${one(words.script, async () => save("run.partita", `${await desk.ask("show script")}\n`, "text/plain"))}
        <label class="button"><b>${words.openFile}</b><input type="file" accept=".partita,.txt,text/plain" @change=${(e: Event) => void openFile(e.target as HTMLInputElement, desk)}></label>`}
      <div class="pair" role="group" aria-label=${words.picture}><b>${words.picture}</b>
        <button type="button" @click=${act(() => picture(desk))}>${words.png}</button>
        <button type="button" @click=${act(() => save("partita.svg", svgOf(desk.stage()).text, "image/svg+xml"))}>${words.svg}</button>
      </div>
      ${desk.live ? nothing : html`
        ${one(words.events, async () => save("events.tsv", `${await desk.ask("show events")}\n`, "text/tab-separated-values"), words.eventsHint)}
        ${one(words.compare, () => desk.compare())}`}
    </div>`;
}

async function picture(desk: RunDesk): Promise<void> {
  let png: Blob;
  try {
    png = await pngOf(desk.stage());
  } catch {
    throw new Error(words.noPicture);
  }
  save("partita.png", png, "image/png");
}

async function openFile(input: HTMLInputElement, desk: RunDesk): Promise<void> {
  const file = input.files?.[0];
  input.value = "";
  dialog?.close();
  if (!file) return;
  if (file.size > fileMost) return desk.trouble(words.tooLarge(file.name));
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return desk.trouble(words.notText(file.name));
  }
  if (text.includes("\0")) return desk.trouble(words.notText(file.name));
  const wrong = await desk.play(text);
  if (wrong) desk.wrong({ ...wrong, why: `${file.name}: ${wrong.why}` });
}
