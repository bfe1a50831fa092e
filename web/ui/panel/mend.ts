// A script that does not work: it stays at hand, with the line that is wrong marked, so that
// it can be mended and played. It is loaded when somebody opens it.

import { html, nothing, render, type TemplateResult } from "lit";
import { words } from "../lang/mend.ts";
import { icons } from "../stage/icons.ts";
import css from "./mend.lazy.css";
import { BadLink, fragmentOf, scriptOf } from "./share.ts";
import { wear } from "./wear.ts";

/** A script that could not be played, and why. */
export interface Wrong {
  why: string;
  script: string;
  line?: number | undefined; // from 1: the one that does not work
}

/** Plays a script in place of the run; gives what is wrong with it, or null. */
export type Play = (script: string) => Promise<Wrong | null>;

let dialog: HTMLDialogElement | null = null;

/** Opens a wrong script. Done is called when a mended one plays. */
export function openMend(wrong: Wrong, play: Play, done: () => void): void {
  if (!dialog) {
    wear(css);
    dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.className = "mend";
    dialog.addEventListener("click", (event) => event.target === dialog && dialog!.close());
  }
  dialog.setAttribute("aria-labelledby", "mend-title");
  const again = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const next = await tried(dialog!.querySelector("textarea")!.value, play);
    if (next) return show(next);
    dialog!.close();
    done();
  };
  const show = (now: Wrong): void => {
    render(content(now, again), dialog!);
    mark(dialog!.querySelector("textarea")!, now);
  };
  render(nothing, dialog); // what somebody typed the last time is gone
  dialog.showModal();
  show(wrong);
}

/** Plays what was mended: a script, or a link with one. Gives what is wrong now. */
async function tried(text: string, play: Play): Promise<Wrong | null> {
  let script = text;
  try {
    const link = /#(?:run=|script[.=])\S+/.exec(text.trim());
    script = (link && /^(#|https?:)\S+$/.test(text.trim()) && (await scriptOf(link[0]))) || text;
  } catch (error) {
    return { why: error instanceof BadLink ? error.message : String(error), script: text };
  }
  const wrong = await play(script);
  if (!wrong) history.replaceState(null, "", await fragmentOf(script).catch(() => location.pathname + location.search));
  return wrong;
}

function content(wrong: Wrong, again: (event: SubmitEvent) => void): TemplateResult {
  const line = wrong.line ? wrong.script.split("\n")[wrong.line - 1] : undefined;
  return html`<header><h2 id="mend-title">${words.title}</h2><form method="dialog"><button class="quiet" aria-label=${words.close}>${icons.close()}</button></form></header>
    <form class="mending" @submit=${again}>
      <p class="bad" role="alert" id="mend-why">${wrong.why}</p>
      ${line === undefined ? nothing : html`<p class="mend-line"><b>${words.line(wrong.line!)}</b> <mark>${line}</mark></p>`}
      <textarea aria-label=${words.script} aria-describedby="mend-why" spellcheck="false" autocapitalize="off" wrap="off" rows="10" .value=${wrong.script}></textarea>
      <div class="mend-foot"><small>${words.hint}</small><button class="primary" type="submit">${words.play}</button></div>
    </form>`;
}

/** Marks the line that is wrong, and brings it into sight. */
function mark(area: HTMLTextAreaElement, wrong: Wrong): void {
  const lines = wrong.script.split("\n");
  const at = Math.min(wrong.line ?? 1, lines.length) - 1;
  const from = lines.slice(0, at).join("\n").length + (at > 0 ? 1 : 0);
  area.focus();
  area.setSelectionRange(from, wrong.line ? from + lines[at]!.length : from);
  area.scrollTop = Math.max(0, (area.scrollHeight / lines.length) * at - area.clientHeight / 2);
}
