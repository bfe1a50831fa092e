// The key map and the welcome. This file is loaded when somebody asks for it, or is new.

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
    lists: "On cards and tabs",
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
    cards: "to the next or the last card",
    history: "earlier and later lines",
    send: "run the line",
  },
  space: "Space",
  welcome: "Welcome",
  steps: [
    ["This is a Kafka cluster", "Each tape is a partition, each cell a record: new ones come in at the right and keep their offset for ever."],
    ["Producers and consumers", "Producers on the left write. The groups on the right read: a line leads from each partition to the one member that owns it."],
    ["Time is yours", "Below the stage you can pause, step and go back to any instant. What you change in the past begins another future."],
    ["Change something", "Try one of the four things here, or select anything to see why it is as it is. The question mark shows all keys and words."],
  ] as [string, string][],
  next: "Next",
  done: "Start",
  skip: "Skip",
  of: (n: number, all: number) => `${n} of ${all}`,
};

export type HelpWords = typeof english;
