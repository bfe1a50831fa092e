package script

// Opening is the script of the playground as a visitor finds it: three partitions in
// motion, one group that shares the work and one that falls behind. Latency is long,
// so that records are seen on their way, and timeouts are short, so that nobody waits
// for them. The six keys lie two in each of three partitions, and one in each of six.
// It ends with the clock past the first rebalances.
const Opening = `link latency=400ms
topic create orders partitions=3
producer add p1 topic=orders rate=3/s keys=truck-10..truck-15 value="position {n}" acks=all
producer add p2 topic=orders rate=1/s keys=null value="ping {n}" acks=1
consumer add c1 group=billing topics=orders process=150ms session.timeout.ms=8s heartbeat.interval.ms=2s auto.commit.interval.ms=3s max.poll.interval.ms=20s auto.offset.reset=earliest
consumer add c2 group=billing topics=orders process=150ms session.timeout.ms=8s heartbeat.interval.ms=2s auto.commit.interval.ms=3s max.poll.interval.ms=20s auto.offset.reset=earliest
consumer add a1 group=audit topics=orders process=300ms session.timeout.ms=8s heartbeat.interval.ms=2s auto.commit.interval.ms=3s max.poll.interval.ms=20s max.poll.records=10 auto.offset.reset=earliest
advance 14s`
