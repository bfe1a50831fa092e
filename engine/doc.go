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
// # What is simpler than in Kafka
//
//   - The quorum of controllers: brokers that are down or paused do not count as voters, so
//     a majority of those that run elects (see checkController).
//   - A topic's deletion and changed settings (AlterConfig, AlterBrokerConfig) are known to
//     every broker at once. Creation, leaders, ISRs, reassignments and which brokers live
//     travel with the metadata log.
//   - Retention and the log cleaner work on the partition leader's log, and followers go
//     along: there is one copy of the bytes. So a broker's own settings hold for the
//     partitions that it leads, and server.properties is the same for all (see localize).
//   - Requests of coordinators to partition leaders need a link, and take its latency only
//     for transaction markers.
//   - What could not be written of a share group is not taken back in memory: the client is
//     told CoordinatorNotAvailable, and the state is written when there is a leader again.
//   - Producer ids are given one by one, not in blocks of 1000.
//   - Nothing compresses. Compressed batches are opened only with Config.Open, without it
//     the log cleaner keeps them as they are.
//   - A request takes no processor: request_percentage counts 0.1 ms for each.
//   - Settings that the engine does not obey are refused, but for those about files alone
//     (see topicRules), which are accepted.
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
