package engine

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"partita/engine/batch"
	"partita/engine/vectortest"
)

// coordStep is one step at the transaction coordinator.
type coordStep struct {
	Op              string
	TransactionalID *string
	TimeoutMs       int32
	ProducerID      *int64
	ProducerEpoch   int16
	PresetEpoch     *int16
	Partitions      []string
	Result          string
	Ms              Time
	Expect          struct {
		Error           string
		Code            Code
		ProducerID      *int64
		ProducerEpoch   int16
		PartitionErrors map[string]string
		TimedOut        []string
		Markers         *struct {
			Type          string
			ProducerID    int64
			ProducerEpoch int16
			Partitions    []string
		}
		Coordinator *struct {
			State         string
			ProducerID    int64
			ProducerEpoch int16
			Partitions    []string
		}
	}
}

// coordCase is one case of any kind.
type coordCase struct {
	What               string
	From, To           string
	Allowed            bool
	TransactionVersion int
	Confidence         string
	Config             struct{ FirstProducerID, TransactionMaxTimeoutMs int64 }
	Steps              []coordStep
	Error, SentAs      string
	Below              map[string]int16
	Code               Code
}

// coordRun plays the steps. It holds the timers that write markers back: the vectors
// say when these are written.
type coordRun struct {
	t    *testing.T
	e    *Engine
	now  Time
	v2   bool
	held []timer
}

// tick is Engine.Tick without the markers.
func (r *coordRun) tick(at Time) {
	ts := &r.e.timers
	for len(ts.heap) > 0 && ts.heap[0].at <= at {
		t := ts.pop()
		if t.kind == timerTxnMarkers {
			r.held = append(r.held, t)
			continue
		}
		r.e.now = max(r.e.now, t.at)
		r.e.fire(t)
	}
	r.e.now = max(r.e.now, at)
}

func (r *coordRun) ask(cmd Command) Reply {
	r.tick(r.now)
	r.e.ready.Replies = r.e.ready.Replies[:0]
	cmd.apply(r.e, client, 1)
	return r.e.ready.Replies[0]
}

func tps(t *testing.T, names []string) (list []TopicPartition) {
	for _, name := range names {
		i := strings.LastIndexByte(name, '-')
		index, err := strconv.Atoi(name[i+1:])
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, TopicPartition{name[:i], Partition(index)})
	}
	return list
}

func (r *coordRun) step(s *coordStep) {
	t, want, name := r.t, &s.Expect, "tx"
	if s.TransactionalID != nil {
		name = *s.TransactionalID
	}
	id := int64(-1)
	if s.ProducerID != nil {
		id = *s.ProducerID
	}
	before := len(r.e.ready.Events)
	reply := Reply{}
	switch s.Op {
	case "initProducerId":
		if s.PresetEpoch != nil {
			x := r.e.makeTxn(name)
			x.producer, x.epoch = r.e.newProducerID(), *s.PresetEpoch-1
		}
		timeout, epoch := s.TimeoutMs, s.ProducerEpoch
		if timeout == 0 {
			timeout = 60_000
		}
		if id < 0 {
			epoch = -1
		}
		reply = r.ask(&InitProducerID{TransactionalID: name, Transactional: true, TimeoutMs: timeout, ProducerID: id, Epoch: epoch})
		if body, ok := reply.Body.(*InitProducerIDReply); want.ProducerID != nil && (!ok || body.ProducerID != *want.ProducerID || body.Epoch != want.ProducerEpoch) {
			t.Errorf("%s: %+v, want %d and %d", s.Op, reply.Body, *want.ProducerID, want.ProducerEpoch)
		}
	case "addPartitions", "verifyPartitions":
		reply = r.ask(&AddPartitionsToTxn{TransactionalID: name, ProducerID: id, Epoch: s.ProducerEpoch, Partitions: tps(t, s.Partitions), VerifyOnly: s.Op[0] == 'v'})
		for i, p := range s.Partitions {
			got := reply.Body.(*CodesReply).Codes[i]
			if w, ok := want.PartitionErrors[p]; ok && got.String() != w || !ok && got != reply.Code {
				t.Errorf("%s: %s has %v", s.Op, p, got)
			}
		}
	case "endTxn":
		cmd := &EndTxn{TransactionalID: name, ProducerID: id, Epoch: s.ProducerEpoch, Commit: s.Result == "commit", Version: 4}
		if r.v2 {
			cmd.Version = 5
		}
		reply = r.ask(cmd)
		if body := reply.Body.(*EndTxnReply); want.ProducerID != nil && (body.ProducerID != *want.ProducerID || body.Epoch != want.ProducerEpoch) {
			t.Errorf("%s: %+v, want %d and %d", s.Op, body, *want.ProducerID, want.ProducerEpoch)
		}
	case "advance":
		r.now += s.Ms
		r.tick(r.now)
	case "markersWritten":
		r.tick(r.now)
		held := r.held
		r.held = nil
		for _, timer := range held {
			r.e.fire(timer)
		}
		r.e.Tick(r.now)
	default:
		t.Fatalf("op %q", s.Op)
	}
	if reply.Code.String() != want.Error || reply.Code != want.Code {
		t.Errorf("%s: %v, want %s", s.Op, reply.Code, want.Error)
	}
	r.checkEvents(s, r.e.ready.Events[before:])
	r.checkState(s, name)
	if err := r.e.Check(); err != nil && len(r.held) == 0 {
		t.Error(err)
	}
}

