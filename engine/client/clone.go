package client

import (
	"slices"

	"partita/engine"
)

// A clone shares with its original only what nobody changes any more: commands on
// their way, fetched bytes, replies, and lists that are replaced whole.

// twins copies what pointers point to, each once, so that the copies hang together as
// the originals do.
type twins[T any] struct {
	known map[*T]*T
	made  []*T
}

func (s *twins[T]) of(p *T) *T {
	if p == nil {
		return nil
	}
	q := s.known[p]
	if q == nil {
		if s.known == nil {
			s.known = map[*T]*T{}
		}
		q = new(T)
		*q = *p
		s.known[p] = q
		s.made = append(s.made, q)
	}
	return q
}

func (s *twins[T]) list(l []*T) []*T {
	l = slices.Clone(l)
	for i := range l {
		l[i] = s.of(l[i])
	}
	return l
}

// Clone is a copy that goes on by itself from the same state.
func (c *Consumer) Clone() *Consumer {
	d := *c
	var parts twins[part]
	var commits twins[commit]
	d.requests, d.facts = cloneRequests(c.requests), slices.Clone(c.facts)
	if c.out != nil {
		d.out = c.out.Clone()
	}
	d.topics, d.conns = slices.Clone(c.topics), slices.Clone(c.conns)
	d.parts, d.queue, d.commits = parts.list(c.parts), parts.list(c.queue), commits.list(c.commits)
	d.preparing, d.syncing = commits.of(c.preparing), commits.of(c.syncing)
	d.calls = slices.Clone(c.calls)
	for i := range d.calls {
		k := &d.calls[i]
		k.part, k.commit, k.parts = parts.of(k.part), commits.of(k.commit), parts.list(k.parts)
	}
	d.hand = slices.Clone(c.hand)
	for i := range d.hand {
		d.hand[i].part = parts.of(d.hand[i].part)
	}
	d.tasks, d.working = slices.Clone(c.tasks), slices.Clone(c.working)
	for i := range d.tasks {
		d.tasks[i].part = parts.of(d.tasks[i].part)
	}
	for i := range d.working {
		d.working[i].part = parts.of(d.working[i].part)
	}
	d.delivered, d.sessions = slices.Clone(c.delivered), slices.Clone(c.sessions)
	for i := range d.delivered {
		d.delivered[i].part = parts.of(d.delivered[i].part)
	}
	for i := range d.sessions {
		d.sessions[i].parts = parts.list(d.sessions[i].parts)
	}
	for _, p := range parts.made {
		p.unfinished = slices.Clone(p.unfinished)
		p.skipped, p.acks, p.shared = slices.Clone(p.skipped), slices.Clone(p.acks), slices.Clone(p.shared)
	}
	return &d
}

// Clone is a copy that goes on by itself from the same state.
func (p *Producer) Clone() *Producer {
	d := *p
	var topics twins[producerTopic]
	var batches twins[producerBatch]
	d.parts, d.facts, d.spare = p.parts.Clone(), slices.Clone(p.facts), nil
	d.conns, d.rounds = slices.Clone(p.conns), slices.Clone(p.rounds)
	d.offsets = slices.Clone(p.offsets)
	d.topics, d.recent, d.sent = topics.list(p.topics), topics.of(p.recent), batches.list(p.sent)
	for _, t := range d.topics {
		t.early, t.parts = slices.Clone(t.early), slices.Clone(t.parts)
		for i := range t.parts {
			t.parts[i].queue = batches.list(t.parts[i].queue)
		}
	}
	for _, b := range batches.made {
		b.topic, b.build = topics.of(b.topic), b.build.Clone()
		b.bytes = cloneBytes(b.bytes)
		b.cmd.Batch = cloneBytes(b.cmd.Batch)
	}
	d.asked.cmd.Names = slices.Clone(p.asked.cmd.Names)
	d.requests = cloneRequests(p.requests)
	return &d
}

func cloneRequests(l []Request) []Request {
	l = slices.Clone(l)
	for i := range l {
		l[i].Command = cloneCommand(l[i].Command)
	}
	return l
}

// cloneCommand copies a command that a producer uses again after Sent.
func cloneCommand(cmd engine.Command) engine.Command {
	switch c := cmd.(type) {
	case *engine.Produce:
		copied := *c
		copied.Batch = cloneBytes(c.Batch)
		return &copied
	case *engine.Metadata:
		return &engine.Metadata{All: c.All, Names: slices.Clone(c.Names)}
	}
	return cmd
}
