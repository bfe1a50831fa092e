package kafka

import (
	"encoding/binary"

	"partita/engine"
)

// topicUUID is a topic's id on the wire (KIP-516): the same for as long as the topic
// lives, and another one in every room. Its last four bytes are the engine's number.
func topicUUID(room string, id engine.TopicID) (uuid [16]byte) {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(room) {
		h = (h ^ uint64(room[i])) * 1099511628211
	}
	binary.BigEndian.PutUint64(uuid[:], h)
	uuid[6] = uuid[6]&0x0f | 0x40 // version 4, as Kafka's random ones are
	uuid[8] = 0x80
	binary.BigEndian.PutUint32(uuid[12:], uint32(id))
	return uuid
}

// topicOf is the opposite; 0 for an id that is of no topic of the room.
func topicOf(room string, uuid [16]byte) engine.TopicID {
	id := engine.TopicID(binary.BigEndian.Uint32(uuid[12:]))
	if uuid != topicUUID(room, id) {
		return 0
	}
	return id
}

// clusterID is the cluster's name on the wire.
func clusterID(room string) string { return "partita-" + room }
