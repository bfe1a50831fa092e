package api

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

// Room is a live room.
type Room struct {
	Code   string           `json:"code"`
	Time   int64            `json:"time"` // the room's clock, Unix milliseconds
	Topics map[string]Topic `json:"topics"`
	Groups map[string]Group `json:"groups"`
}

// Topics is a room's topics by name, internal ones among them.
type Topics struct {
	Topics map[string]Topic `json:"topics"`
}

// Topic is one topic.
type Topic struct {
	Name       string      `json:"name"`
	Internal   bool        `json:"internal"`
	Partitions []Partition `json:"partitions"`
}

// Partition is one partition of a topic, by its number.
type Partition struct {
	Partition        int32 `json:"partition"`
	Leader           int32 `json:"leader"` // broker id
	LeaderEpoch      int32 `json:"leaderEpoch"`
	LogStartOffset   int64 `json:"logStartOffset"`
	HighWatermark    int64 `json:"highWatermark"`
	LastStableOffset int64 `json:"lastStableOffset"`
	EndOffset        int64 `json:"endOffset"`
	Bytes            int64 `json:"bytes"`
}

// Group is one consumer group. Partitions lists every partition that has an owner or a
// committed offset, by topic and partition.
type Group struct {
	Name         string     `json:"name"`
	State        string     `json:"state"`
	Generation   int32      `json:"generation"`
	ProtocolType string     `json:"protocolType"`
	Protocol     string     `json:"protocol"`
	Leader       *string    `json:"leader"` // member id of the group leader
	Members      []Member   `json:"members"`
	Partitions   []Standing `json:"partitions"`
}

// Member is one member of a group, in the order in which they joined.
type Member struct {
	ID         string           `json:"id"`
	ClientID   string           `json:"clientId"`
	InstanceID *string          `json:"instanceId"` // null for a dynamic member
	Host       string           `json:"host"`
	Assignment []TopicPartition `json:"assignment"`
}

// TopicPartition names one partition.
type TopicPartition struct {
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
}

// Standing is where a group stands in one partition.
type Standing struct {
	TopicPartition
	CommittedOffset *int64  `json:"committedOffset"` // null: nothing is committed
	EndOffset       int64   `json:"endOffset"`
	Lag             int64   `json:"lag"`   // from the committed offset, or the log start, to the end
	Owner           *string `json:"owner"` // member id; null: nobody
}

func viewRoom(code string, w *sim.World) Room {
	e := w.Engine()
	view := Room{Code: code, Time: int64(w.Now()), Topics: viewTopics(e), Groups: map[string]Group{}}
	e.Groups(func(g engine.GroupView) bool {
		view.Groups[g.Name] = viewGroup(e, g)
		return true
	})
	return view
}

func viewTopics(e *engine.Engine) map[string]Topic {
	topics := map[string]Topic{}
	e.Topics(func(t engine.TopicView) bool {
		topic := Topic{Name: t.Name, Internal: t.Internal, Partitions: make([]Partition, t.Partitions)}
		for i := range topic.Partitions {
			p, _ := e.Partition(t.ID, engine.Partition(i))
			topic.Partitions[i] = Partition{
				Partition: int32(i), Leader: p.Leader, LeaderEpoch: p.LeaderEpoch,
				LogStartOffset: int64(p.LogStart), HighWatermark: int64(p.HighWatermark),
				LastStableOffset: int64(p.LastStable), EndOffset: int64(p.LogEnd), Bytes: p.Bytes,
			}
		}
		topics[t.Name] = topic
		return true
	})
	return topics
}

// viewGroup shows a group as kafka-consumer-groups --describe would: assignments are
// shown while the group is Stable, because in a rebalance they are about to change.
func viewGroup(e *engine.Engine, g engine.GroupView) Group {
	view := Group{
		Name: g.Name, State: g.State.String(), Generation: g.Generation, ProtocolType: g.ProtocolType,
		Members: []Member{},
	}
	stable := g.State == engine.GroupStable
	if stable {
		view.Protocol = g.Protocol
	}
	if g.Leader != 0 {
		view.Leader = optional(e.MemberName(g.Leader))
	}
	owners := map[TopicPartition]string{}
	for _, m := range e.Members(g.ID, nil) {
		member := Member{ID: m.Name, ClientID: m.ClientID, InstanceID: optional(m.Instance), Host: m.Host, Assignment: []TopicPartition{}}
		assignment, err := engine.ParseAssignment(m.Assignment)
		if stable && err == nil { // a foreign client's bytes may be anything
			for _, topic := range assignment.Partitions {
				for _, p := range topic.Partitions {
					at := TopicPartition{topic.Topic, p}
					member.Assignment = append(member.Assignment, at)
					owners[at] = m.Name
				}
			}
		}
		view.Members = append(view.Members, member)
	}
	view.Partitions = standings(e, g.ID, owners)
	return view
}

// standings lists the partitions that have an owner or a committed offset. Those of
// topics that are gone are left out.
func standings(e *engine.Engine, g engine.GroupID, owners map[TopicPartition]string) []Standing {
	committed := map[TopicPartition]int64{}
	for _, o := range e.Offsets(g, nil) {
		committed[TopicPartition{o.Topic, int32(o.Partition)}] = int64(o.Offset)
	}
	all := slices.Collect(maps.Keys(owners))
	for at := range committed {
		if _, owned := owners[at]; !owned {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, func(a, b TopicPartition) int {
		return cmp.Or(strings.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition))
	})
	list := []Standing{}
	for _, at := range all {
		topic, _ := e.Topic(at.Topic)
		p, ok := e.Partition(topic.ID, engine.Partition(at.Partition))
		if !ok {
			continue
		}
		s := Standing{TopicPartition: at, EndOffset: int64(p.LogEnd), Owner: optional(owners[at])}
		from := int64(p.LogStart)
		if offset, ok := committed[at]; ok {
			s.CommittedOffset = &offset
			from = max(from, offset)
		}
		s.Lag = max(0, s.EndOffset-from)
		list = append(list, s)
	}
	return list
}

// optional gives null for empty text.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
