// Package script is the one language of Partita: every action of a user is one line.
// A button emits a line; the console reads lines; a lesson, a share link and a golden
// test are lists of lines.
//
// A line is words separated by blanks: a noun, a verb or a name, then settings as
// name=value. "quotes" keep blanks together, and \" and \\ inside them stand for
// themselves; # before a word starts a comment. Names of settings are Kafka's own.
// Times are 200ms, 2s, 1m or plain milliseconds; rates 5/s.
//
//	cluster brokers=3 racks=a,b,c latency=2ms      before there is anything in it
//	broker crash 102            kill -9; broker crash 102 unsynced: what was not flushed is gone
//	broker stop 102             controlled shutdown: its leaders move away first
//	broker start 102
//	broker pause 102            its process gets no time; what is sent to it waits
//	broker resume 102
//	broker slow 102 200ms       takes longer for everything; 0 ends it
//	broker config 102 replica.lag.time.max.ms=10s   or all instead of a broker
//	elect preferred orders-0    or every partition
//	elect unclean orders-0      any replica that is up, where no in-sync one is
//	reassign orders-0 102,103   to other replicas; reassign orders-0 cancel takes that back
//	records delete orders-0 5   all before an offset; latest: up to the high watermark
//
//	topic create orders partitions=3 retention.ms=60000
//	topic create logs replication=3 min.insync.replicas=2   or by hand: replicas=101:102,102:103
//	topic delete orders
//	topic partitions orders 6
//	topic config orders retention.ms=60000    an empty value goes back to the default
//
//	send orders "a value" key=truck-7 partition=1     one record, from the console
//	send orders key=truck-7 value=null                a tombstone
//
//	producer add p1 topic=orders rate=5/s keys=truck-1..truck-6 value="ride {n}" acks=all
//	producer set p1 rate=20/s   keys are taken by (seeded) chance; null keys: keys=null
//	producer pause p1
//	producer resume p1
//	producer remove p1
//	producer crash p1           what it has not sent is gone; an open transaction stays open
//	producer freeze p1          stops running, until producer thaw p1: a zombie may come back
//	producer thaw p1
//	producer send p1 "a value" key=truck-7      one record, by a producer of yours
//	producer begin p1           a transaction, with transactional.id=t1, then commit or abort it;
//	                            with transaction=10 it makes its own, of ten records
//	producer commit p1
//	producer abort p1
//
//	consumer add c1 group=billing topics=orders process=200ms commit=auto session.timeout.ms=6000
//	                            sink=plain or sink=idempotent: an effect outside the cluster for each record
//	                            group.protocol=consumer: by KIP-848
//	                            output=jobs processing.guarantee=exactly_once: writes a record for each,
//	                            in transactions; crash.at=written: where its process ends, once
//	                            threads=4 threads.order=record threads.commit=highest process.spread=200:
//	                            several threads, in no order, and commits that are not safe
//	consumer leave c1           close(): says goodbye
//	consumer crash c1           gone, without a goodbye
//	consumer restart c1         the same settings, a new process
//	consumer freeze c1          stops running; its session runs out
//	consumer thaw c1
//	consumer stop c1            stops polling; heartbeats go on
//	consumer poll c1            polls again
//	consumer commit c1
//	consumer seek c1 orders-0 5
//	consumer pause c1 orders-0
//	consumer resume c1 orders-0
//	consumer set c1 process=2s  at once; a setting of Kafka's takes a new process, as with Kafka:
//	                            consumer set c1 session.timeout.ms=10s, and an empty value is the default
//	consumer remove c1          leaves the group and the picture
//
//	group delete billing
//	group reset billing orders-0 5      kafka-consumer-groups --reset-offsets; also earliest, latest,
//	                            time=12s (the first record not older than that) or shift=-5
//	group forget billing orders-0       its committed offset is deleted
//	group config crew share.auto.offset.reset=earliest   of a consumer or share group, which need not exist yet
//
//	member freeze billing kcat  a client from elsewhere, by its client id, member id or
//	                            group.instance.id: the brokers answer nothing that it asks
//	member thaw billing kcat
//
//	share add s1 group=crew topics=jobs process=200ms    a member of a share group;
//	                            acknowledge=release or reject: what it does to each record
//
//	link latency=50ms           of every simulated client, one way
//	link cut c1 102 direction=out    between a client and a broker, two brokers (link cut 101 102),
//	                            or one and all others; in both directions, out of the first, or in
//	link heal c1 102            or link heal, which takes every cut and fault away
//	link drop p1 10%            of what is sent between a client and the brokers, or one (p1 102 10%)
//	link duplicate p1 10%
//	link reorder p1 10%
//	link delay p1 10% by=500ms
//	link jitter p1 20ms         up to so much longer, by chance
//	skew p1 -5s                 a client's clock is behind, or ahead
//
//	user c1 alice               who a client is; before that it is User:ANONYMOUS
//	acl allow alice Read topic:orders    also topic:ord*, group:billing, transactional-id:t1, cluster
//	acl deny alice Write topic:orders
//	acl remove alice Read topic:orders   those that match: acl remove takes all away
//	quota p1 producer_byte_rate=1000     also consumer_byte_rate, user=; an empty value ends it
//
//	clear                       start again from nothing
//	play, pause, speed 2        a room with its own clock only
//
//	advance 500ms               let time pass
//	settle                      until nothing is left to happen but heartbeats (at most 10 minutes)
//	seek 12s                    go to an instant, forward or back
//	step                        until the next thing happens; step back undoes it
//	next                        until something worth a notice happens; next back goes to the last
//	fork list                   the ways that the world went: a change in the past makes one
//	fork go 2
//	compare set acks=all        a second run beside this one, in step: each line has that instead
//	compare begin               one that is the same so far
//	compare fork 1              one of the ways that the world went
//	other broker crash 102      a line for the second run alone; all others go to both
//	compare show                what the two have come to
//	compare end
//	show script                 the lines that do this run again from nothing
//	show events                 every event so far, with tabs between the columns: for a file
//	trace on                    print a sentence for each interesting fact, until trace off
//
//	show group billing          print, for people and goldens
//	show groups
//	show topic orders
//	show topics
//	show config orders
//	show records orders-0 5     at most 50, from an offset or the log start offset on
//	show consumer c1
//	show producers
//	show brokers
//	show replicas orders
//	show broker 102             its settings that are not the defaults
//	show transactions
//	show record orders-0 5      whole, with what became of it
//	show ledger                 what was sent, lost, duplicated, out of order, and why
//	show links                  cuts and faults
//	show acls
//	show quotas
//	show share jobs             records that a share group has in flight
//	why record orders-0 5       why it is there, and what became of it; also why member billing c1,
//	                            why hw orders-0, why place billing orders-0 (package why has them all)
//	digest                      a hash of all events
//	help consumer               an example of each verb
//
//	expect owner orders-0 c1 group=billing      or none; group= only where it is not clear
//	expect group billing state=Stable generation=2 members=3 protocol=range leader=c1 lag=0
//	expect lag billing 3                        or: expect lag billing orders-0 3
//	expect committed billing orders-0 5         the next offset to read, or none
//	expect position c1 orders-0 5               the next offset that poll returns, or none
//	expect topic orders partitions=3 records=12
//	expect partition orders-0 start=0 end=12 hw=12
//	expect key orders truck-1 2                 the partition of its newest record, or none
//	expect processed billing orders-0 5 times=2
//	expect duplicates billing 2                 records processed again
//	expect lost billing 1                       committed past, processed by nobody
//	expect revoked billing 3                    partitions given up in rebalances
//	expect dropped billing 1                    partitions lost without a chance to commit
//	expect order billing                        every owner went forward in every partition
//	expect idle c4
//	expect state c2 crashed                     see expect.go for the states
//	expect sent p1 10                           records acknowledged
//	expect failed p1 0                          records given up
//	expect disorder billing 0                   records processed after a later one of their key
//	expect effects billing 10                   of consumers with sink=plain or sink=idempotent
//	expect repeats billing 0                    effects of a record that had one before
//	expect leader orders-0 102                  or none
//	expect isr orders-0 101,102
//	expect replicas orders-0 101,102,103
//	expect replica orders-0 102 leo=5 hw=5 state=follows diverged=none
//	expect broker 102 state=running fenced=false
//	expect controller 102
//	expect txn t1 state=Ongoing epoch=0 partitions=2
//	expect producer p1 IN_TRANSACTION           the state of its client
//	expect custody orders-0 5 producer=p1 acked=true replicated=true aborted=false
//	expect ledger lost=0 duplicated=0 disordered=0
//	expect alarm acks=1                         the setting behind the newest bad verdict, or none
//	fails topic create orders                   the rest of the line is refused, and says why
//
// Kafka's own tools may be typed as they are, with their real flags, and print what they
// would print: kafka-topics, kafka-configs, kafka-consumer-groups, kafka-console-producer,
// kafka-console-consumer, kafka-leader-election, kafka-transactions and kcat.
//
//	kafka-topics --describe --topic orders
//	echo 'k1:first' | kafka-console-producer --topic orders --property parse.key=true --property key.separator=:
package script
