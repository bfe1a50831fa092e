import { html, nothing, svg, type TemplateResult } from "lit";
import { Clock, Kind, State, type Chip, type Countdown, type Frame, type Group, type Member, type Producer } from "../source/frame.ts";
import { words as numbers } from "../lang/numbers.ts";
import { words } from "../lang/stage.ts";
import type { Thing } from "./hit.ts";
import { stateDot } from "./icons.ts";
import { duration, rate } from "./words.ts";

export interface CardEvents {
  selected: Thing | null;
  pick(thing: Thing): void;
  /** Points at a group or one of its members; null when the pointer leaves. */
  point(group: number, member: number): void;
  unpoint(): void;
  /** Which card of a list Tab leads to, by the list's name; the first one where none is said. */
  stops: Map<string, string>;
  /** The focus is on a card: Tab leads back to it. */
  stop(list: string, card: string): void;
}

/** The list of producers; those of members are called as their group. */
const producers = "";

/** Of the cards of a list only one is a stop for Tab, and arrow keys lead to the others. */
const tab = (stop: boolean): number => (stop ? 0 : -1);
const cardOf = (m: Member): string => m.id || m.name;

/** Above so many members a card shows one line for each, above so many more a thin one. */
const roomyMost = 7;
const plainMost = 16;
const chipsMost = 6;
const thinChipsMost = 2;

export function producerCards(list: Producer[], e: CardEvents): TemplateResult[] {
  const stop = Math.max(0, list.findIndex((p) => p.name === e.stops.get(producers)));
  return list.map((p, i) => producerCard(p, i, i === stop, e));
}

function producerCard(p: Producer, index: number, stop: boolean, e: CardEvents): TemplateResult {
  const chosen = e.selected?.kind === "producer" && e.selected.name === p.name;
  return html`<button class="card producer" type="button" tabindex=${tab(stop)} data-producer=${index} aria-pressed=${chosen}
      @click=${() => e.pick({ kind: "producer", name: p.name })} @focus=${() => e.stop(producers, p.name)}>
    <b>${p.name}</b>
    ${p.state === State.active ? nothing : html`<span class="halted">${stateDot(p.state)} ${p.state === State.frozen ? words.frozen : words.crashed}</span>`}
    ${p.lines.map((line) => html`<span>${line}</span>`)}
    ${p.transactionalId ? html`<span class="txn"><code>${p.transactionalId}</code> ${txnSign(p.txn)}<small>${p.txn}</small></span>` : nothing}
    <span class="rate">${p.paused ? words.paused : rate(p.rate)}</span>
    ${p.failed > 0 ? html`<span class="bad">${words.failed(numbers.records(p.failed))}</span>` : nothing}
  </button>`;
}

/** How far a transaction is, as a small bracket: open and dotted, closed, struck out. */
function txnSign(state: string): TemplateResult | typeof nothing {
  if (!/_TRANSACTION$|ERROR$/.test(state)) return nothing;
  const look = state === "IN_TRANSACTION" ? "open" : /^ABORT|ERROR$/.test(state) ? "struck" : "";
  return html`<svg class="bracket ${look}" width="16" height="8" viewBox="0 0 16 8" aria-hidden="true"><path d=${look === "open" ? "M1.5 7V1.5H14.5" : "M1.5 7V1.5H14.5V7"}></path>
    ${look === "struck" ? svg`<path d="M1 5h14"></path>` : nothing}</svg>`;
}

export function groupCard(frame: Frame, g: Group, index: number, e: CardEvents): TemplateResult {
  const size = g.members.length <= roomyMost ? "roomy" : g.members.length <= plainMost ? "plain" : "thin";
  const most = size === "thin" ? thinChipsMost : chipsMost;
  const chosen = e.selected?.kind === "group" && e.selected.group === g.name;
  const generation = g.generation > 0 ? ` · ${words.generation(g.generation)}` : "";
  const stop = g.members.findIndex((m) => cardOf(m) === e.stops.get(g.name));
  return html`<section class="card group g${g.hue} ${size}" aria-label=${words.groupCard(g.name)}>
    <button class="group-head" type="button" tabindex=${tab(stop < 0)} aria-pressed=${chosen} @focus=${() => e.stop(g.name, "")} @click=${() => e.pick({ kind: "group", group: g.name })}
        @pointerenter=${() => e.point(index, -1)} @pointerleave=${() => e.unpoint()}>
      <b>${g.name}</b><span class="lag">${g.lag === 0 ? words.caughtUp : words.lag(g.lag)}</span>
      <small class=${g.state.endsWith("Rebalance") ? "busy" : ""}>${g.state}${generation}</small>
    </button>
    ${g.detail ? html`<p class="detail">${g.detail}</p>` : nothing}
    <ul>${g.members.map((m, i) => html`<li>${memberRow(frame, g, index, m, i, i === stop, most, e)}</li>`)}</ul>
    ${g.members.length === 0 && !g.detail ? html`<p class="detail">${words.nobodyReads}</p>` : nothing}
    ${g.protocol ? html`<small class="protocol">${g.protocol}</small>` : nothing}
  </section>`;
}

