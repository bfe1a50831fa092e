// The key map. This file is loaded when somebody asks for it.

export const english = {
  title: "Keys and words",
  close: "Close",
  keys: "Keys",
  words: "Kafka's words",
  find: "Find a word",
  nothing: "There is no such word here.",
  single: "Use single keys (?, comma, full stop)",
  groups: {
    everywhere: "Everywhere",
    stage: "On the stage",
    time: "Time",
    cards: "On the cards beside the tapes",
    lists: "On tabs and arrows",
    console: "In the console",
  },
  does: {
    help: "this help",
    walk: "to the next or the last thing",
    use: "use the button, or select what has the focus",
    leave: "close what is open",
    records: "walk over the records, and to the next partition",
    ends: "the first and the last record",
    select: "select the record: its numbers, and why it is there",
    pause: "pause or play",
    back: "one event back",
    on: "one event on",
    scrub: "move through time, on the timeline",
    around: "walk over a partition's offsets (log start, last stable, high watermark, log end), its groups, and what is on its way; Enter says why",
    marks: "take a committed offset or a position: arrow keys move it, Enter does it",
    list: "to the producers, then to each group: one stop for all of its members",
    cards: "to the next or the last card",
    lastCard: "to the first or the last card",
    card: "select it: what it is doing, and why",
    tabs: "to the next or the last tab, or arrow of the coordinator",
    history: "earlier and later lines",
    send: "run the line",
  },
  space: "Space",
};

export type HelpWords = typeof english;