func (r *coordRun) checkEvents(s *coordStep, events []Event) {
	var timedOut, marked []string
	kind, id, epoch := Kind(0), int64(0), int32(0)
	for _, ev := range events {
		switch ev.Kind {
		case KindTxnTimedOut:
			timedOut = append(timedOut, string(ev.Bytes))
		case KindCommitMarker, KindAbortMarker:
			kind, id, epoch = ev.Kind, ev.Aux, ev.Epoch
			marked = append(marked, TopicPartition{r.e.TopicName(ev.Topic), ev.Partition}.String())
			bytes, _ := r.e.Read(ev.Topic, ev.Partition, ev.Offset, 1)
			if h, err := batch.Check(bytes); err != nil || !h.IsControl() || h.ProducerID != id || int32(h.ProducerEpoch) != epoch {
				r.t.Errorf("the marker's batch: %+v, %v", h, err)
			}
		}
	}
	if !slices.Equal(timedOut, s.Expect.TimedOut) {
		r.t.Errorf("%s: timed out %v, want %v", s.Op, timedOut, s.Expect.TimedOut)
	}
	if w := s.Expect.Markers; w != nil {
		if kind != map[string]Kind{"COMMIT": KindCommitMarker, "ABORT": KindAbortMarker}[w.Type] ||
			id != w.ProducerID || int16(epoch) != w.ProducerEpoch || !slices.Equal(marked, w.Partitions) {
			r.t.Errorf("markers %d of %d/%d on %v, want %+v", kind, id, epoch, marked, w)
		}
	} else if len(marked) > 0 {
		r.t.Errorf("%s: markers on %v", s.Op, marked)
	}
}

func (r *coordRun) checkState(s *coordStep, name string) {
	w := s.Expect.Coordinator
	if w == nil {
		return
	}
	reply := r.ask(&DescribeTransactions{TransactionalIDs: []string{name}})
	d := reply.Body.(*DescribeTransactionsReply).Transactions[0]
	if d.Code != None || d.State != w.State || d.ProducerID != w.ProducerID || d.Epoch != w.ProducerEpoch || !slices.Equal(d.Partitions, tps(r.t, w.Partitions)) {
		r.t.Errorf("%s: coordinator %+v, want %+v", s.Op, d, w)
	}
}

func TestVectorsTransactionCoordinator(t *testing.T) {
	states := map[string]TxnState{}
	for s := range txnStates {
		states[s.String()] = s
	}
	vectortest.Each(t, "transaction_coordinator", func(t *testing.T, c coordCase) {
		switch c.What {
		case "transition":
			if got := states[c.To].mayFollow(states[c.From], false); got != c.Allowed {
				t.Errorf("from %s to %s: %v", c.From, c.To, got)
			}
		case "mapping":
			for name, version := range c.Below {
				key := map[string]int16{"AddPartitionsToTxn": 24, "AddOffsetsToTxn": 25, "EndTxn": 26, "InitProducerId": 22}[name]
				if got := c.Code.For(key, version-1); c.Code.String() != c.Error || got.String() != c.SentAs || c.Code.For(key, version) != c.Code {
					t.Errorf("%s: %v before version %d", name, got, version)
				}
			}
		case "scenario", "scenario-v2":
			max := c.Config.TransactionMaxTimeoutMs
			if max == 0 {
				max = 900_000
			}
			e, _ := newTopic(t, 1)
			e.nextProducerID = c.Config.FirstProducerID
			e.broker.value[brkTxnMaxTimeoutMs] = max
			for i := range c.Steps {
				for _, tp := range tps(t, c.Steps[i].Partitions) {
					if tp.Topic == OffsetsTopic {
						e.offsetsTopic()
					} else if e.topicNamed(tp.Topic) == nil {
						e.Apply(0, client, 1, &CreateTopic{Name: tp.Topic, Partitions: 16})
					}
				}
			}
			r := &coordRun{t: t, e: e, v2: c.TransactionVersion >= 2}
			for i := range c.Steps {
				r.step(&c.Steps[i])
			}
		default:
			t.Fatalf("what %q", c.What)
		}
	})
}