function memberRow(frame: Frame, g: Group, group: number, m: Member, index: number, stop: boolean, chipsMost: number, e: CardEvents): TemplateResult {
  const chosen = e.selected?.kind === "member" && e.selected.group === g.name && e.selected.name === m.name && e.selected.id === m.id;
  const looks = ["active", "joining", "idle", "frozen", "crashed", "gone"][m.state] ?? "active";
  return html`<button class="member ${looks}" type="button" tabindex=${tab(stop)} data-member="${group}/${index}" aria-pressed=${chosen}
      @click=${() => e.pick({ kind: "member", group: g.name, name: m.name, id: m.id })}
      @pointerenter=${() => e.point(group, index)} @pointerleave=${() => e.unpoint()}
      @focus=${() => { e.point(group, index); e.stop(g.name, cardOf(m)); }} @blur=${() => e.unpoint()}>
    ${stateDot(m.state)}
    <span class="name">${m.name}</span>
    ${m.kind === Kind.sim ? nothing : html`<span class="kind">${m.kind === Kind.tab ? words.tab : words.client}</span>`}
    <span class="chips" aria-hidden="true">${chips(frame, m.chips, chipsMost)}</span>
    <span class="unseen">${owns(frame, m)}</span>
    <span class="rings" title=${clocks(m)}>${m.ranOut === Clock.none ? html`${ring(m.session, "session")}${ring(m.poll, "poll")}` : ranOut(m)}</span>
    <span class="below"><span class="status">${m.status}</span>
      <span class="lag">${m.lag > 0 && m.status !== words.lag(m.lag) ? words.lag(m.lag) : nothing}</span></span>
    ${m.kind === Kind.sim && m.chips.length > 0 && m.state <= State.joining ? html`<span class="counts"><span title=${words.inHandLong}>${words.inHand(m.inHand)}</span><span title=${words.toCommitLong}>${words.toCommit(m.pending)}</span></span>` : nothing}
  </button>`;
}

function clocks(m: Member): string {
  const lines: string[] = [];
  if (m.session.total > 0) lines.push(words.sessionEnds(duration(m.session.left)));
  if (m.poll.total > 0) lines.push(words.mustPoll(duration(m.poll.left)));
  return lines.join(" ");
}

/** What the chips and rings say, for those who do not see them. */
function owns(frame: Frame, m: Member): string {
  const parts: string[] = [];
  if (m.chips.length > 0) parts.push(words.owns(m.chips.map((c) => `${frame.topics[c.topic]?.name ?? ""}-${c.partition}`).join(", ")));
  if (m.session.total > 0 && m.state >= State.frozen) parts.push(words.sessionLeft(duration(m.session.left)));
  return parts.join("; ");
}

function chips(frame: Frame, list: Chip[], chipsMost: number): (TemplateResult | string)[] {
  const several = list.some((c) => c.topic !== list[0]?.topic);
  const shown = list.slice(0, list.length > chipsMost ? chipsMost - 1 : chipsMost);
  const made: (TemplateResult | string)[] = [];
  let topic = -1;
  for (const c of shown) {
    if (several && c.topic !== topic) made.push(html`<span class="of">${frame.topics[c.topic]?.name ?? ""}</span>`);
    topic = c.topic;
    made.push(html`<span class="chip ${c.paused ? "paused" : ""}">${c.partition}</span>`);
  }
  if (shown.length < list.length) made.push(html`<span class="of">+${list.length - shown.length}</span>`);
  return made;
}

/** A heart for the session, which heartbeats keep; an arrow for poll. */
const glyphs = {
  session: "M10 13.2L6.9 10.1a1.9 1.9 0 012.7-2.7l.4.4.4-.4a1.9 1.9 0 012.7 2.7z",
  poll: "M10 6.6v6M7.4 10.2l2.6 2.6 2.6-2.6",
};

/** A draining ring; one that ran out is crossed. */
function ring(c: Countdown, name: "session" | "poll", out = false): TemplateResult | typeof nothing {
  if (c.total <= 0 && !out) return nothing;
  const left = out ? 0 : Math.max(0, Math.min(1, c.left / c.total));
  const low = left < 0.25 ? "low" : left < 0.5 ? "half" : "";
  return html`<svg class="ring ${name} ${low}" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="8"></circle>
    ${out ? nothing : svg`<circle class="left" cx="10" cy="10" r="8" pathLength="100" stroke-dasharray="${Math.round(left * 100)} 200" transform="rotate(-90 10 10)"></circle>`}
    ${svg`<path class="glyph" d=${glyphs[name]}></path>`}${out ? svg`<path class="cross" d="M4 4l12 12M16 4L4 16"></path>` : nothing}
  </svg>`;
}

/** The clock that took a member out of its group. */
function ranOut(m: Member): TemplateResult {
  const session = m.ranOut === Clock.session;
  return html`<span class="out">${session ? words.sessionOut : words.pollOut}</span>${ring(m.session, session ? "session" : "poll", true)}`;
}
