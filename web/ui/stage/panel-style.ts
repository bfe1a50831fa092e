// The look of the panels below the stage. It comes with their scripts, when one is opened
// for the first time, and so is no part of the page's own style sheet.

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
.stage-panel { flex: none; border-top: 1px solid var(--rule); padding: 0.5rem 1rem 0.625rem; max-height: 44vh; overflow: auto; scrollbar-width: thin; font-size: 0.75rem; color: var(--ink-2); }
.stage-panel header { display: flex; align-items: center; gap: 0.75rem; }
.stage-panel header h3 { font-size: 0.6875rem; letter-spacing: 0.08em; text-transform: uppercase; color: var(--ink-3); font-weight: 600; }
.stage-panel header .quiet { margin-left: auto; }
.stage-panel .sum { margin: 0 0 0.5rem; max-width: 46rem; }
.stage-panel .sum b { color: var(--ink); font-weight: 600; }

.stage-panel:has(~ .stage-panel), .stage-panel ~ .stage-panel { max-height: 31vh; }

.ribbon-scroll, .lane-scroll { overflow-x: auto; scrollbar-width: thin; }
.ribbon { border-collapse: separate; border-spacing: 0.1875rem 0.125rem; }
.ribbon th, .ribbon td { padding: 0; text-align: center; font-weight: 400; }
.ribbon tbody th { font: 650 0.75rem var(--sans); color: var(--ink); padding-right: 0.375rem; text-align: right; position: sticky; left: 0; background: var(--paper); }
.ribbon thead time { font: 0.6875rem var(--mono); color: var(--ink-3); }
.ribbon thead button { min-height: 1.5rem; padding: 0 0.375rem; border: 0; gap: 0.375rem; white-space: nowrap; }
.ribbon tbody td { min-width: 4.25rem; height: 1.375rem; border-radius: 0.3125rem; background-color: var(--k, transparent); color: var(--on-k); overflow: clip; }
.ribbon tfoot td { font-size: 0.65625rem; color: var(--ink-3); padding-top: 0.25rem; vertical-align: top; max-width: 7rem; line-height: 1.3; }
.ribbon tfoot span { display: block; }
.ribbon b { font: 600 0.71875rem var(--mono); }
.ribbon .owned { display: grid; grid-template-columns: auto 1fr; height: 100%; align-items: center; }
.ribbon .owned b { grid-column: 2; padding: 0 0.25rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 6rem; }
.ribbon td.none { background: none; color: var(--ink-3); box-shadow: inset 0 0 0 1px var(--rule-2); }
.ribbon td.moved { box-shadow: inset 0 0 0 2px var(--ink); }
.ribbon .ahead { opacity: 0.45; }
.ribbon .k1 { --k: var(--k1); } .ribbon .k2 { --k: var(--k2); } .ribbon .k3 { --k: var(--k3); }
.ribbon .k4 { --k: var(--k4); } .ribbon .k5 { --k: var(--k5); } .ribbon .k6 { --k: var(--k6); }
.ribbon .pattern1 { background-image: repeating-linear-gradient(90deg, transparent 0 5px, color-mix(in srgb, var(--paper) 45%, transparent) 5px 8px); }
.ribbon .pattern2 { background-image: radial-gradient(color-mix(in srgb, var(--paper) 55%, transparent) 1.4px, transparent 1.6px); background-size: 6px 6px; }
.pause { align-self: stretch; background: repeating-linear-gradient(135deg, var(--paper) 0 2px, var(--ink-2) 2px 3.5px); }
.pause.p1 { width: 0.3125rem; } .pause.p2 { width: 0.5rem; } .pause.p3 { width: 0.75rem; } .pause.p4 { width: 1.125rem; } .pause.p5 { width: 1.75rem; }
.ribbon.dense { border-spacing: 0.125rem 0.0625rem; }
.ribbon.dense tbody td { height: 0.875rem; border-radius: 0.1875rem; }
.ribbon.dense b, .ribbon.dense tbody th { font-size: 0.625rem; line-height: 0.875rem; }

.lane { display: grid; grid-template-columns: auto minmax(0, 1fr); }
.lane-names { padding-top: 0.5625rem; margin: 0; }
.lane-names li { height: 26px; line-height: 26px; padding-right: 0.625rem; text-align: right; font-weight: 600; color: var(--ink); white-space: nowrap; max-width: 8rem; overflow: hidden; text-overflow: ellipsis; }
.lane svg { display: block; }
.lane .line { stroke: var(--rule-2); }
.lane .line.coordinator { stroke: var(--ink-3); stroke-width: 2; }
.lane .now { stroke: var(--accent); stroke-width: 1.5; }
.lane .break { stroke: var(--rule-2); stroke-dasharray: 1 4; }
.lane .tick { font: 0.625rem var(--mono); fill: var(--ink-3); }
.arrow { cursor: pointer; color: var(--ink-2); --kind: var(--k0); }
.arrow:focus { outline: none; }
.arrow .hit { stroke: transparent; stroke-width: 12; }
.arrow .shaft { stroke: currentColor; stroke-width: 1.4; }
.arrow.reply .shaft { stroke-dasharray: 4 2.5; }
.arrow circle { fill: var(--kind); stroke: currentColor; }
.arrow text { font: 650 0.5625rem var(--mono); text-anchor: middle; fill: var(--on-k); pointer-events: none; }
.arrow.heartbeat { color: var(--ink-3); }
.arrow.heartbeat text { fill: var(--ink); }
.arrow.wrong, .arrow.lost { color: var(--bad); }
.arrow.wrong .shaft { stroke-width: 2; }
.arrow .cross { stroke: var(--bad); stroke-width: 2; }
.arrow.ahead { opacity: 0.4; }
.arrow:is(:hover, :focus-visible) { color: var(--ink); }
.arrow:is(:hover, :focus-visible) .shaft { stroke-width: 2.6; }
.arrow:focus-visible circle, .arrow:focus-visible .hit { stroke: var(--accent); stroke-width: 3; }
:is(.arrow, .letter) { &.join { --kind: var(--k1); } &.sync { --kind: var(--k3); } &.commit { --kind: var(--k2); } &.leave { --kind: var(--k4); } &.offsets { --kind: var(--k6); } }
#lane-tip path { fill: context-stroke; }
.lane-key { display: flex; flex-wrap: wrap; gap: 0.125rem 0.75rem; margin: 0.375rem 0 0; color: var(--ink-3); font-size: 0.6875rem; }
.lane-key .letter { display: inline-block; width: 0.9375rem; line-height: 0.9375rem; border-radius: 50%; text-align: center; font: 650 0.5625rem/0.9375rem var(--mono); background: var(--kind, var(--k0)); color: var(--on-k); }
.lane-key .heartbeat { color: var(--ink); }

@media (max-width: 56.24rem), (max-height: 29.99rem) {
  .stage-panel, .stage-panel:has(~ .stage-panel), .stage-panel ~ .stage-panel { max-height: none; padding-inline: 0.75rem; }
  .ribbon tbody td { min-width: 3.25rem; }
}
`);
document.adoptedStyleSheets.push(sheet);
