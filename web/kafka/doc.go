// Package kafka lets real Kafka clients into a live room: it listens on TCP, a port for
// each broker of the room, and speaks the Kafka protocol.
//
// A connection has two goroutines. The reader takes one request after the other off the
// socket, decodes it and checks the CRC of what it wants to append; none of that holds the
// room's lock. The responder takes them in order, one at a time as Kafka's brokers do,
// turns each into commands of the engine, waits if the engine parks one (a long poll, a
// join), and writes the responses.
//
// Each API has a file that is called by its protocol key, which begins with the versions
// that are served and what each added. ApiVersions is computed from these registrations;
// absent.go lists what is not there. Errors towards a client are Kafka's error codes in a
// response; a Go error ends the connection, and only that one.
package kafka
