// Package engine is a Kafka-style cluster as a pure state machine: commands in,
// events and replies out. It has no clock, no goroutine, no I/O and no randomness
// but its own seed, so the same commands at the same virtual times give the same
// events, byte for byte, natively and in WebAssembly.
//
// # The caller's duties
//
// An Engine is not safe for concurrent use: whoever owns it serialises the calls.
// After one or more calls of Apply or Tick the owner handles Ready, in this order:
//
//  1. store the durable events (Event.Kind.Durable), if it stores anything;
//  2. send the replies to the sessions that they name;
//  3. publish the events to viewers;
//  4. call Advance, after which nothing lent by Ready may be used any more,
//     except the record bytes of a fetch reply, which alias immutable log segments.
//
// Time is only a number that the owner passes in. It must not decrease. When
// nothing else happens, the owner calls Tick at the time that Deadline gives.
//
// # Determinism
//
// The seed is in Config; timers fire in (deadline, id) order; no map is ranged over
// except through sorted keys; every sort is a total order; there are no floats.
//
// # Brokers
//
// Config.Brokers makes a cluster of up to MaxBrokers; ids count up from FirstBroker.
// ApplyTo gives a command to one of them, Apply to whichever is right. Followers fetch
// from leaders, and the controller decides, over links with a latency, which CutLink
// breaks; so what brokers know may be old. There is one copy of the bytes: see
// replication.
//
// The quorum of controllers is simplified: brokers that are down or paused do not count
// as voters, so a majority of those that run elects (see checkController). Deleting a
// topic is known everywhere at once.
//
// # Example
//
//	e := engine.New(engine.Config{Seed: 1})
//	e.Apply(0, session, 1, &engine.CreateTopic{Name: "orders", Partitions: 3})
//	for _, reply := range e.Ready().Replies {
//		// reply.Token is 1; reply.Code is engine.None
//	}
//	e.Advance()
package engine
