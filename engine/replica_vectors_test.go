package engine

import (
	"slices"
	"strconv"
	"testing"

	"partita/engine/vectortest"
)

type replState struct {
	Leader             int32
	LeaderEpoch        int32
	ISR                []int32
	ConsumerVisibleEnd *Offset
	Replicas           map[string]struct {
		LogEndOffset  Offset
		HighWatermark Offset
		Epochs        [][2]int64
	}
}

type replAnswer struct {
	Call       string
	Error      string
	Code       Code
	BaseOffset *Offset
}

type replCase struct {
	Config struct {
		Replicas          []int32
		MinInsyncReplicas int64
		Initial           *struct {
			Leader         int32
			LeaderEpoch    int32
			ISR            []int32
			Logs           map[string][]int32
			HighWatermarks map[string]Offset
		}
	}
	InitialState replState
	Steps        []replStep
}

type replStep struct {
	Op                 string
	Acks               int16
	Count              int
	Call               string
	TimeoutMs          int32
	Replica            int32
	Ms                 Time
	Broker             int32
	Offset             Offset
	CurrentLeaderEpoch *int32
	Expect             struct {
		replAnswer
		Ok               bool
		Offset           *Offset
		Pending          string
		FetchOffset      *Offset
		LastFetchedEpoch *int32
		Records          *int
		ResponseHW       *Offset `json:"responseHighWatermark"`
		HighWatermark    *Offset
		DivergingEpoch   *struct {
			Epoch     int32
			EndOffset Offset
		}
		TruncatedTo *Offset
		Unclean     bool
		Completed   []replAnswer
		State       replState
	}
}

// replRun plays one case. Followers fetch only when a step says so, and broker 104 is the
// controller, which never fails.
type replRun struct {
	*cluster
	id    TopicID
	p     *partition
	calls map[string]Token
	seen  map[Token]bool
}

const replBroker = FirstBroker - 1 // the vectors count brokers from 1

func TestVectorsReplicationScenarios(t *testing.T) {
	vectortest.Each(t, "replication_scenarios", func(t *testing.T, c replCase) {
		r := &replRun{cluster: newCluster(t, 4, 0, "auto.leader.rebalance.enable=false"), calls: map[string]Token{}, seen: map[Token]bool{}}
		r.e.manual = true
		r.e.controller = FirstBroker + 3
		r.e.brokers[3].since = -1 // its heartbeats are not looked at
		ids := slices.Clone(c.Config.Replicas)
		for i := range ids {
			ids[i] += replBroker
		}
		min := max(c.Config.MinInsyncReplicas, 1)
		body := r.must(&CreateTopic{Name: "t", Replicas: [][]int32{ids}, Config: []ConfigEntry{{Name: "min.insync.replicas", Value: strconv.Itoa(int(min))}}}).Body
		r.id = body.(*CreateTopicReply).Topic
		r.p = r.e.partitionAt(r.id, 0)
		r.p.replication()
		if in := c.Config.Initial; in != nil {
			r.preset(c)
		}
		r.settle()
		r.compare("before the steps", c.InitialState)
		for i := range c.Steps {
			r.step(i, &c.Steps[i])
		}
	})
}

// preset gives the replicas the logs that the case begins with.
func (r *replRun) preset(c replCase) {
	in := c.Config.Initial
	rep := r.p.rep
	reg := *rep.reg()
	reg.epoch = in.LeaderEpoch
	if in.Leader != 0 {
		reg.leader = in.Leader + replBroker
	}
	if in.ISR != nil {
		reg.isr = nil
		for _, id := range in.ISR {
			reg.isr = append(reg.isr, id+replBroker)
		}
	}
	rep.regs[len(rep.regs)-1] = &reg
	lead := rep.at(reg.leader)
	r.p.takeOver(lead)
	write := func(epochs []int32) *partition {
		p := &partition{topic: r.p.topic, index: 0}
		for _, epoch := range epochs {
			p.epoch = epoch
			b := batchOf(0, "x")
			h := mustParse(b)
			r.e.append(0, p, b, &h)
		}
		return p
	}
	own := in.Logs[strconv.Itoa(int(reg.leader-replBroker))]
	r.p.log = write(own).log
	for _, o := range rep.replicas {
		name := strconv.Itoa(int(o.broker - replBroker))
		epochs := in.Logs[name]
		o.hw = in.HighWatermarks[name]
		same := 0
		for i, epoch := range epochs {
			o.epochs = o.epochs.assign(epoch, Offset(i))
			if same == i && i < len(own) && own[i] == epoch {
				same++
			}
		}
		o.leo = Offset(len(epochs))
		if all := write(epochs); same < len(epochs) {
			o.tail = &log{start: Offset(same), end: Offset(same)}
			o.tail.take(&all.log, Offset(same), o.leo)
		}
	}
}

func (r *replRun) settle() {
	r.e.Tick(r.now)
	r.take()
}

