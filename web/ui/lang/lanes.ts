import { pick } from "./lang.ts";

/** The two panels below the stage: rebalances, and what members and coordinators say. */
export const words = pick("lanes", {
  group: "Group",
  close: "Close",

  // The ribbon.
  ribbon: "Rebalances",
  ribbonTable: (group: string) => `Who owned what in ${group}, a column for each generation`,
  ribbonHow: "A ring marks what moved. A hatched edge is a pause: nobody read the partition before its owner did. Select a cell to see why.",
  noGroup: "There is no consumer group yet.",
  noEras: "Nobody in this group has had a partition yet.",
  generation: (n: number) => `generation ${n}`,
  moved: (n: number) => `${n} moved`,
  pausedFor: (seconds: string) => `${seconds} partition-seconds paused`,
  notPaused: "no pause",
  sum: (moves: number, seconds: string) => `${moves} moved, ${seconds} partition-seconds paused in all that is shown.`,
  nobody: "nobody",
  why: (partition: string, generation: string, text: string) => `${partition}, ${generation}: ${text}. Why?`,
  cell: (owner: string, moved: boolean, pause: string) => `${owner}${moved ? ", moved" : ""}${pause ? `, paused ${pause}` : ""}`,
  goTo: (moment: string) => `Go to ${moment}`,

  // The swimlane.
  lane: "Coordinator",
  laneLabel: (group: string) => `What the members of ${group} and its coordinator say to each other. Arrow keys walk over it, Enter goes to the instant and says why.`,
  laneHow: "Time runs to the right, quiet times are shortened.",
  coordinator: (broker: number) => `coordinator ${broker}`,
  noExchanges: "Nothing was said between a member and the coordinator of this group lately.",
  kinds: { join: "join", sync: "sync", heartbeat: "heartbeat", commit: "commit", leave: "leave", offsets: "fetch offsets" } as Record<string, string>,
  asks: (client: string, what: string) => `${client}: ${what}`,
  answers: (client: string, what: string) => `answer to ${client}: ${what}`,
  wrong: (code: string) => `, ${code}`,
  lost: ", lost on the way",
  at: (text: string, moment: string) => `${text}, ${moment}`,
});
