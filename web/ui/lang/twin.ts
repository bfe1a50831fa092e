import { pick } from "./lang.ts";

/** The stage as tables. */
export const words = pick("twin", {
  partitions: "Partitions",
  partition: "Partition",
  partitionLeader: "Partition leader",
  logStart: "Log start",
  highWatermarkHead: "High watermark",
  logEndHead: "Log end",
  groupCommitted: (group: string) => `${group}: committed`,
  lagHead: "lag",
  owner: "owner",
  notRead: "does not read it",
  nobody: "nobody",
  groupTable: (group: string, state: string, generation: number, assignor: string) =>
    `Group ${group}: ${state}, generation ${generation}${assignor ? `, ${assignor}` : ""}`,
  member: "Member",
  state: "State",
  lagColumn: "Lag",
  memberId: "Member id",
  none: "none",
  noMembers: "no members",
});
