import { words } from "../lang/try.ts";
import { BrokerState, Kind, State, type Frame, type Group, type Member } from "../source/frame.ts";
import { freeName } from "../stage/words.ts";
import { lineOf } from "./lines.ts";

/** One thing to try. */
export interface Suggestion {
  id: string;
  title: string;
  why: string;
  line?: string; // of script, or several
  shown?: string; // instead of all those lines
  link?: string; // instead: an address, opened in a new tab
  form?: string; // instead: the form to open
}

/** Four things to try, made for what is on the stage now. */
export function suggestions(frame: Frame, live: boolean, room: string): Suggestion[] {
  const topic = frame.topics.find((t) => t.inView) ?? frame.topics[0];
  if (!topic) return [{ id: "topic", ...words.topic, line: "topic create orders partitions=3" }, ...(live ? [] : [threeBrokers])];
  const group = frame.groups.find((g) => g.members.some((m) => m.kind === Kind.sim)) ?? frame.groups[0];
  const list: Suggestion[] = [];
  if (live) {
    list.push({
      id: "seat", ...words.seat, link: `/room/${encodeURIComponent(room)}/seat`,
    });
  }
  if (frame.producers.length === 0) {
    list.push({
      id: "producer", ...words.producer,
      line: lineOf(["producer", "add", freeName("p", [])], { topic: topic.name, rate: "5/s", keys: "truck-10..truck-15" }),
    });
  }
  list.push({
    id: "consumer", title: group ? words.consumer.titleTo(group.name) : words.consumer.title, why: words.consumer.why,
    line: newConsumer(frame, group, topic.name),
  });
  const victim = group?.members.find((m) => m.kind === Kind.sim && m.state <= State.idle && m.chips.length > 0);
  if (victim) {
    list.push({
      id: "crash", title: words.crash.title(victim.name), why: words.crash.why, line: lineOf(["consumer", "crash", victim.name]),
    });
  }
  list.push({
    id: "send", ...words.send, form: "send",
  });
  if (topic.partitions < 12) {
    list.push({
      id: "partitions", title: words.partitions.title(topic.name), why: words.partitions.why,
      line: lineOf(["topic", "partitions", topic.name, String(topic.partitions + 1)]),
    });
  }
  const several = frame.brokers.length > 1;
  if (!live) list.splice(3, 0, several ? failover(frame) : threeBrokers);
  return list.slice(0, 4);
}

/** A cluster of three brokers that replicate, in place of what is there. */
const threeBrokers: Suggestion = {
  id: "brokers", ...words.brokers, shown: "cluster brokers=3 racks=a,b,c latency=150ms …",
  line: `clear
cluster brokers=3 racks=a,b,c latency=150ms
link latency=400ms
topic create orders partitions=3 replication=3 min.insync.replicas=2
producer add p1 topic=orders rate=3/s keys=truck-10..truck-15 value="position {n}" acks=all
consumer add c1 group=billing topics=orders process=150ms session.timeout.ms=8s heartbeat.interval.ms=2s auto.commit.interval.ms=3s auto.offset.reset=earliest
consumer add c2 group=billing topics=orders process=150ms session.timeout.ms=8s heartbeat.interval.ms=2s auto.commit.interval.ms=3s auto.offset.reset=earliest`,
};

/** The broker that leads most is to crash, or one that is down to start again. */
function failover(frame: Frame): Suggestion {
  const down = frame.brokers.find((b) => b.state === BrokerState.down);
  if (down) {
    return { id: `start-${down.id}`, title: words.startBroker.title(down.id), why: words.startBroker.why, line: lineOf(["broker", "start", String(down.id)]) };
  }
  const leads = (id: number): number => frame.staves.filter((s) => s.leader === id).length;
  const victim = frame.brokers.filter((b) => b.up).reduce((a, b) => (leads(b.id) > leads(a.id) ? b : a));
  return { id: `crash-${victim.id}`, title: words.crashBroker.title(victim.id), why: words.crashBroker.why, line: lineOf(["broker", "crash", String(victim.id)]) };
}

export function consumerNames(frame: Frame): string[] {
  return frame.groups.flatMap((g) => g.members.map((m) => m.name));
}

/** A consumer like those that the group has. */
export function newConsumer(frame: Frame, group: Group | undefined, topic: string): string {
  const like = group?.members.find((m) => m.kind === Kind.sim);
  const settings = { group: group?.name ?? "billing", topics: topic };
  const line = lineOf(["consumer", "add", freeName("c", consumerNames(frame))], settings);
  return like ? `${line} ${settingsOf(like)}`.trim() : `${line} process=200ms auto.offset.reset=earliest`;
}

/** A member's settings that another one may share. */
function settingsOf(like: Member): string {
  return like.settings.split(" ").filter((s) => s.includes("=") && !/^(group|topics|group\.instance\.id)=/.test(s)).join(" ");
}
