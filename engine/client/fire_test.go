package client_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"partita/engine"
	"partita/engine/client"
)

// TestExactlyOnceUnderFire: brokers crash and pause, workers crash and come back, the
// network loses requests and replies. When all that is over, every record in has given
// one record out.
func TestExactlyOnceUnderFire(t *testing.T) {
	for seed := range uint64(20) {
		under(t, seed)
	}
}

func under(t *testing.T, seed uint64) {
	chance := rand.New(rand.NewPCG(seed, 7))
	w := newCluster(t, 3)
	w.replicated(3)
	r := w.do(&engine.CreateTopic{Name: "done", Partitions: 2, ReplicationFactor: 3, Config: []engine.ConfigEntry{{Name: "min.insync.replicas", Value: "2"}}})
	w.topics["done"] = r.Body.(*engine.CreateTopicReply).Topic
	fire := true
	w.lose = func(m *member, cmd engine.Command) (bool, bool) {
		return fire && chance.IntN(200) == 0, fire && chance.IntN(200) == 0
	}
	producer := w.startProducer("p", "request.timeout.ms=2000", "delivery.timeout.ms=600000")
	protocol := []string{"classic", "consumer"}[seed%2]
	pairs := []string{"output=done", "processing.guarantee=exactly_once", "process=5", "max.poll.records=5", "request.timeout.ms=2000",
		"max.poll.interval.ms=15000", "metadata.max.age.ms=5000", "group.protocol=" + protocol}
	if protocol == "classic" {
		pairs = append(pairs, "session.timeout.ms=6000", "partition.assignment.strategy="+[]string{"range", "cooperative-sticky"}[seed/2%2])
	}
	n := 0
	hire := func() *member {
		n++
		return w.start(fmt.Sprint("w", n), pairs...)
	}
	workers := []*member{hire(), hire()}
	total := 0
	var down int32
	for range 12 {
		w.feed(producer, total, total+15, 3)
		total += 15
		switch chance.IntN(6) {
		case 0, 1:
			if down == 0 {
				down = 101 + int32(chance.IntN(3))
				w.do(&engine.CrashBroker{Broker: down})
			} else {
				w.do(&engine.StartBroker{Broker: down})
				down = 0
			}
		case 2:
			i := chance.IntN(len(workers))
			w.crash(workers[i])
			workers[i] = hire()
		case 3:
			i := chance.IntN(len(workers))
			workers[i].c.Close(w.now)
			workers[i] = hire()
		}
		w.run(w.now + engine.Time(chance.IntN(5_000)))
	}
	fire = false
	if down != 0 {
		w.do(&engine.StartBroker{Broker: down})
	}
	for range 30 {
		w.run(w.now + 10_000)
		for i, m := range workers {
			if s := m.see().State; s == client.Failed || s == client.Fenced {
				workers[i] = hire() // whoever looks after the workers starts another
			}
		}
	}
	reader := w.start("reader", "group.id=results", "topics=done", "isolation.level=read_committed")
	w.run(w.now + 30_000)
	never, once, again := times(reader.values, total)
	if v := producer.p.View(); once != total || v.Acked != int64(total) {
		t.Errorf("seed %d: of %d records %d gave nothing, %d one, %d more than one; producer %+v", seed, total, never, once, again, v)
		for _, m := range workers {
			t.Logf("%s %+v", m.name, m.see())
		}
	}
}
