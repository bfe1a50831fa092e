import { html, nothing, type TemplateResult } from "lit";
import { BrokerState, Kind, State, type Broker, type Frame, type Group, type Member, type Producer } from "../source/frame.ts";
import { describe, type Thing } from "../stage/hit.ts";
import { icons } from "../stage/icons.ts";
import { count, duration, rate, things } from "../stage/words.ts";
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
    return html`<section class="panel"><h3>Selected</h3>
      <p class="hint">Select a consumer, a group, a producer or a record on the stage: its numbers and controls stand here.</p></section>`;
  }
  return html`<section class="panel" aria-label="Selected">
    <header><h3>${titles[thing.kind]}</h3><button class="quiet" type="button" aria-label="Select nothing" @click=${() => e.pick(null)}>${icons.close()}</button></header>
    ${body(frame, thing, e)}</section>`;
}

const titles: Record<Thing["kind"], string> = {
  broker: "Broker", cell: "Record", stave: "Partition", mark: "Group in a partition", topic: "Topic", producer: "Producer", group: "Consumer group", member: "Member",
};

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
      return broker ? aboutBroker(frame, broker, e) : gone(`Broker ${thing.id}`);
    }
    case "topic":
      return aboutTopic(frame, thing.topic, e);
    default: {
      const lines = describe(frame, thing);
      if (lines.length === 0) return gone("It");
      return html`<p class="name">${lines[0]}</p>${lines.slice(1).map((line) => html`<p>${line}</p>`)}`;
    }
  }
}

const gone = (name: string): TemplateResult => html`<p>${name} is not on the stage any more.</p>`;

function facts(rows: [string, string | TemplateResult | number][]): TemplateResult {
  return html`<dl>${rows.map(([name, value]) => (value === "" ? nothing : html`<dt>${name}</dt><dd>${value}</dd>`))}</dl>`;
}

function actions(list: Action[], e: InspectorEvents): TemplateResult {
  return html`<div class="actions">${list.map((a) => html`<button type="button" class=${a.danger ? "danger" : ""} title=${a.line} @click=${() => e.run(a.line)}>${a.label}</button>`)}</div>`;
}

function aboutMember(frame: Frame, g: Group, m: Member, e: InspectorEvents): TemplateResult {
  const owned = m.chips.map((c) => `${frame.topics[c.topic]?.name ?? ""}-${c.partition}${c.paused ? " (paused)" : ""}`);
  return html`<p class="name">${m.name}</p>
    ${m.status ? html`<p>${m.status}</p>` : nothing}
    ${m.kind === Kind.sim ? memberActions(m, e) : m.kind === Kind.tab ? html`<p class="hint">A browser tab: its own page has the controls. Close it or freeze it there.</p>` : foreignActions(g, m, e)}
    ${facts([
      ["group", g.name + (m.leader ? " (group leader)" : "")],
      ["partitions", owned.join(", ") || "none"],
      ["lag", count(m.lag)],
      ["in hand", m.inHand > 0 ? `${things(m.inHand, "record")} polled, not processed` : ""],
      ["session", m.session.total > 0 ? `${duration(m.session.left)} of ${duration(m.session.total)}` : ""],
      ["next poll due", m.poll.total > 0 ? `${duration(m.poll.left)} of ${duration(m.poll.total)}` : ""],
      ["member id", m.id],
      ["instance id", m.instance],
      ["host", m.host],
      ["settings", m.settings ? html`<span class="settings">${m.settings.split(" ").filter((s) => !/^(group|topics)=/.test(s)).join("\n")}</span>` : ""],
    ])}`;
}

function memberActions(m: Member, e: InspectorEvents): TemplateResult {
  const say = (label: string, verb: string, danger = false): Action => ({ label, line: lineOf(["consumer", verb, m.name]), danger });
  if (m.state === State.crashed || m.state === State.gone) return actions([say("Restart", "restart"), say("Remove", "remove")], e);
  if (m.state === State.frozen) return actions([say("Thaw", "thaw"), say("Crash", "crash", true)], e);
  return html`${actions([
    say("Commit", "commit"), say("Stop polling", "stop"), say("Poll again", "poll"), say("Freeze", "freeze"), say("Leave", "leave"), say("Crash", "crash", true),
  ], e)}
  <form class="form inline" @submit=${(event: SubmitEvent) => {
    event.preventDefault();
    const value = new FormData(event.target as HTMLFormElement).get("process");
    e.run(lineOf(["consumer", "set", m.name], { process: String(value) }));
  }}>
    <label>Time to process a record<input name="process" required placeholder="200ms" autocomplete="off"></label>
    <button class="send">Set</button>
  </form>`;
}

