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
// commits is what the lessons are about: AppConfig says how long a record takes and
// when offsets are committed.
package client

import "partita/engine"

// Request is one command for the cluster. A Producer lends it until Sent; a Consumer
// makes each command anew and does not change it any more.
type Request struct {
	Token   engine.Token
	Broker  int32 // where it goes; 0: any broker that is up
	Command engine.Command
}
