import type { Alarm } from "../source/frame.ts";
import type { Thing } from "../stage/hit.ts";

/** What to ask the room about a thing on the stage (engine/why). */
export function questionOf(thing: Thing | null): string {
  switch (thing?.kind) {
    case "cell": return `record ${thing.topic}-${thing.partition} ${thing.offset}`;
    case "stave": return `partition ${thing.topic}-${thing.partition}`;
    case "mark": return `place ${thing.group} ${thing.topic}-${thing.partition}`;
    case "member": return `member ${thing.group} ${thing.name}`;
    case "group": return `group ${thing.group}`;
    case "topic": return `topic ${thing.topic}`;
    case "producer": return `producer ${thing.name}`;
    case "broker": return `broker ${thing.id}`;
  }
  return "";
}

/** What to ask about an entry of the ledger. */
export const questionOfAlarm = (a: Alarm): string => `verdict ${a.verdict} ${a.partition} ${a.offset} ${a.group}`.trim();
