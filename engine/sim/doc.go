// Package sim is a world around one cluster: an engine, simulated producers and
// consumers, the links between them, and virtual time. Clients from outside, live
// tabs and sockets, may join the same cluster.
//
// A world has no clock. Its owner says how far time may go:
//
//	w := sim.New(sim.Config{Seed: 1, LatencyMs: 20})
//	w.Call(&engine.CreateTopic{Name: "orders", Partitions: 3}, nil)
//	w.Advance(10_000, 0)
//
// Everything due is done in the order of (time, id), where ids count up as things
// are planned, so the same calls at the same times give the same events, natively
// and in WebAssembly. At equal times the engine's own timers go first.
//
// The callbacks OnEvent, OnReply, OnFact, OnSent and OnNote are called while the world
// works, in the order in which things happen. They must not call the world's methods
// that change it, and must copy what they keep.
package sim
