import { html, render } from "lit";
import { words } from "../lang/chrome.ts";
import { icons } from "../stage/icons.ts";
import { listen, openHelp } from "./terms.ts";

// What every page has in its bar: the switches between light and dark and between
// languages. The first choice is kept in this browser, and head.ts applies it before the
// page is drawn; the second is a cookie, because the server writes the page.

export const themeKey = "partita-theme";

function dark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function turn(): void {
  const theme = dark() ? "light" : "dark";
  document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(themeKey, theme);
  } catch {
    // A browser that keeps nothing still turns this page.
  }
  draw();
}

let place: HTMLElement | null = null;

function draw(): void {
  if (!place) return;
  const label = dark() ? words.toLight : words.toDark;
  render(html`<button class="quiet" type="button" aria-label=${words.help} title="${words.help} (?)" aria-haspopup="dialog" @click=${openHelp}>?</button>
    <button class="quiet" type="button" aria-label=${label} title=${label} @click=${turn}>${icons.theme()}</button>`, place);
}

const yearS = 365 * 24 * 3600;

/** Remembers a language and asks for the same page in it, with the run that the address holds. */
function speak(link: HTMLAnchorElement, event: Event): void {
  if (!link.search) return void (link.hash = location.hash); // without a server each language has a page of its own
  event.preventDefault();
  document.cookie = `partita-lang=${link.hreflang}; path=/; max-age=${yearS}; samesite=lax`;
  const here = new URL(location.href);
  here.searchParams.delete("lang");
  history.replaceState(null, "", here);
  location.reload();
}

/** Puts the switches into the bar of the page. */
export function chrome(): void {
  const bar = document.querySelector("header.top");
  if (!bar || place) return;
  place = document.createElement("span");
  place.className = "theme";
  bar.append(place);
  listen();
  bar.querySelector<HTMLAnchorElement>("a.language")?.addEventListener("click", (event) => speak(event.currentTarget as HTMLAnchorElement, event));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
}
