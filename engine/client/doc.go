// Package client holds the two machines that use a cluster, a Consumer and a
// Producer, as Kafka's Java client would: without I/O. Requests come out, replies
// go in, and a deadline says when to call again. The same machines serve the
// simulator, a browser tab and the tests.
//
// The owner's loop, for either machine m:
//
//	m.Tick(now)                      // at m.Deadline() or later
//	for _, r := range m.Requests() { // send each, in this order
//		send(r.Token, r.Command)
//	}
//	m.Sent()
//	...
//	m.Reply(now, &reply)             // each reply, as it comes
//
// A machine that is not ticked is frozen; one that is dropped has crashed: nothing
// leaves a group by itself. To leave politely call Close and go on until Closed.
//
// The application is part of the machine, because when it polls, processes and
// commits is what the lessons are about: AppConfig says how long a record takes, when
// offsets are committed, whether it processes in threads, what it writes and where it
// crashes. A Consumer is a member of a classic group, of a group of KIP-848
// (group.protocol=consumer) or of a share group (share=true); with an output topic it
// has a Producer of its own, and with processing.guarantee=exactly_once transactions.
//
// A machine can be cloned at any time; the clone goes on by itself.
//
// What is not modelled: compression (batches of other clients that are compressed have
// offsets here, but no keys and values), interceptors, max.request.size for a request of
// several batches, partitioner.adaptive.partitioning.enable, and subscriptions by pattern.
package client

import "partita/engine"

// Request is one command for the cluster. A Producer lends it until Sent; a Consumer
// makes each command anew and does not change it any more.
type Request struct {
	Token   engine.Token
	Broker  int32 // where it goes; 0: any broker that is up
	Command engine.Command
}
