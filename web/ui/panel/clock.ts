import { html, svg, type TemplateResult } from "lit";
import { words as text } from "../lang/seat.ts";
import type { Countdown } from "../source/frame.ts";
import { duration } from "../stage/words.ts";

/** A draining clock with its words. */
export function clockCard(c: Countdown, name: string, words: string, out: boolean): TemplateResult {
  const left = c.total > 0 && !out ? Math.max(0, Math.min(1, c.left / c.total)) : 0;
  const low = left < 0.25 ? "low" : left < 0.5 ? "half" : "";
  const time = out || c.total <= 0 ? "–" : c.left <= 0 ? text.runOut : duration(c.left);
  return html`<div class="clock-card ${name} ${low}">
    <svg width="40" height="40" viewBox="0 0 40 40" aria-hidden="true"><circle cx="20" cy="20" r="16"></circle>
      ${svg`<circle class="left" cx="20" cy="20" r="16" pathLength="100" stroke-dasharray="${Math.round(left * 1000) / 10} 200" transform="rotate(-90 20 20)"></circle>`}</svg>
    <span><b>${time}</b>${words}</span>
  </div>`;
}
