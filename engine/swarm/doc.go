// Package swarm searches for a run in which the cluster breaks a promise. A seed draws
// a cluster, its settings, clients, load and faults; all of it is done by lines of
// script, so that what was found can be watched.
//
// A run has two phases. First things go wrong, and safety is checked: every invariant
// of engine.Check and sim.Monitor, all the time. Then everything is mended, the
// producers stop, and liveness is checked: every group comes to rest with nothing left
// to read, and nothing is left open.
//
// The same seed gives the same run, natively and in WebAssembly.
package swarm
