package scene_test

import (
	"testing"

	"partita/engine/scene"
)

// rebalanced is a group of two that a third one has joined.
func rebalanced(t *testing.T, strategy string) scene.Group {
	const settings = " group=billing topics=orders process=20ms auto.offset.reset=earliest session.timeout.ms=6000 heartbeat.interval.ms=1000 partition.assignment.strategy="
	s := newStage(t, `topic create orders partitions=6
link latency=100ms
consumer add c1`+settings+strategy+`
consumer add c2`+settings+strategy+`
advance 20s
consumer add c3`+settings+strategy+`
advance 20s`)
	return s.f.Groups[0]
}

// pausedAndMoved sums the eras that followed the one that both members had settled in.
func pausedAndMoved(g scene.Group, from int32) (paused, moved int, ms int32) {
	for _, era := range g.Eras {
		if era.Epoch <= from {
			continue
		}
		for _, c := range era.Cells {
			if c.Moved {
				moved++
			}
			if c.Paused > 0 {
				paused++
				ms += c.Paused
			}
		}
	}
	return paused, moved, ms
}

// TestEagerPausesAllCooperativeWhatMoves counts what a third member costs a group of six
// partitions.
func TestEagerPausesAllCooperativeWhatMoves(t *testing.T) {
	eager := rebalanced(t, "roundrobin")
	paused, moved, ms := pausedAndMoved(eager, eager.Generation-1)
	if paused != 6 || moved == 0 || ms < 6*200 {
		t.Errorf("eager: %d partitions paused, %d moved: %+v", paused, moved, eager.Eras)
	}
	cooperative := rebalanced(t, "cooperative-sticky")
	paused, moved, ms = pausedAndMoved(cooperative, cooperative.Generation-2)
	if paused != 2 || moved != 2 || ms < 2*200 {
		t.Errorf("cooperative: %d partitions paused, %d moved: %+v", paused, moved, cooperative.Eras)
	}
}

// TestACrashPausesUntilTheNextOwner: nobody reads what a crashed member owned, from the
// crash until somebody else gets it; the newest era counts it meanwhile.
func TestACrashPausesUntilTheNextOwner(t *testing.T) {
	const settings = " group=billing topics=orders process=20ms auto.offset.reset=earliest session.timeout.ms=6000 heartbeat.interval.ms=1000 partition.assignment.strategy=cooperative-sticky"
	s := newStage(t, "topic create orders partitions=2\nconsumer add c1"+settings+"\nconsumer add c2"+settings+"\nadvance 12s")
	at := func(p uint16) (c scene.EraCell) {
		eras := s.f.Groups[0].Eras
		for _, c = range eras[len(eras)-1].Cells {
			if c.Stave == p {
				return c
			}
		}
		t.Fatalf("partition %d is not in the newest era: %+v", p, eras)
		return c
	}
	lost := uint16(0)
	if at(1).Owner == "c2" {
		lost = 1
	}
	before := at(lost).Paused
	s.run("consumer crash c2\nadvance 3s")
	if c := at(lost); c.Owner != "c2" || c.Paused != before+3000 {
		t.Errorf("3 s after the crash: %+v, before it %d ms", c, before)
	}
	if c := at(1 - lost); c.Owner != "c1" {
		t.Errorf("the other one: %+v", c)
	}
	s.run("advance 10s")
	c := at(lost)
	if c.Owner != "c1" || !c.Moved || c.Paused < 5000 || c.Paused > 10000 {
		t.Errorf("after the session ran out: %+v", c)
	}
	paused := c.Paused
	s.run("advance 5s")
	if at(lost).Paused != paused {
		t.Errorf("it is read, and %d ms became %d ms", paused, at(lost).Paused)
	}
}

// TestClocksThatRanOut: a member that is out says by which clock.
func TestClocksThatRanOut(t *testing.T) {
	s := newStage(t, `topic create orders partitions=2
consumer add c1 group=billing topics=orders session.timeout.ms=6000
consumer add c2 group=audit topics=orders session.timeout.ms=6000 max.poll.interval.ms=10000
advance 5s
consumer freeze c1
consumer stop c2
advance 14s`)
	if m := s.member("billing", "c1"); m.RanOut != scene.ClockSession {
		t.Errorf("c1: %+v", m)
	}
	if m := s.member("audit", "c2"); m.RanOut != scene.ClockPoll {
		t.Errorf("c2: %+v", m)
	}
}

// TestCommittedTransactionsAreRanges: from the first record to the marker.
func TestCommittedTransactionsAreRanges(t *testing.T) {
	s := newStage(t, `topic create orders partitions=1
producer add p1 topic=orders rate=0/s transactional.id=t1
settle
producer begin p1
producer send p1 a
producer send p1 b
advance 1s
producer commit p1
advance 1s
producer begin p1
producer send p1 c
advance 1s`)
	ranges := s.f.Staves[0].Ranges
	if len(ranges) != 2 || ranges[0].Kind != scene.RangeOpen || ranges[1].Kind != scene.RangeCommitted ||
		ranges[1].First != 0 || ranges[1].End != 3 || ranges[0].First != 3 {
		t.Errorf("%+v", ranges)
	}
	if topic := s.f.Topics[0]; topic.Replicas != 1 || topic.MinISR != 1 {
		t.Errorf("%+v", topic)
	}
}
