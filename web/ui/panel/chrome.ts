import { html, render } from "lit";
import { icons } from "../stage/icons.ts";

// What every page has in its bar: the switch between light and dark. The choice is kept in
// this browser; head.ts applies it before the page is drawn.

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
  const label = dark() ? "Switch to light" : "Switch to dark";
  render(html`<button class="quiet" type="button" aria-label=${label} title=${label} @click=${turn}>${icons.theme()}</button>`, place);
}

/** Puts the switch into the bar of the page. */
export function chrome(): void {
  const bar = document.querySelector("header.top");
  if (!bar || place) return;
  place = document.createElement("span");
  place.className = "theme";
  bar.append(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
}
