import { html, nothing, type TemplateResult } from "lit";
import { words } from "../lang/inspector.ts";
import { words as numbers } from "../lang/numbers.ts";
import { BrokerState, Kind, State, type Broker, type Frame, type Group, type Member, type Producer } from "../source/frame.ts";
import { describe } from "../stage/aim.ts";
import type { Thing } from "../stage/hit.ts";
import { icons } from "../stage/icons.ts";
import { count, duration, rate } from "../stage/words.ts";
import { lineOf } from "./lines.ts";

export interface InspectorEvents {
  run(line: string): void;
  pick(thing: Thing | null): void;
}

interface Action {
  label: string;
  line: string;
  danger?: boolean;
}

/** What is selected: its numbers, and what can be done with it. */
export function inspector(frame: Frame, thing: Thing | null, e: InspectorEvents): TemplateResult {
  if (!thing) {
    return html`<section class="panel"><h3>${words.selected}</h3>
      <p class="hint">${words.hint}</p></section>`;
  }
  return html`<section class="panel" aria-label=${words.selected}>
    <header><h3>${words.titles[thing.kind]}</h3><button class="quiet" type="button" aria-label=${words.none} @click=${() => e.pick(null)}>${icons.close()}</button></header>
    ${body(frame, thing, e)}</section>`;
}

function body(frame: Frame, thing: Thing, e: InspectorEvents): TemplateResult {
  switch (thing.kind) {
    case "member": {
      const group = frame.groups.find((g) => g.name === thing.group);
      const member = group?.members.find((m) => m.name === thing.name && m.id === thing.id) ?? group?.members.find((m) => m.name === thing.name);
      return group && member ? aboutMember(frame, group, member, e) : gone(thing.name);
    }
    case "group": {
      const group = frame.groups.find((g) => g.name === thing.group);
      return group ? aboutGroup(group, e) : gone(thing.group);
    }
    case "producer": {
      const producer = frame.producers.find((p) => p.name === thing.name);
      return producer ? aboutProducer(producer, e) : gone(thing.name);
    }
    case "broker": {
      const broker = frame.brokers.find((b) => b.id === thing.id);
      return broker ? aboutBroker(frame, broker, e) : gone(words.brokerOf(thing.id));
    }
    case "topic":
      return aboutTopic(frame, thing.topic, e);
    default: {
      const lines = describe(frame, thing);
      if (lines.length === 0) return gone(words.it);
      return html`<p class="name">${lines[0]}</p>${lines.slice(1).map((line) => html`<p>${line}</p>`)}`;
    }
  }
}

const gone = (name: string): TemplateResult => html`<p>${words.gone(name)}</p>`;

function facts(rows: [string, string | TemplateResult | number][]): TemplateResult {
  return html`<dl>${rows.map(([name, value]) => (value === "" ? nothing : html`<dt>${name}</dt><dd>${value}</dd>`))}</dl>`;
}

function actions(list: Action[], e: InspectorEvents): TemplateResult {
  return html`<div class="actions">${list.map((a) => html`<button type="button" class=${a.danger ? "danger" : ""} title=${a.line} @click=${() => e.run(a.line)}>${a.label}</button>`)}</div>`;
}

function aboutMember(frame: Frame, g: Group, m: Member, e: InspectorEvents): TemplateResult {
  const owned = m.chips.map((c) => {
    const name = `${frame.topics[c.topic]?.name ?? ""}-${c.partition}`;
    return c.paused ? words.isPaused(name) : name;
  });
  return html`<p class="name">${m.name}</p>
    ${m.status ? html`<p>${m.status}</p>` : nothing}
    ${m.kind === Kind.sim ? memberActions(m, e) : m.kind === Kind.tab ? html`<p class="hint">${words.ofTab}</p>` : foreignActions(g, m, e)}
    ${facts([
      [words.group, m.leader ? words.isLeader(g.name) : g.name],
      [words.partitions, owned.join(", ") || words.nothing],
      [words.lag, count(m.lag)],
      [words.inHand, m.inHand > 0 ? words.polled(numbers.records(m.inHand)) : ""],
      [words.session, m.session.total > 0 ? words.leftOf(duration(m.session.left), duration(m.session.total)) : ""],
      [words.nextPoll, m.poll.total > 0 ? words.leftOf(duration(m.poll.left), duration(m.poll.total)) : ""],
      [words.memberId, m.id],
      [words.instanceId, m.instance],
      [words.host, m.host],
      [words.settings, m.settings ? html`<span class="settings">${m.settings.split(" ").filter((s) => !/^(group|topics)=/.test(s)).join("\n")}</span>` : ""],
    ])}`;
}

function memberActions(m: Member, e: InspectorEvents): TemplateResult {
  const say = (label: string, verb: string, danger = false): Action => ({ label, line: lineOf(["consumer", verb, m.name]), danger });
  if (m.state === State.crashed || m.state === State.gone) return actions([say(words.restart, "restart"), say(words.remove, "remove")], e);
  if (m.state === State.frozen) return actions([say(words.thaw, "thaw"), say(words.crash, "crash", true)], e);
  return html`${actions([
    say(words.commit, "commit"), say(words.stopPolling, "stop"), say(words.pollAgain, "poll"), say(words.freeze, "freeze"), say(words.leave, "leave"), say(words.crash, "crash", true),
  ], e)}
  <form class="form inline" @submit=${(event: SubmitEvent) => {
    event.preventDefault();
    const value = new FormData(event.target as HTMLFormElement).get("process");
    e.run(lineOf(["consumer", "set", m.name], { process: String(value) }));
  }}>
    <label>${words.timeToProcess}<input name="process" required placeholder="200ms" autocomplete="off"></label>
    <button class="send">${words.set}</button>
  </form>`;
}

