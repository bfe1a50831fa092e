package referee

import (
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

func init() {
	on("txn", func(p *play) { p.transactions(4, 11) }) // as clients before KIP-890
	on("txn2", func(p *play) { p.transactions(5, 12) })
	on("badtxn", badTransactions)
	on("slowtxn", slowTransaction)
	on("compact", compact)
}

// txn is a transactional producer by hand.
type txn struct {
	*play
	name    string
	id      int64
	epoch   int16
	next    map[string]int32 // sequence by topic
	end     int16            // version of EndTxn
	produce int16            // version of Produce
}

// begin gets the producer's id. A coordinator that is busy is asked again.
func (x *txn) begin(step string) {
	var a *kmsg.InitProducerIDResponse
	x.until(step, func() bool {
		q := kmsg.NewPtrInitProducerIDRequest()
		q.TransactionalID, q.TransactionTimeoutMillis, q.ProducerID, q.ProducerEpoch = &x.name, 60_000, -1, -1
		r, err := x.ask(anyVersion, q)
		if err != nil {
			return false
		}
		a = r.(*kmsg.InitProducerIDResponse)
		return a.ErrorCode != 51 && !loading(a.ErrorCode) // CONCURRENT_TRANSACTIONS
	})
	if a != nil {
		x.see(step, fmt.Sprint(codeName(a.ErrorCode), " ", x.play.name("pid", fmt.Sprint(a.ProducerID)), " epoch=", a.ProducerEpoch))
		x.id, x.epoch, x.next = a.ProducerID, a.ProducerEpoch, map[string]int32{}
	}
}

// enlist adds partition 0 of topics. Before KIP-890 every client does this first.
func (x *txn) enlist(step string, topics ...string) {
	if x.end >= 5 {
		return
	}
	q := kmsg.NewPtrAddPartitionsToTxnRequest()
	q.TransactionalID, q.ProducerID, q.ProducerEpoch = x.name, x.id, x.epoch
	for _, topic := range topics {
		q.Topics = append(q.Topics, kmsg.AddPartitionsToTxnRequestTopic{Topic: topic, Partitions: []int32{0}})
	}
	x.patient(step, 3, q, func(a kmsg.Response) bool {
		for _, t := range a.(*kmsg.AddPartitionsToTxnResponse).Topics {
			if t.Partitions[0].ErrorCode == 51 {
				return false
			}
		}
		return true
	})
}

// patient asks until the earlier transaction is over, and then notes the answer.
func (x *txn) patient(step string, version int16, q kmsg.Request, ready func(a kmsg.Response) bool) {
	x.until(step, func() bool {
		a, err := x.ask(version, q)
		return err != nil || ready(a)
	})
	x.doAt(step, version, q)
}

// send sends records to partition 0 of a topic.
func (x *txn) send(step, topic string, values ...string) {
	q := kmsg.NewPtrProduceRequest()
	q.Acks, q.TimeoutMillis, q.TransactionID = -1, 5000, &x.name
	data := batchOf(recs(values...), func(b *kmsg.RecordBatch) {
		b.Attributes, b.ProducerID, b.ProducerEpoch, b.FirstSequence = 0x10, x.id, x.epoch, x.next[topic]
	})
	x.next[topic] += int32(len(values))
	q.Topics = []kmsg.ProduceRequestTopic{{Topic: topic, Partitions: []kmsg.ProduceRequestTopicPartition{{Records: data}}}}
	var a kmsg.Response
	x.repeat(most/20, func() bool { // again while the earlier transaction is not over
		var err error
		a, err = x.ask(x.produce, q)
		return err != nil || !slices.Contains([]int16{51, 6, 19}, a.(*kmsg.ProduceResponse).Topics[0].Partitions[0].ErrorCode)
	})
	if r, ok := a.(*kmsg.ProduceResponse); ok {
		part := r.Topics[0].Partitions[0]
		x.see(step, fmt.Sprint(codeName(part.ErrorCode), " @", part.BaseOffset))
	} else {
		x.see(step, "the connection is closed")
	}
}

// finish ends the transaction, and takes the new epoch of KIP-890.
func (x *txn) finish(step string, commit bool) {
	a, ok := x.doAt(step, x.end, &kmsg.EndTxnRequest{TransactionalID: x.name, ProducerID: x.id, ProducerEpoch: x.epoch, Commit: commit}).(*kmsg.EndTxnResponse)
	if ok && a.ErrorCode == 0 && x.end >= 5 && a.ProducerID >= 0 {
		x.id, x.epoch, x.next = a.ProducerID, a.ProducerEpoch, map[string]int32{}
	}
}

// over waits until no transaction holds up readers of a topic.
func (p *play) over(topic string) {
	p.until("the end of transactions in "+topic, func() bool {
		ends := [2]int64{}
		for level := range int8(2) {
			q := kmsg.NewPtrListOffsetsRequest()
			part := kmsg.NewListOffsetsRequestTopicPartition()
			part.Timestamp, q.IsolationLevel = -1, level
			q.Topics = append(q.Topics, kmsg.ListOffsetsRequestTopic{Topic: topic, Partitions: []kmsg.ListOffsetsRequestTopicPartition{part}})
			a, err := p.ask(anyVersion, q)
			if err != nil {
				return false
			}
			ends[level] = a.(*kmsg.ListOffsetsResponse).Topics[0].Partitions[0].Offset
		}
		return ends[0] == ends[1]
	})
}

// transactions commits, aborts and fences, and reads as committed and as it is.
func (p *play) transactions(end, produce int16) {
	one, two := p.act+".one", p.act+".two"
	p.topic(one, 1)
	p.topic(two, 1)
	x := &txn{play: p, name: p.act + ".x", end: end, produce: produce}
	both := func(step string) {
		for level := range int8(2) {
			p.readAll(fmt.Sprint(step, ", level ", level), one, level)
			p.listOffsets(fmt.Sprint(step, ", end at level ", level), one, -1, func(q *kmsg.ListOffsetsRequest, _ *kmsg.ListOffsetsRequestTopicPartition) { q.IsolationLevel = level })
		}
	}
	x.begin("begin")
	x.enlist("enlist", one, two)
	x.send("in a transaction", one, "a", "b")
	x.send("in two topics", two, "c")
	p.produce("without one", one, batchOf(recs("outside"), nil))
	both("while it is open")
	p.describeTransaction("while it is open", x.name)
	q := kmsg.NewPtrDescribeProducersRequest()
	q.Topics = []kmsg.DescribeProducersRequestTopic{{Topic: one, Partitions: []int32{0}}}
	p.producers("producers while it is open", q)
	x.finish("commit", true)
	p.over(one)
	both("committed")
	p.describeTransaction("committed", x.name)
	x.enlist("enlist to abort", one)
	x.send("to abort", one, "d", "e")
	x.finish("abort", false)
	p.over(one)
	x.enlist("enlist after that", one)
	x.send("after that", one, "f")
	x.finish("commit after that", true)
	p.over(one)
	both("in the end")
	x.offsets()
	x.fence(one)
	p.over(one)
	both("after fencing")
}

// offsets commits a group's offsets in transactions.
func (x *txn) offsets() {
	group := x.act + ".g"
	commit := func(step, group string, offset int64, change ...func(q *kmsg.TxnOffsetCommitRequest)) {
		if x.end < 5 {
			x.patient("add "+step, 3, &kmsg.AddOffsetsToTxnRequest{TransactionalID: x.name, ProducerID: x.id, ProducerEpoch: x.epoch, Group: group},
				func(a kmsg.Response) bool { return a.(*kmsg.AddOffsetsToTxnResponse).ErrorCode != 51 })
		}
		q := kmsg.NewPtrTxnOffsetCommitRequest()
		q.TransactionalID, q.Group, q.ProducerID, q.ProducerEpoch = x.name, group, x.id, x.epoch
		part := kmsg.NewTxnOffsetCommitRequestTopicPartition()
		part.Offset = offset
		q.Topics = []kmsg.TxnOffsetCommitRequestTopic{{Topic: x.act + ".one", Partitions: []kmsg.TxnOffsetCommitRequestTopicPartition{part}}}
		for _, f := range change {
			f(q)
		}
		version := int16(4)
		if x.end >= 5 {
			version = 5
		}
		x.patient(step, version, q, func(a kmsg.Response) bool {
			return a.(*kmsg.TxnOffsetCommitResponse).Topics[0].Partitions[0].ErrorCode != 51
		})
	}
	commit("offsets", group, 3)
	x.fetchOffsets("before the end", group, x.act+".one")
	stable := kmsg.NewPtrOffsetFetchRequest()
	g := kmsg.NewOffsetFetchRequestGroup()
	g.Group, g.Topics = group, []kmsg.OffsetFetchRequestGroupTopic{{Topic: x.act + ".one", Partitions: []int32{0}}}
	stable.RequireStable, stable.Groups = true, []kmsg.OffsetFetchRequestGroup{g}
	x.do("stable offsets", stable)
	x.finish("commit offsets", true)
	x.fetched(group, 3)
	commit("offsets to abort", group, 9)
	commit("offsets of no member", group, 9, func(q *kmsg.TxnOffsetCommitRequest) { q.MemberID, q.Generation = "nobody", 4 })
	x.finish("abort offsets", false)
	x.fetched(group, 3)
	x.fetchOffsets("in the end", group, x.act+".one")
}

// fetched waits until a group's offset is stable and as it should be.
func (x *txn) fetched(group string, offset int64) {
	x.until(fmt.Sprint("offset ", offset), func() bool {
		q := kmsg.NewPtrOffsetFetchRequest()
		g := kmsg.NewOffsetFetchRequestGroup()
		g.Group, g.Topics = group, []kmsg.OffsetFetchRequestGroupTopic{{Topic: x.act + ".one", Partitions: []int32{0}}}
		q.RequireStable, q.Groups = true, []kmsg.OffsetFetchRequestGroup{g}
		a, err := x.ask(anyVersion, q)
		if err != nil {
			return false
		}
		r := a.(*kmsg.OffsetFetchResponse).Groups[0]
		return r.ErrorCode == 0 && len(r.Topics) == 1 && r.Topics[0].Partitions[0].ErrorCode == 0 && r.Topics[0].Partitions[0].Offset == offset
	})
}

// fence lets a second producer of the same name take over while a transaction is open.
func (x *txn) fence(topic string) {
	x.enlist("enlist before fencing", topic)
	x.send("before fencing", topic, "g")
	old := *x
	old.next = map[string]int32{topic: x.next[topic]}
	x.begin("the second begins")
	x.over(topic)
	old.send("the first sends", topic, "h")
	old.doAt("the first ends", x.end, &kmsg.EndTxnRequest{TransactionalID: x.name, ProducerID: old.id, ProducerEpoch: old.epoch, Commit: true})
	old.enlist("the first enlists", topic)
	q := kmsg.NewPtrInitProducerIDRequest()
	q.TransactionalID, q.TransactionTimeoutMillis, q.ProducerID, q.ProducerEpoch = &x.name, 60_000, old.id, old.epoch
	x.do("the first begins again", q)
	x.enlist("the second enlists", topic)
	x.send("the second sends", topic, "i")
	x.finish("the second commits", true)
}

// describeTransaction notes what the coordinator says of a transaction.
func (p *play) describeTransaction(step, name string) {
	a, err := p.ask(anyVersion, &kmsg.DescribeTransactionsRequest{TransactionalIDs: []string{name}})
	if err != nil {
		p.see(step, ended(err))
		return
	}
	for _, t := range a.(*kmsg.DescribeTransactionsResponse).TransactionStates {
		var topics []string
		for _, topic := range t.Topics {
			topics = append(topics, fmt.Sprint(topic.Topic, topic.Partitions))
		}
		slices.Sort(topics)
		state := t.State
		if strings.HasPrefix(state, "PrepareC") || strings.HasPrefix(state, "CompleteC") {
			state, topics = "committed or about to be", nil // the moment decides
		}
		p.see("transaction "+step, fmt.Sprint(codeName(t.ErrorCode), " ", state, " ", t.TimeoutMillis, " epoch=", t.ProducerEpoch, " ", topics))
	}
}

// badTransactions asks for what cannot be.
func badTransactions(p *play) {
	p.topic("badtxn.t", 1)
	begin := func(step string, id *string, timeout int32, producer int64, epoch int16) {
		q := kmsg.NewPtrInitProducerIDRequest()
		q.TransactionalID, q.TransactionTimeoutMillis, q.ProducerID, q.ProducerEpoch = id, timeout, producer, epoch
		p.do(step, q)
	}
	name, empty := "badtxn.x", ""
	begin("empty id", &empty, 1000, -1, -1)
	begin("no timeout", &name, 0, -1, -1)
	begin("negative timeout", &name, -1, -1, -1)
	begin("long timeout", &name, 1<<30, -1, -1)
	begin("id without an epoch", &name, 1000, 5, -1)
	begin("epoch without an id", &name, 1000, -1, 5)
	begin("unknown id", &name, 1000, 987654, 3)
	begin("no transactions, with an id", nil, 1000, 4444, 0)
	p.doAt("end of nothing", 4, &kmsg.EndTxnRequest{TransactionalID: "badtxn.none", ProducerID: 5, Commit: true})
	x := &txn{play: p, name: "badtxn.y", end: 4, produce: 11}
	x.begin("begin")
	x.finish("end of what did not begin", true)
	x.finish("abort of what did not begin", false)
	x.enlist("unknown topic", "badtxn.none")
	x.enlist("unknown and known topic", "badtxn.t", "badtxn.none")
	x.send("not enlisted", "badtxn.t", "a")
	other := *x
	other.epoch += 5
	other.enlist("future epoch", "badtxn.t")
	other.id += 1_000_000
	other.enlist("another id", "badtxn.t")
	other.finish("end with another id", true)
	p.do("offsets of nothing", &kmsg.TxnOffsetCommitRequest{TransactionalID: "badtxn.none", Group: "g", ProducerID: 5, Generation: -1,
		Topics: []kmsg.TxnOffsetCommitRequestTopic{{Topic: "badtxn.t", Partitions: []kmsg.TxnOffsetCommitRequestTopicPartition{{Offset: 1}}}}})
	p.describeTransaction("of nothing", "badtxn.none")
	p.describeTransaction("of no name", "")
	for _, state := range []string{"Ongoing", "Nonsense"} {
		q := kmsg.NewPtrListTransactionsRequest()
		q.StateFilters, q.ProducerIDFilters, q.DurationFilterMillis = []string{state}, []int64{-77}, -1
		p.do("list "+state, q)
	}
}

// slowTransaction is aborted by the coordinator when its time is over.
func slowTransaction(p *play) {
	p.topic("slowtxn.t", 1)
	x := &txn{play: p, name: "slowtxn.x", end: 4, produce: 11}
	q := kmsg.NewPtrInitProducerIDRequest()
	q.TransactionalID, q.TransactionTimeoutMillis, q.ProducerID, q.ProducerEpoch = &x.name, 1000, -1, -1
	a, ok := p.do("begin", q).(*kmsg.InitProducerIDResponse)
	if !ok {
		return
	}
	x.id, x.epoch, x.next = a.ProducerID, a.ProducerEpoch, map[string]int32{}
	x.enlist("enlist", "slowtxn.t")
	x.send("send", "slowtxn.t", "a")
	p.over("slowtxn.t")
	p.readAll("afterwards", "slowtxn.t", 1)
	x.finish("commit too late", true)
	x.send("send too late", "slowtxn.t", "b")
	p.readAll("in the end", "slowtxn.t", 0)
}

// compact sends keys again and again and waits until the log is compacted. Segments are
// rolled by the records' times, which the seed makes.
func compact(p *play) {
	p.topic("compact.t", 1, "cleanup.policy=compact", "segment.ms=1000", "min.cleanable.dirty.ratio=0.01", "delete.retention.ms=100000000000", "min.compaction.lag.ms=0")
	newest := map[string]int64{}
	offset, at := int64(0), int64(0)
	for range 30 {
		var list []rec
		for range 1 + p.rand.IntN(8) {
			key := fmt.Sprintf("k%d", p.rand.IntN(12))
			r := rec{key: []byte(key), value: fmt.Append(nil, "v", offset), at: at}
			if p.rand.IntN(6) == 0 {
				r.value = nil
			}
			newest[key] = offset
			offset++
			at += int64(p.rand.IntN(400))
			list = append(list, r)
		}
		p.produce("send", "compact.t", batchOf(list, nil))
		at += int64(p.rand.IntN(500))
	}
	// The last record is in a segment of its own, which stays as it is.
	p.produce("last", "compact.t", batchOf([]rec{{key: []byte("last"), value: []byte("x"), at: at + 5000}}, nil))
	if p.at.name != nameKfake { // which never compacts
		p.until("compacted", func() bool {
			text, err := p.whole("compact.t", 0)
			return err == nil && strings.Count(text, ":k") == len(newest)
		})
	}
	p.readAll("what is left", "compact.t", 0)
	p.listOffsets("start", "compact.t", -2)
	p.listOffsets("end", "compact.t", -1)
	for _, late := range []int64{0, 1000, 5000} {
		p.listOffsets(fmt.Sprint("by time ", late), "compact.t", first+late)
	}
}
