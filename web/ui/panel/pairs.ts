// Pairs of runs that are ready to watch: scripts, each for both runs but for what compare set
// changes in the second one.

import { words } from "../lang/compare.ts";

export interface Pair {
  id: string;
  title: string;
  why: string;
  script: string;
}

const consumer = "process=150ms session.timeout.ms=6s heartbeat.interval.ms=2s auto.offset.reset=earliest";

export const pairs: Pair[] = [
  {
    id: "eager", title: words.eager, why: words.eagerWhy,
    script: `clear
link latency=200ms
compare set partition.assignment.strategy=cooperative-sticky
topic create orders partitions=6
producer add p1 topic=orders rate=8/s keys=truck-10..truck-21
consumer add c1 group=billing topics=orders process=600ms max.poll.records=5 auto.offset.reset=earliest partition.assignment.strategy=range
consumer add c2 group=billing topics=orders process=100ms auto.offset.reset=earliest partition.assignment.strategy=range
advance 12s
consumer add c3 group=billing topics=orders process=100ms auto.offset.reset=earliest partition.assignment.strategy=range
play`,
  },
  {
    id: "acks", title: words.acks, why: words.acksWhy,
    script: `clear
cluster brokers=3 latency=60ms
link latency=300ms
topic create orders partitions=1 replication=3
compare set acks=all
producer add p1 topic=orders rate=4/s keys=truck-10..truck-15 acks=1 max.in.flight.requests.per.connection=1
consumer add c1 group=billing topics=orders ${consumer}
advance 6s
link cut 101 102
link cut 101 103
advance 3s
broker crash 101
play`,
  },
  {
    id: "commit", title: words.commit, why: words.commitWhy,
    script: `clear
link latency=200ms
compare set commit=after
topic create orders partitions=2
producer add p1 topic=orders rate=5/s keys=truck-10..truck-15
consumer add c1 group=billing topics=orders ${consumer} max.poll.records=10 commit=before
consumer add c2 group=billing topics=orders ${consumer} max.poll.records=10 commit=before
advance 9s
consumer crash c1
play`,
  },
  {
    id: "session", title: words.session, why: words.sessionWhy,
    script: `clear
link latency=200ms
compare set session.timeout.ms=30s
topic create orders partitions=4
producer add p1 topic=orders rate=4/s keys=truck-10..truck-15
consumer add c1 group=billing topics=orders ${consumer}
consumer add c2 group=billing topics=orders ${consumer}
advance 8s
consumer crash c1
play`,
  },
];
