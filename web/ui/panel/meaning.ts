// The small card that says what a word means. It is loaded with the first question.

import { glossary } from "../lang/later.ts";
import css from "./help.lazy.css";
import { wear } from "./wear.ts";

const id = "meaning";
let card: HTMLElement | null = null;
let about: HTMLElement | null = null;
let going: ReturnType<typeof setTimeout> | undefined;
/** The pointer may cross the gap to the card in this time, in ms. */
const graceMs = 200;

function make(): HTMLElement {
  wear(css);
  const made = document.createElement("div");
  made.id = id;
  made.className = "meaning";
  made.setAttribute("role", "tooltip");
  made.hidden = true;
  document.body.append(made);
  made.addEventListener("pointerenter", () => clearTimeout(going));
  made.addEventListener("pointerleave", soon);
  document.addEventListener("keydown", (event) => event.key === "Escape" && about && hide());
  document.addEventListener("scroll", (event) => about && (event.target as Node).contains(about) && hide(), { capture: true, passive: true });
  return made;
}

function hide(): void {
  clearTimeout(going);
  about?.removeAttribute("aria-describedby");
  about = null;
  if (card) card.hidden = true;
}

/** Goes soon, unless the pointer comes back or goes to the card. */
function soon(): void {
  clearTimeout(going);
  going = setTimeout(() => about !== document.activeElement && hide(), graceMs);
}

/** Shows what a word means, next to it. A tap shows and hides. */
export async function explain(word: HTMLElement, how: string): Promise<void> {
  clearTimeout(going);
  const [name, meaning] = (await glossary())[word.dataset["term"] as keyof Awaited<ReturnType<typeof glossary>>] ?? [];
  if (!name || !word.isConnected || (how === "pointerover" && !word.matches(":hover"))) return;
  card ??= make();
  if (about === word && how !== "click") return;
  about?.removeAttribute("aria-describedby");
  about = word;
  card.replaceChildren(Object.assign(document.createElement("b"), { textContent: name }), ` ${meaning}`);
  card.hidden = false;
  word.setAttribute("aria-describedby", id);
  word.addEventListener("pointerleave", soon, { once: true });
  word.addEventListener("blur", hide, { once: true });
  place(card, word.getBoundingClientRect());
}

/** Below the word, or above it where there is no room; always inside the window. */
function place(box: HTMLElement, word: DOMRect): void {
  const gap = 6;
  const left = Math.max(8, Math.min(word.left, innerWidth - box.offsetWidth - 8));
  const below = word.bottom + gap;
  const top = below + box.offsetHeight > innerHeight - 8 ? word.top - gap - box.offsetHeight : below;
  box.style.left = `${left}px`;
  box.style.top = `${Math.max(8, top)}px`;
}