/** A client that is run from elsewhere: brokers can only stop answering it. */
function foreignActions(g: Group, m: Member, e: InspectorEvents): TemplateResult {
  const frozen = m.state === State.frozen || m.state === State.gone;
  return html`<p class="hint">Somebody else's client: it is run from elsewhere. ${frozen ? "The brokers answer nothing that it asks until it is thawed." : "Frozen, it gets no answer from the brokers, and its session runs out."}</p>
    ${actions([{ label: frozen ? "Thaw" : "Freeze", line: lineOf(["member", frozen ? "thaw" : "freeze", g.name, m.id]) }], e)}`;
}

function aboutGroup(g: Group, e: InspectorEvents): TemplateResult {
  return html`<p class="name">${g.name}</p>
    ${g.detail ? html`<p>${g.detail}</p>` : nothing}
    ${facts([
      ["state", g.state], ["generation", g.generation], ["assignor", g.protocol || "none yet"], ["members", g.members.length], ["lag", count(g.lag)],
    ])}
    ${g.members.length === 0 ? actions([{ label: "Delete the group", line: lineOf(["group", "delete", g.name]), danger: true }], e) : nothing}`;
}

function aboutProducer(p: Producer, e: InspectorEvents): TemplateResult {
  const verb = p.paused ? "resume" : "pause";
  return html`<p class="name">${p.name}</p>
    ${actions([
      { label: p.paused ? "Resume" : "Pause", line: lineOf(["producer", verb, p.name]) },
      { label: "Twice as fast", line: lineOf(["producer", "set", p.name], { rate: `${Math.max(1, Math.round(p.rate / 500))}/s` }) },
      { label: "Half as fast", line: lineOf(["producer", "set", p.name], { rate: `${Math.max(1, Math.round(p.rate / 2000))}/s` }) },
      { label: "Remove", line: lineOf(["producer", "remove", p.name]), danger: true },
    ], e)}
    ${facts([["topic", p.topic], ["settings", p.lines.join(", ")], ["rate", p.paused ? "paused" : rate(p.rate)], ["sent", things(p.sent, "record")], ["failed", p.failed > 0 ? things(p.failed, "record") : ""]])}`;
}

function aboutTopic(frame: Frame, name: string, e: InspectorEvents): TemplateResult {
  const topic = frame.topics.find((t) => t.name === name);
  if (!topic) return gone(name);
  return html`<p class="name">${topic.name}</p>
    ${actions([
      { label: "Add a partition", line: lineOf(["topic", "partitions", name, String(topic.partitions + 1)]) },
      { label: "Delete the topic", line: lineOf(["topic", "delete", name]), danger: true },
    ], e)}
    ${facts([["partitions", topic.partitions], ["records", count(topic.records)], ["", topic.detail]])}`;
}

function aboutBroker(frame: Frame, b: Broker, e: InspectorEvents): TemplateResult {
  const say = (label: string, verb: string, danger = false, ...more: string[]): Action => ({ label, line: lineOf(["broker", verb, String(b.id), ...more]), danger });
  const list = {
    [BrokerState.up]: [say("Pause", "pause"), b.slowMs > 0 ? say("Full speed", "slow", false, "0") : say("Slow down", "slow", false, "500ms"), say("Stop", "stop"), say("Crash", "crash", true), say("Crash, losing what was not flushed", "crash", true, "unsynced")],
    [BrokerState.stopping]: [say("Crash", "crash", true)],
    [BrokerState.paused]: [say("Resume", "resume"), say("Crash", "crash", true)],
    [BrokerState.down]: [say("Start", "start")],
  }[b.state] ?? [];
  const staves = frame.staves.map((s) => ({ s, name: `${frame.topics[s.topic]?.name ?? ""}-${s.partition}`, own: s.replicas.find((r) => r.broker === b.id) }));
  const leads = staves.filter(({ s }) => s.leader === b.id).map(({ name }) => name);
  const follows = staves.filter(({ s, own }) => own && s.leader !== b.id).map(({ name, own }) => (own!.inSync ? name : `${name} (out of sync)`));
  return html`<p class="name">Broker ${b.id}</p>
    ${frame.brokers.length > 1 ? actions(list, e) : html`<p class="hint">It is the only one, so nobody could take over. A cluster of several begins with <code>clear</code> and <code>cluster brokers=3</code>.</p>`}
    ${facts([
      ["state", stateOf(b)], ["controller", b.controller ? "yes: it decides who leads" : ""], ["rack", b.rack],
      ["leads", leads.join(", ") || "nothing"], ["follows", follows.join(", ")], ["slowed by", b.slowMs > 0 ? duration(b.slowMs) : ""],
    ])}`;
}

function stateOf(b: Broker): string {
  const words: Record<number, string> = { [BrokerState.up]: "up", [BrokerState.stopping]: "shutting down", [BrokerState.down]: "down", [BrokerState.paused]: "paused" };
  return (words[b.state] ?? "") + (b.fenced ? ", fenced: the controller counts it as gone" : "");
}