func (r *replRun) step(i int, s *replStep) {
	r.t.Helper()
	at := "step " + strconv.Itoa(i+1) + ", " + s.Op
	want := &s.Expect
	reply, answered := Reply{}, true
	switch s.Op {
	case "produce":
		values := make([]string, s.Count)
		if s.TimeoutMs == 0 {
			s.TimeoutMs = 120_000
		}
		tok := r.at(0, &Produce{Topic: r.id, Acks: s.Acks, TimeoutMs: s.TimeoutMs, Batch: batchOf(r.now, values...)})
		reply, answered = r.bodies[tok]
		r.calls[s.Call], r.seen[tok] = tok, true
		if want.Pending == "" && want.BaseOffset != nil && reply.Offset != *want.BaseOffset {
			r.t.Fatalf("%s: base offset %d", at, reply.Offset)
		}
	case "fetch":
		r.fetch(at, s)
	case "consumerFetch":
		f := FetchPart{Topic: r.id, Offset: s.Offset, MaxBytes: 1 << 20}
		if s.CurrentLeaderEpoch != nil {
			f.CheckEpoch, f.LeaderEpoch = true, *s.CurrentLeaderEpoch
		}
		got := r.do(&Fetch{Parts: []FetchPart{f}, MaxBytes: 1 << 20}).Body.(*FetchReply).Parts[0]
		reply.Code = got.Code
		n := 0
		for b := got.Records; len(b) > 0; {
			h := mustParse(b)
			n += int(h.Count)
			b = b[h.Size():]
		}
		if want.Records != nil && (n != *want.Records || got.HighWatermark != *want.HighWatermark) {
			r.t.Fatalf("%s: %d records, high watermark %d", at, n, got.HighWatermark)
		}
	case "advance":
		r.now += s.Ms
		r.settle()
		if l := r.p.rep.main.lead; l != nil {
			r.e.shrinkISR(r.p, r.p.rep.main)
		}
	case "brokerDown":
		r.must(&CrashBroker{Broker: s.Broker + replBroker})
		r.e.fence(r.e.brokerAt(s.Broker + replBroker))
	case "brokerUp":
		r.must(&StartBroker{Broker: s.Broker + replBroker})
	case "electUnclean", "electPreferred":
		reply.Code = r.must(&ElectLeaders{Unclean: s.Op == "electUnclean", Partitions: []TopicPartition{{"t", 0}}}).Body.(*ElectLeadersReply).Partitions[0].Code
	case "listOffsetsLatest":
		reply = r.do(&ListOffsets{Topic: r.id, Timestamp: TimestampLatest})
		if want.BaseOffset == nil && reply.Code == None && reply.Offset != *want.Offset {
			r.t.Fatalf("%s: offset %d", at, reply.Offset)
		}
	default:
		r.t.Fatalf("%s: unknown", at)
	}
	r.settle()
	if pending := want.Pending != ""; pending == answered {
		r.t.Fatalf("%s: answered %v", at, answered)
	}
	if want.Error != "" && (reply.Code != want.Code && want.Code != 0 || reply.Code.String() != want.Error) {
		r.t.Fatalf("%s: %v, want %s", at, reply.Code, want.Error)
	}
	for _, done := range want.Completed {
		got, ok := r.bodies[r.calls[done.Call]]
		if !ok || got.Code.String() != done.Error || done.BaseOffset != nil && got.Offset != *done.BaseOffset {
			r.t.Fatalf("%s: call %s: %v, %+v", at, done.Call, ok, got)
		}
	}
	r.compare(at, want.State)
}

// fetch lets one follower fetch and take the answer.
func (r *replRun) fetch(at string, s *replStep) {
	r.t.Helper()
	o := r.p.rep.at(s.Replica + replBroker)
	r.e.fetchNow(r.p, o)
	f := o.fetch
	want := &s.Expect
	if f.offset != *want.FetchOffset || f.last != *want.LastFetchedEpoch {
		r.t.Fatalf("%s: asks for %d after epoch %d", at, f.offset, f.last)
	}
	r.e.serveFollower(r.p, r.p.rep.at(o.leader), o)
	f = o.fetch
	switch {
	case f.code != want.Code:
		r.t.Fatalf("%s: %v", at, f.code)
	case want.Records != nil && (f.end-f.offset != Offset(*want.Records) || f.hw != *want.ResponseHW):
		r.t.Fatalf("%s: %d records, high watermark %d", at, f.end-f.offset, f.hw)
	case (f.forkAt >= 0) != (want.DivergingEpoch != nil):
		r.t.Fatalf("%s: logs differ at %d", at, f.forkAt)
	case f.forkAt >= 0 && (f.fork != want.DivergingEpoch.Epoch || f.forkAt != want.DivergingEpoch.EndOffset):
		r.t.Fatalf("%s: logs differ: epoch %d ends at %d", at, f.fork, f.forkAt)
	}
	r.e.takeAnswer(r.p, o)
	if want.TruncatedTo != nil && o.leo != *want.TruncatedTo {
		r.t.Fatalf("%s: truncated to %d", at, o.leo)
	}
}

func (r *replRun) compare(at string, want replState) {
	r.t.Helper()
	reg := r.p.rep.reg()
	leader := reg.leader
	if leader > 0 {
		leader -= replBroker
	}
	var isr []int32
	for _, id := range reg.isr {
		isr = append(isr, id-replBroker)
	}
	slices.Sort(isr)
	if leader != want.Leader || reg.epoch != want.LeaderEpoch || !slices.Equal(isr, want.ISR) {
		r.t.Fatalf("%s: leader %d, epoch %d, ISR %v; want %+v", at, leader, reg.epoch, isr, want)
	}
	if want.ConsumerVisibleEnd != nil && r.p.highWatermark() != *want.ConsumerVisibleEnd {
		r.t.Fatalf("%s: consumers see up to %d, want %d", at, r.p.highWatermark(), *want.ConsumerVisibleEnd)
	}
	for name, w := range want.Replicas {
		id, _ := strconv.Atoi(name)
		o := r.p.rep.at(int32(id) + replBroker)
		var epochs [][2]int64
		for _, s := range o.epochs {
			epochs = append(epochs, [2]int64{int64(s.epoch), int64(s.start)})
		}
		if o.leo != w.LogEndOffset || o.hw != w.HighWatermark || !slices.Equal(epochs, w.Epochs) {
			r.t.Fatalf("%s: replica %s ends at %d, high watermark %d, epochs %v; want %+v", at, name, o.leo, o.hw, epochs, w)
		}
	}
}
