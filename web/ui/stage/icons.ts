import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";

// Small drawings in the colour of the text around them. They carry no meaning alone:
// a word always stands beside them or in the label of their button.

const icon = (body: SVGTemplateResult, size = 16): TemplateResult =>
  html`<svg class="icon" width=${size} height=${size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">${body}</svg>`;

const stroke = (d: string): SVGTemplateResult =>
  svg`<path d=${d} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"></path>`;
const fill = (d: string): SVGTemplateResult => svg`<path d=${d} fill="currentColor"></path>`;

export const icons = {
  play: () => icon(fill("M4.5 2.5v11l9-5.5z")),
  pause: () => icon(fill("M4 2.5h3v11H4zM9 2.5h3v11H9z")),
  back: () => icon(svg`${fill("M12 3v10L5.5 8z")}${stroke("M4 3.5v9")}`),
  on: () => icon(svg`${fill("M4 3v10l6.5-5z")}${stroke("M12 3.5v9")}`),
  previous: () => icon(svg`${fill("M14 3.5v9L8.5 8zM8.5 3.5v9L3 8z")}${stroke("M2 3.5v9")}`),
  next: () => icon(svg`${fill("M2 3.5v9L7.5 8zM7.5 3.5v9L13 8z")}${stroke("M14 3.5v9")}`),
  theme: () => icon(svg`<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.6"></circle>${fill("M8 2.5a5.5 5.5 0 010 11z")}`),
  close: () => icon(stroke("M4 4l8 8M12 4l-8 8")),
  out: () => icon(stroke("M6.5 3.5h-3v9h9v-3M9 3.5h3.5V7M12.5 3.5L7.5 8.5"), 13),
  plus: () => icon(stroke("M8 3.5v9M3.5 8h9")),
  check: () => icon(stroke("M3 8.5l3.2 3L13 4.5")),
  ribbon: () => icon(stroke("M2.5 3.5h4v9h-4zM9.5 3.5h4v9h-4zM2.5 8h4M9.5 8h4"), 14),
  lane: () => icon(stroke("M2 4h12M2 12h12M4 12l2.5-8M9 4l2.5 8"), 14),
  table: () => icon(stroke("M2.5 3.5h11v9h-11zM2.5 6.8h11M6.5 6.8v5.7"), 14),
  up: () => icon(stroke("M4 10l4-4 4 4")),
  more: () => icon(svg`${fill("M3.5 6.5a1.5 1.5 0 110 3 1.5 1.5 0 010-3zM8 6.5a1.5 1.5 0 110 3 1.5 1.5 0 010-3zM12.5 6.5a1.5 1.5 0 110 3 1.5 1.5 0 010-3z")}`),
  down: () => icon(stroke("M4 6l4 4 4-4")),
};

/** The mark of the project: three staves with a playhead. */
export const mark = (): TemplateResult => html`<svg class="logo" width="26" height="20" viewBox="0 0 26 20" aria-hidden="true" focusable="false">
  <path class="lines" d="M1 4h24M1 10h24M1 16h24"></path>
  <rect class="k1" x="4" y="1.6" width="4.8" height="4.8" rx="1.2"></rect>
  <rect class="k2" x="10" y="7.6" width="4.8" height="4.8" rx="1.2"></rect>
  <rect class="k3" x="4" y="13.6" width="4.8" height="4.8" rx="1.2"></rect>
  <path class="head" d="M18.5 0v20"></path>
</svg>`;

/** The state of a member as a shape: no two states differ by colour alone. */
export function stateDot(state: number): TemplateResult {
  const shapes = [
    svg`<circle cx="7" cy="7" r="4.6" fill="currentColor"></circle>`, // active
    svg`<circle cx="7" cy="7" r="4.6" fill="none" stroke="currentColor" stroke-width="1.7" stroke-dasharray="2.6 2.2"></circle>`, // joining
    svg`<circle cx="7" cy="7" r="4.6" fill="none" stroke="currentColor" stroke-width="1.7"></circle>`, // idle
    svg`<path d="M3.6 2.6h2.4v8.8H3.6zM8 2.6h2.4v8.8H8z" fill="currentColor"></path>`, // frozen
    svg`<path d="M3.2 3.2l7.6 7.6M10.8 3.2l-7.6 7.6" stroke="currentColor" stroke-width="2" stroke-linecap="round"></path>`, // crashed
    svg`<path d="M2.5 7h9" stroke="currentColor" stroke-width="2" stroke-linecap="round"></path>`, // gone
  ];
  return html`<svg class="dot" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">${shapes[state] ?? shapes[0]}</svg>`;
}
