package client

import (
	"errors"
	"slices"

	"partita/engine"
)

var errEnded = errors.New("the consumer is closed")

// View fills v with the consumer as it is now, and uses its memory again.
func (c *Consumer) View(v *ConsumerView) {
	parts := v.Partitions[:0]
	for _, p := range c.parts {
		parts = append(parts, PartitionView{Topic: p.topic, ID: p.id, Partition: p.index, Position: p.position,
			Processed: p.processed, Committed: p.committed, HighWatermark: p.hw, Paused: p.paused})
	}
	*v = ConsumerView{State: c.viewState(), Member: c.memberID, Generation: c.generation, Protocol: c.protocol,
		Polling: !c.stopped, InHand: int32(len(c.hand) - c.handAt + len(c.tasks) + len(c.working)), Committing: c.syncing != nil || c.doing >= flushes && c.doing < settles, Fatal: c.fatal, Partitions: parts}
	if c.inGroup() {
		v.SessionDeadline = c.sessionFrom + engine.Time(c.cfg.SessionTimeoutMs)
	}
	if c.lastPoll > 0 {
		v.PollDeadline = c.pollDeadline()
	}
}

func (c *Consumer) viewState() ConsumerState {
	switch {
	case c.ended != 0 && c.endWith != Closed:
		return c.endWith
	case c.ended != 0:
		return c.ended
	case c.state == joining:
		return Joining
	case c.state == completing:
		return Syncing
	case c.state == stable:
		return Stable
	case c.everJoined:
		return OutOfGroup
	}
	return Starting
}

// InHand calls visit for the records of a partition that the application holds and
// has not processed, oldest first, until it returns false. Key and value are lent
// until the next Tick or Reply.
func (c *Consumer) InHand(id engine.TopicID, index engine.Partition, visit func(o engine.Offset, key, value []byte) bool) {
	for i := range c.working {
		h := &c.working[i]
		if h.part.id == id && h.part.index == index && !visit(h.offset, h.key, h.value) {
			return
		}
	}
	for i := range c.tasks {
		h := &c.tasks[i]
		if h.part.id == id && h.part.index == index && !visit(h.offset, h.key, h.value) {
			return
		}
	}
	for i := c.handAt; i < len(c.hand); i++ {
		h := &c.hand[i]
		if h.part.id == id && h.part.index == index && !visit(h.offset, h.key, h.value) {
			return
		}
	}
}

// Processing names the record that the application works on; false when it has none.
func (c *Consumer) Processing() (id engine.TopicID, index engine.Partition, o engine.Offset, ok bool) {
	if len(c.working) > 0 {
		h := &c.working[0]
		return h.part.id, h.part.index, h.offset, true
	}
	if c.doing != processes || c.handAt >= len(c.hand) {
		return 0, 0, -1, false
	}
	h := &c.hand[c.handAt]
	return h.part.id, h.part.index, h.offset, true
}

// Config is what the consumer was made from, and changed to since.
func (c *Consumer) Config() *ConsumerConfig { return &c.cfg }

// StopPolling tells the application not to call poll any more, after what it does
// now, or to poll again. Heartbeats go on, until max.poll.interval.ms has passed.
func (c *Consumer) StopPolling(stop bool) { c.stopped, c.due = stop, 0 }

// SetProcess changes how long a record takes, also the one at hand. Milliseconds.
func (c *Consumer) SetProcess(ms int64) { c.cfg.App.ProcessMs, c.due = max(0, ms), 0 }

// SetTopics changes the subscription: the next poll joins the group with it.
func (c *Consumer) SetTopics(topics []string) {
	c.cfg.Topics = topics
	c.subscribe(topics)
	c.rejoin, c.tell, c.hurry, c.due = true, true, true, 0
}

// Seek makes poll go on at an offset. Records of the partition in hand are put down.
func (c *Consumer) Seek(now engine.Time, topic string, index engine.Partition, o engine.Offset) error {
	p, err := c.assignedPart(now, topic, index)
	if err != nil || o < 0 {
		if err == nil {
			err = errors.New("seek offset must not be a negative number")
		}
		return err
	}
	c.moveTo(p, o)
	rest := slices.DeleteFunc(c.hand[c.handAt:], func(h handed) bool { return h.part == p })
	c.hand = c.hand[:c.handAt+len(rest)]
	return nil
}

// Pause keeps poll from returning records of a partition; it stays assigned.
func (c *Consumer) Pause(now engine.Time, topic string, index engine.Partition) error {
	return c.setPaused(now, topic, index, true)
}

// Resume ends a Pause.
func (c *Consumer) Resume(now engine.Time, topic string, index engine.Partition) error {
	return c.setPaused(now, topic, index, false)
}

func (c *Consumer) setPaused(now engine.Time, topic string, index engine.Partition, paused bool) error {
	p, err := c.assignedPart(now, topic, index)
	if err == nil {
		p.paused = paused
	}
	return err
}

// assignedPart finds a partition for a call of the application. Java throws
// IllegalStateException for one that is not assigned.
func (c *Consumer) assignedPart(now engine.Time, topic string, index engine.Partition) (*part, error) {
	c.now, c.due = max(c.now, now), 0
	if c.ended != 0 {
		return nil, errEnded
	}
	if i, ok := c.find(topic, index); ok {
		return c.parts[i], nil
	}
	return nil, errors.New("no current assignment for partition " + engine.TopicPartition{Topic: topic, Partition: index}.String())
}