/** A client that is run from elsewhere: brokers can only stop answering it. */
function foreignActions(g: Group, m: Member, e: InspectorEvents): TemplateResult {
  const frozen = m.state === State.frozen || m.state === State.gone;
  return html`<p class="hint">${words.ofOther} ${frozen ? words.otherFrozen : words.otherFreeze}</p>
    ${actions([{ label: frozen ? words.thaw : words.freeze, line: lineOf(["member", frozen ? "thaw" : "freeze", g.name, m.id]) }], e)}`;
}

function aboutGroup(g: Group, e: InspectorEvents): TemplateResult {
  return html`<p class="name">${g.name}</p>
    ${g.detail ? html`<p>${g.detail}</p>` : nothing}
    ${facts([
      [words.state, g.state], [words.generation, g.generation], [words.assignor, g.protocol || words.noneYet], [words.members, g.members.length], [words.lag, count(g.lag)],
    ])}
    ${g.members.length === 0 ? actions([{ label: words.deleteGroup, line: lineOf(["group", "delete", g.name]), danger: true }], e) : nothing}`;
}

function aboutProducer(p: Producer, e: InspectorEvents): TemplateResult {
  const verb = p.paused ? "resume" : "pause";
  return html`<p class="name">${p.name}</p>
    ${actions([
      { label: p.paused ? words.resume : words.pause, line: lineOf(["producer", verb, p.name]) },
      { label: words.faster, line: lineOf(["producer", "set", p.name], { rate: `${Math.max(1, Math.round(p.rate / 500))}/s` }) },
      { label: words.slower, line: lineOf(["producer", "set", p.name], { rate: `${Math.max(1, Math.round(p.rate / 2000))}/s` }) },
      { label: words.remove, line: lineOf(["producer", "remove", p.name]), danger: true },
    ], e)}
    ${facts([[words.topic, p.topic], [words.settings, p.lines.join(", ")], [words.rate, p.paused ? words.paused : rate(p.rate)], [words.sent, numbers.records(p.sent)], [words.failed, p.failed > 0 ? numbers.records(p.failed) : ""]])}`;
}

function aboutTopic(frame: Frame, name: string, e: InspectorEvents): TemplateResult {
  const topic = frame.topics.find((t) => t.name === name);
  if (!topic) return gone(name);
  return html`<p class="name">${topic.name}</p>
    ${actions([
      { label: words.addPartition, line: lineOf(["topic", "partitions", name, String(topic.partitions + 1)]) },
      { label: words.deleteTopic, line: lineOf(["topic", "delete", name]), danger: true },
    ], e)}
    ${facts([[words.partitions, topic.partitions], [words.records, count(topic.records)], ["", topic.detail]])}`;
}

function aboutBroker(frame: Frame, b: Broker, e: InspectorEvents): TemplateResult {
  const say = (label: string, verb: string, danger = false, ...more: string[]): Action => ({ label, line: lineOf(["broker", verb, String(b.id), ...more]), danger });
  const list = {
    [BrokerState.up]: [say(words.pause, "pause"), b.slowMs > 0 ? say(words.fullSpeed, "slow", false, "0") : say(words.slowDown, "slow", false, "500ms"), say(words.stop, "stop"), say(words.crash, "crash", true), say(words.crashUnsynced, "crash", true, "unsynced")],
    [BrokerState.stopping]: [say(words.crash, "crash", true)],
    [BrokerState.paused]: [say(words.resume, "resume"), say(words.crash, "crash", true)],
    [BrokerState.down]: [say(words.start, "start")],
  }[b.state] ?? [];
  const staves = frame.staves.map((s) => ({ s, name: `${frame.topics[s.topic]?.name ?? ""}-${s.partition}`, own: s.replicas.find((r) => r.broker === b.id) }));
  const leads = staves.filter(({ s }) => s.leader === b.id).map(({ name }) => name);
  const follows = staves.filter(({ s, own }) => own && s.leader !== b.id).map(({ name, own }) => (own!.inSync ? name : words.notInSync(name)));
  return html`<p class="name">${words.brokerOf(b.id)}</p>
    ${frame.brokers.length > 1 ? actions(list, e) : html`<p class="hint">${words.onlyOne} <code>clear</code>, <code>cluster brokers=3</code></p>`}
    ${facts([
      [words.state, stateOf(b)], [words.controller, b.controller ? words.isController : ""], [words.rack, b.rack],
      [words.leads, leads.join(", ") || words.nothingLed], [words.follows, follows.join(", ")], [words.slowedBy, b.slowMs > 0 ? duration(b.slowMs) : ""],
    ])}`;
}

function stateOf(b: Broker): string {
  const names: Record<number, string> = { [BrokerState.up]: words.up, [BrokerState.stopping]: words.stopping, [BrokerState.down]: words.down, [BrokerState.paused]: words.brokerPaused };
  const name = names[b.state] ?? "";
  return b.fenced ? words.fenced(name) : name;
}
