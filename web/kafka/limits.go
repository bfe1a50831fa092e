package kafka

import (
	"errors"
	"time"
)

// Bounds of what strangers may ask for. Times and sizes are Kafka's own where it has them.
const (
	// requestMost bounds one request, in bytes (socket.request.max.bytes).
	requestMost = 100 << 20
	// plainMost bounds a request that carries no record batches, in bytes: decoding one
	// may take many times its size.
	plainMost = 2 << 20
	// memoryMost bounds the large requests that are in memory at one time, in bytes.
	memoryMost = 256 << 20
	// paceLeast is how fast a large request has to come while others wait for its memory, in
	// bytes a second.
	paceLeast = 1 << 20
	// pieceMost is how many bytes of a large request are read before its pace is noted.
	pieceMost = 128 << 10
	// smallMost is the size up to which a request is not counted against memoryMost.
	smallMost = 64 << 10
	// aheadMost is how many requests of one connection are read ahead of the answer.
	aheadMost = 8
	// atOnceMost is the size up to which the room for a request is set aside before any of
	// it has come: what producers send at once, a batch for each of some partitions.
	// memoryMost bounds what all claims together may take.
	atOnceMost = 8 << 20
	// firstBytes is what is set aside for a larger one: a client may only claim to send it.
	firstBytes = 1 << 20
	// readBytes is the size of a connection's buffer for reading.
	readBytes = 16 << 10
	// frameLeast is the smallest room that is set aside for what is used again, in bytes.
	frameLeast = 2 << 10
	// pooledMost bounds the frames that are kept to be used again, in bytes.
	pooledMost = 1 << 20
	// keptMost is the size up to which a connection keeps its buffers, in bytes.
	keptMost = 128 << 10
	// fetchMost bounds the records of one Fetch, in bytes (fetch.max.bytes).
	fetchMost = 55 << 20
)

// limits bound what all connections, or one that is slow, may take.
type limits struct {
	connections int           // open at one time
	idle        time.Duration // how long one may say nothing (connections.max.idle.ms)
	frame       time.Duration // how long a request that has begun may take to arrive
	write       time.Duration // of one write to a client that does not read
}

var usual = limits{connections: 2000, idle: 10 * time.Minute, frame: 30 * time.Second, write: 30 * time.Second}

// Why a connection ends.
var (
	errLarge    = errors.New("the request is larger than this server takes")
	errShort    = errors.New("the request has fewer bytes than its header needs")
	errUnknown  = errors.New("the request is of an API or a version that is not served")
	errGone     = errors.New("the client is gone")
	errStranger = errors.New("the client has not authenticated")
	errMany     = errors.New("too many connections are open")
)
