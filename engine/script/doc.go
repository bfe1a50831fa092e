// Package script is the one language of Partita: every action of a user is one line.
// A button emits a line; the console reads lines; a lesson, a share link and a golden
// test are lists of lines.
//
// A line is words separated by blanks: a noun, a verb or a name, then settings as
// name=value. "quotes" keep blanks together; # starts a comment. Names of settings
// are Kafka's own. Times are 200ms, 2s, 1m or plain milliseconds; rates 5/s.
//
//	topic create orders partitions=3 retention.ms=60000
//	topic delete orders
//	topic partitions orders 6
//	topic config orders retention.ms=60000
//
//	send orders "a value" key=truck-7 partition=1     one record, from the console
//
//	producer add p1 topic=orders rate=5/s keys=truck-1..truck-6 acks=all linger.ms=0
//	producer set p1 rate=20/s
//	producer pause p1
//	producer resume p1
//	producer remove p1
//
//	consumer add c1 group=billing topics=orders process=200ms commit=auto session.timeout.ms=6000
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
//	consumer set c1 process=2s
//	consumer remove c1          leaves the group and the picture
//
//	group delete billing
//	group reset billing orders-0 5      kafka-consumer-groups --reset-offsets
//
//	link latency=50ms           of every simulated client
//	clear                       start again from nothing
//	play, pause, speed 2        a room with its own clock only
//
//	advance 500ms               in scripts: let time pass
//	settle                      until nothing is left to do but heartbeats (at most 10 minutes)
//	show group billing          print, for people and goldens; also topics, topic T, consumer C
//	digest                      print the digest of all events
//	expect owner orders-0 c1
//	expect group billing state=Stable generation=2 members=3
//	...                         see expect.go for every form
package script
