import { Kind, State, type Frame, type Group, type Member } from "../source/frame.ts";
import { freeName } from "../stage/words.ts";
import { lineOf } from "./lines.ts";

/** One thing to try. */
export interface Suggestion {
  id: string;
  title: string;
  why: string;
  line?: string; // of script
  link?: string; // instead: an address, opened in a new tab
  form?: string; // instead: the form to open
}

/** Four things to try, made for what is on the stage now. */
export function suggestions(frame: Frame, live: boolean, room: string): Suggestion[] {
  const topic = frame.topics.find((t) => t.inView) ?? frame.topics[0];
  if (!topic) return [{ id: "topic", title: "Add a topic", why: "Records live in the partitions of a topic.", line: "topic create orders partitions=3" }];
  const group = frame.groups.find((g) => g.members.some((m) => m.kind === Kind.sim)) ?? frame.groups[0];
  const list: Suggestion[] = [];
  if (live) {
    list.push({
      id: "seat", title: "Take a seat", link: `/room/${encodeURIComponent(room)}/seat`,
      why: "A new tab becomes a consumer in the group. Open several, close one, and watch the partitions move.",
    });
    if (frame.producers.length === 0) {
      list.push({
        id: "producer", title: "Start a producer", why: "Five records a second; each key always goes to the same partition.",
        line: lineOf(["producer", "add", freeName("p", [])], { topic: topic.name, rate: "5/s", keys: "truck-10..truck-15" }),
      });
    }
  }
  list.push({
    id: "consumer", title: group ? `Add a consumer to ${group.name}` : "Add a consumer",
    why: "It joins, the group rebalances, and the partitions are shared anew.",
    line: newConsumer(frame, group, topic.name),
  });
  const victim = group?.members.find((m) => m.kind === Kind.sim && m.state <= State.idle && m.chips.length > 0);
  if (victim) {
    list.push({
      id: "crash", title: `Crash ${victim.name}`, line: lineOf(["consumer", "crash", victim.name]),
      why: "No goodbye: its partitions wait until its session times out. What it had not committed is read twice.",
    });
  }
  list.push({
    id: "send", title: "Send a record with your own key", form: "send",
    why: "The key's hash decides the partition: the same key goes to the same place.",
  });
  if (topic.partitions < 12) {
    list.push({
      id: "partitions", title: `Add a partition to ${topic.name}`, line: lineOf(["topic", "partitions", topic.name, String(topic.partitions + 1)]),
      why: "Watch the keys: from now on many of them go to another partition than before.",
    });
  }
  return list.slice(0, 4);
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
