import { pick } from "./lang.ts";

/** Custody of all records: what became of them. */
export const words = pick("ledger", {
  title: "Custody of records",
  allWell: "Nothing lost, nothing twice, everything in order.",
  sent: "sent",
  acked: "acknowledged",
  failed: "given up",
  lost: "lost",
  twice: "twice",
  disordered: "out of order",
  recordsLost: (records: string) => `${records} lost`,
  outOfOrder: (n: string) => `${n} out of order`,
  verdicts: { lost: "lost", duplicated: "duplicated", disordered: "disordered" } as Record<string, string>,
  aRecord: "a record",
  told: (records: string, partition: string, offset: number, verdict: string, who: string) =>
    `${records} of ${partition} from offset ${offset}: ${verdict}${who ? ` (${who})` : ""}.`,
  permittedBy: "Permitted by",
  why: "Why?",
});
