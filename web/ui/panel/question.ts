import type { Alarm } from "../source/frame.ts";
import type { Thing } from "../stage/hit.ts";
import { lineOf } from "./lines.ts";

/** What to ask the room about a thing on the stage (engine/why). */
export function questionOf(thing: Thing | null): string {
  if (!thing) return "";
  const partition = "partition" in thing ? `${thing.topic}-${thing.partition}` : "";
  switch (thing.kind) {
    case "cell": return lineOf(["record", partition, String(thing.offset)]);
    case "stave": return lineOf(["partition", partition]);
    case "edge": return lineOf([thing.edge, partition]);
    case "flight": return lineOf(["flight", thing.what, thing.who, partition, String(thing.sent), String(thing.due)]);
    case "mark": return lineOf(["place", thing.group, partition]);
    case "member": return lineOf(["member", thing.group, thing.name]);
    case "group": return lineOf(["group", thing.group]);
    case "topic": return lineOf(["topic", thing.topic]);
    case "producer": return lineOf(["producer", thing.name]);
    case "broker": return lineOf(["broker", String(thing.id)]);
  }
}

/** What to ask about an entry of the ledger. */
export const questionOfAlarm = (a: Alarm): string => lineOf(["verdict", a.verdict, a.partition, String(a.offset), ...(a.group ? [a.group] : [])]);
