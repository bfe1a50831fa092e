package engine

import "slices"

// expireOffsets forgets committed offsets that nobody has used for
// offsets.retention.minutes, and groups that are empty and have none left. It runs every
// offsets.retention.check.interval.ms.
func (e *Engine) expireOffsets() {
	e.timers.set(timer{at: e.now + Time(e.broker.value[brkOffsetsCheckMs]), kind: timerOffsets})
	before := e.now - Time(e.broker.value[brkOffsetsRetentionMinutes]*60_000)
	for _, g := range e.groups {
		if g == nil || g.state == GroupDead || !e.served(g.log) {
			continue
		}
		e.removeOffsets(g, 0, KindOffsetExpired, func(topic string, p Partition, c *committed) bool {
			since, expires := g.unusedSince(c)
			return expires && since <= before && !e.subscribes(g, topic) && !g.isPending(topic, p)
		})
		if g.kind != GroupShare && g.state == GroupEmpty && len(g.offsets) == 0 && len(g.pending) == 0 {
			e.deleteGroup(0, g.name)
		}
	}
}

// consumerProtocol is the protocol type of consumers.
const consumerProtocol = "consumer"

// unusedSince is when the time of a committed offset began to run (KIP-211): with the
// commit, or when the group became empty. While members rebalance none expires.
func (g *group) unusedSince(c *committed) (since Time, expires bool) {
	switch {
	case g.kind != GroupClassic || g.protocolType == "": // consumers without a group, for one
	case g.state == GroupEmpty:
		return g.stateSince, true
	case g.protocolType != consumerProtocol || g.state != GroupStable:
		return 0, false
	}
	return c.time, true
}

// subscribes tells whether members of the group subscribe to a topic. A group of
// consumers that have not agreed on an assignor yet may subscribe to anything.
func (e *Engine) subscribes(g *group, topic string) bool {
	if g.kind != GroupClassic {
		return slices.ContainsFunc(g.subscribed, func(x place) bool { return x.topic() == e.topicByName[topic] })
	}
	if g.protocolType != consumerProtocol {
		return false
	}
	for _, m := range g.members {
		s, err := ParseSubscription(m.metadata(g.protocol))
		if err != nil || slices.Contains(s.Topics, topic) {
			return true
		}
	}
	return false
}

func (g *group) isPending(topic string, p Partition) bool {
	return slices.ContainsFunc(g.pending, func(o pendingOffset) bool { return o.Topic == topic && o.Partition == p })
}

// removeOffsets writes tombstones for the committed offsets for which gone holds and
// forgets them.
func (e *Engine) removeOffsets(g *group, from Session, kind Kind, gone func(topic string, p Partition, c *committed) bool) {
	w := &e.writer
	w.begin()
	for _, t := range g.offsets {
		for p := range t.partitions {
			if c := &t.partitions[p]; c.next > 0 {
				if c.gone = gone(t.name, Partition(p), c); c.gone {
					w.commitKey(g.name, t.name, Partition(p))
					w.b.Add(int64(e.now), w.key, nil, nil)
				}
			}
		}
	}
	if w.b.Count() == 0 {
		return
	}
	code := e.flushRecords(from, g)
	kept := g.offsets[:0]
	for _, t := range g.offsets {
		left := false
		for p := range t.partitions {
			c := &t.partitions[p]
			if c.gone && code == None {
				e.emit(Event{Kind: kind, Session: from, Group: g.id, Topic: e.topicByName[t.name], Partition: Partition(p), Offset: c.next - 1})
				*c = committed{}
			}
			c.gone = false
			left = left || c.next > 0
		}
		if left {
			kept = append(kept, t)
		}
	}
	clear(g.offsets[len(kept):])
	g.offsets = kept
}

func (c *OffsetDelete) apply(e *Engine, from Session, tok Token) {
	g, code := e.groupNamed(c.Group), e.closed(c.Group)
	switch {
	case code != None:
	case g == nil || g.state == GroupDead:
		code = GroupIDNotFound
	case g.kind == GroupClassic && g.state != GroupEmpty && g.protocolType != consumerProtocol:
		code = NonEmptyGroup
	}
	if code != None {
		e.reply(from, tok, code, &CodesReply{})
		return
	}
	body := &CodesReply{Codes: make([]Code, len(c.Partitions))}
	for i, tp := range c.Partitions {
		if body.Codes[i] = e.denied(from, opRead, resTopic, tp.Topic); body.Codes[i] != None {
			continue
		}
		if t := e.topicNamed(tp.Topic); t == nil || tp.Partition < 0 || int(tp.Partition) >= len(t.partitions) {
			body.Codes[i] = UnknownTopicOrPartition
		} else if e.subscribes(g, tp.Topic) {
			body.Codes[i] = GroupSubscribedToTopic
		}
	}
	e.removeOffsets(g, from, KindOffsetRemoved, func(topic string, p Partition, _ *committed) bool {
		i := slices.Index(c.Partitions, TopicPartition{topic, p})
		return i >= 0 && body.Codes[i] == None
	})
	e.reply(from, tok, None, body)
}
