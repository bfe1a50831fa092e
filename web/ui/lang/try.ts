import { pick } from "./lang.ts";

/** The left rail: what this is, things to try, and how to read the picture. */
export const words = pick("try", {
  title: "A Kafka you can watch",
  text: "Producers write [records](record) to the [partitions](partition) of a [topic](topic). The consumers of a [group](group) share the partitions. Change something and watch what follows.",

  // What a first visitor is told, in place of the text above.
  welcome: "Welcome",
  steps: [
    ["A Kafka you can watch", "Each tape is a [partition](partition), each cell a [record](record): new ones come in at the right and keep their [offset](offset) for ever."],
    ["Producers and consumers", "Producers on the left write. The [groups](group) on the right read: a line leads from each partition to the one [member](member) that owns it."],
    ["Time is yours", "Below the stage you can pause, step and go back to any instant. What you change in the past begins another future."],
    ["Change something", "Try one of the four things here, or select anything to see why it is as it is. The question mark shows all keys and words."],
  ] as [string, string][],
  next: "Next",
  done: "Start",
  skip: "Skip",
  of: (n: number, all: number) => `${n} of ${all}`,

  liveTitle: "A live room",
  liveText: "Everybody who opens this room sees the same cluster. A tab that takes a seat is a consumer in one group: close it, freeze it, and watch who takes over.",
  tryThis: "Try this",
  copied: "Copied: paste it to the others",
  copy: "Copy the link to a seat",
  forScripts: "Scripts can read this room here:",
  newTab: "(opens a new tab)",
  howToRead: "How to read the picture",
  reading: [
    ["Cell", "One record. The letter is the end of its key, the colour follows from it; a dot means no key."],
    ["Committed ⚑", "The offset that the group stored: where it reads on after a restart. It is the next record, not the last one read."],
    ["Position ◆", "The next record that the consumer will poll. Between ⚑ and ◆: read, not committed yet."],
    ["High watermark ┃", "Consumers may read up to here."],
    ["Log end ┊", "The offset of the next record to be written."],
    ["Lag", "Log end minus committed: how much the group still has to do."],
    ["Rings", "Two clocks of a consumer: until its session times out, and until it must poll again."],
  ] as [string, string][],

  // Suggestions, each with what follows from it.
  topic: { title: "Add a topic", why: "Records live in the partitions of a topic." },
  seat: { title: "Take a seat", why: "A new tab becomes a consumer in the group. Open several, close one, and watch the partitions move." },
  producer: { title: "Start a producer", why: "Five records a second; each key always goes to the same partition." },
  consumer: {
    title: "Add a consumer",
    titleTo: (group: string) => `Add a consumer to ${group}`,
    why: "It joins, the group rebalances, and the partitions are shared anew.",
  },
  crash: {
    title: (consumer: string) => `Crash ${consumer}`,
    why: "No goodbye: its partitions wait until its session times out. What it had not committed is read twice.",
  },
  send: { title: "Send a record with your own key", why: "The key's hash decides the partition: the same key goes to the same place." },
  partitions: {
    title: (topic: string) => `Add a partition to ${topic}`,
    why: "Watch the keys: from now on many of them go to another partition than before.",
  },
  brokers: { title: "Start again with three brokers", why: "Every record then has two copies on followers: the thin rails below the cells." },
  startBroker: { title: (id: number) => `Start broker ${id} again`, why: "It cuts off what the others do not have, catches up, and is in sync again." },
  crashBroker: {
    title: (id: number) => `Crash broker ${id}`,
    why: "Its followers take over as partition leaders. What all in-sync replicas had is still there.",
  },
});
