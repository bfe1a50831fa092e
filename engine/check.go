package engine

import (
	"strconv"

	"partita/engine/batch"
)

// checks are what Check goes through: each looks at one part of the state. A file
// check_*.go adds its own, and its invariants to Invariants.
var checks = [...]func(*Engine) error{
	(*Engine).checkTimers,
	(*Engine).checkLogs,
	(*Engine).checkReplicas,
	(*Engine).checkGroups,
	(*Engine).checkCommits,
	(*Engine).checkConsumerGroups,
	(*Engine).checkShares,
	(*Engine).checkProducers,
	(*Engine).checkTransactions,
	(*Engine).checkPending,
	(*Engine).checkStored,
}

// Check looks whether the state holds together and names the first invariant that
// does not: the error is a *Broken. It is for tests: it walks everything. Two invariants
// are about clients as much as about the engine, CommitWithinLog and OneOwner: clients
// that commit what they have read and assign with Kafka's assignors keep them.
func (e *Engine) Check() error { return e.CheckBut("") }

// CheckBut is Check without one invariant. Where topics are deleted and made again,
// clients that have not heard of it commit offsets of the old one, for they commit by
// name: that is CommitWithinLog.
func (e *Engine) CheckBut(rule Invariant) error {
	for _, check := range checks {
		if err := check(e); err != nil && err.(*Broken).Invariant != rule {
			return err
		}
	}
	return nil
}

func (e *Engine) checkLogs() error {
	for _, t := range e.topics {
		if t == nil {
			continue
		}
		for _, p := range t.partitions {
			if err := p.check(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Engine) checkTimers() error {
	h := e.timers.heap
	for i := 1; i < len(h); i++ {
		if up := (i - 1) / 2; h[i].before(&h[up]) {
			return broken(TimersInOrder, "timer "+strconv.Itoa(i), "it comes before the one above it in the heap")
		}
	}
	if len(h) > 0 && h[0].at < e.now {
		return broken(TimersInOrder, "the first timer", "it is overdue")
	}
	return nil
}

// check walks a log: offsets are contiguous, or in a compacted log ascending, the
// batches carry them, and the sums are right.
func (p *partition) check() error {
	compacted := p.cleaned > 0
	next, bytes := p.start, int64(0)
	if len(p.segments) > 0 && p.segments[0].base < next { // the log may start within a segment
		next = p.segments[0].base
	}
	if hw, stable := p.highWatermark(), p.lastStable(); p.start > stable || stable > hw || hw > p.end {
		return p.broken(LogBounds, "log start "+itoa(p.start)+", last stable "+itoa(stable)+", high watermark "+itoa(hw)+", log end "+itoa(p.end))
	}
	for i, s := range p.segments {
		if s.base < next || s.base > next && !compacted {
			return p.broken(OffsetsContiguous, "segment "+strconv.Itoa(i)+" starts at "+itoa(s.base)+", want "+itoa(next))
		}
		pos := int32(0)
		for b := range s.batches {
			entry, raw := &s.batches[b], s.batch(b)
			h, err := batch.Parse(raw)
			at := Offset(h.BaseOffset)
			switch {
			case err != nil || h.Size() != len(raw) || entry.pos != pos:
				return p.broken(LogIndex, "the index of segment "+strconv.Itoa(i)+" does not fit its batches")
			case at < next || at > next && !compacted:
				return p.broken(OffsetsContiguous, "a batch at "+itoa(at)+", want "+itoa(next))
			case Offset(h.LastOffset()) != entry.last || h.Count != entry.count || h.MaxTimestamp != entry.maxTime || entry.maxTime > s.maxTime:
				return p.broken(LogIndex, "the index says something else than the batch at "+itoa(at))
			case h.Count > h.LastOffsetDelta+1 || h.Count <= h.LastOffsetDelta && !compacted:
				return p.broken(LogIndex, "a batch counts wrong at "+itoa(at))
			}
			next = entry.last + 1
			pos += int32(len(raw))
		}
		bytes += int64(pos)
	}
	if next > p.end || next < p.end && !compacted {
		return p.broken(OffsetsContiguous, "log end offset "+itoa(p.end)+", but the last batch ends at "+itoa(next))
	}
	if bytes != p.bytes {
		return p.broken(LogIndex, "bytes are counted wrong")
	}
	return nil
}

func (p *partition) broken(rule Invariant, what string) error {
	return broken(rule, TopicPartition{p.topic.name, p.index}.String(), what)
}

func itoa(o Offset) string { return strconv.FormatInt(int64(o), 10) }
