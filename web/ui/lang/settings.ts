import { pick } from "./lang.ts";

/** Settings by Kafka's names. */
export const words = pick("settings", {
  whose: "Whose settings",
  kinds: { producer: "Producer", consumer: "Consumer", topic: "Topic", broker: "Broker" },
  of: "Of",
  all: "all brokers",
  search: "Search",
  changedOnly: (n: number) => `only what is changed (${n})`,
  nobody: "There is none yet.",
  none: "No setting of that name.",
  newProcess: "A client reads its settings when it starts: a change here stops it and starts a new process.",
  application: "Your application, no Kafka settings",
  empty: "(empty)",
  changed: "changed",
  standard: (value: string) => `default ${value}`,
  locked: "read-only while it runs",
  reset: "Reset",
  resetOf: (name: string) => `Reset ${name} to its default`,
});
