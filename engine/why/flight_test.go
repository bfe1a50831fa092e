package why_test

import (
	"strconv"
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/sim"
	"partita/engine/why"
)

const slow = `cluster brokers=2
link latency=200ms
topic create orders partitions=1 replication=2 min.insync.replicas=1
producer add p1 topic=orders rate=2/s keys=truck-1 acks=all
consumer add c1 group=billing topics=orders process=1ms auto.offset.reset=earliest
advance 20s`

// flying steps until something of a kind is under way, and gives the question about it.
func flying(t *testing.T, w *sim.World, run func(string), produce bool) (question string) {
	t.Helper()
	for range 200 {
		w.Flights(func(f *sim.Flight) {
			switch {
			case f.Arrives <= f.Sent || w.Now() == f.Sent:
			case produce && f.Consumer == nil:
				question = why.Question("flight", "produce", f.Producer.Name, "orders-0", ms(f.Sent), ms(f.Arrives))
			case !produce && f.Consumer != nil:
				question = why.Question("flight", "fetch", f.Consumer.Name, "orders-0", ms(f.Sent), ms(f.Arrives))
			}
		})
		if question != "" {
			return question
		}
		run("advance 50ms")
	}
	t.Fatal("nothing flies")
	return ""
}

func ms(at engine.Time) string { return strconv.FormatInt(int64(at), 10) }

func TestWhyFlights(t *testing.T) {
	w, run := world(t, slow)
	question := flying(t, w, run, true)
	at := strings.Fields(question)
	sent, _ := strconv.Atoi(at[4])
	due, _ := strconv.Atoi(at[5])
	inOrder(t, ask(t, w, question), "records on their way, orders-0", "What is it?", "Records: 1, in a batch that p1 sent to broker 101.", "key: truck-1",
		"Since when, and when does it arrive?", "left at "+at[4]+" + "+strconv.Itoa(due-sent)+" ms on the way = "+at[5]+" ms: "+strconv.Itoa(due-int(w.Now()))+" ms from now",
		"What does it wait for?", "For the way, and then for the ISR: with acks=all the partition leader answers when all replicas in the ISR have the batch, 2 now.",
		"setting min.insync.replicas=1", "setting linger.ms=", "Where does it come from?", "at 0 ms › producer add p1")
	run("advance 1s")
	inOrder(t, ask(t, w, question), "It is not on its way any more: it has arrived, or it was lost.", "left at "+at[4]+" + "+strconv.Itoa(due-sent)+" ms on the way = "+at[5]+" ms\n")

	question = flying(t, w, run, false)
	inOrder(t, ask(t, w, question), "Records: 1, from offset ", "left at "+strings.Fields(question)[4], "Only for the way. Then the consumer holds the records",
		"setting max.poll.records=500", "at 0 ms › consumer add c1")

	run("broker slow 102 100ms")
	replica := ""
	id, _ := w.Engine().Topic("orders")
	for i := 0; replica == ""; i++ {
		run("advance 1ms")
		for _, r := range w.Engine().Replicas(id.ID, 0, nil) {
			if r.Coming > 0 && r.Due > w.Now() {
				replica = why.Question("flight", "replica", strconv.Itoa(int(r.Broker)), "orders-0", ms(r.Sent), ms(r.Due))
			}
		}
		if i > 5000 {
			t.Fatal("nothing flies to the follower")
		}
	}
	inOrder(t, ask(t, w, replica), "records on their way, orders-0", "Records: 1, from offset ", "Only for the way between the two brokers.", "setting replica.fetch.wait.max.ms=500")
	run("producer set p1 acks=0")
	inOrder(t, ask(t, w, flying(t, w, run, true)), "Only for the way. With acks=0 the producer waits for no answer")
}

// TestWhyExchanges asks about every arrow of the swimlane.
func TestWhyExchanges(t *testing.T) {
	for _, protocol := range []string{"classic", "consumer"} {
		settings := " group=billing topics=orders process=1ms auto.offset.reset=earliest group.protocol=" + protocol
		if protocol == "classic" {
			settings += " session.timeout.ms=6s heartbeat.interval.ms=1s"
		}
		w, run := world(t, "link latency=100ms\ntopic create orders partitions=2\nproducer add p1 topic=orders rate=2/s\nconsumer add c1"+settings+"\nadvance 8s\nconsumer add c2"+settings+"\nadvance 6s\nconsumer leave c2\nadvance 1s")
		kinds := map[string]bool{}
		for _, x := range w.Exchanges() {
			words := []string{"exchange", x.Group, x.Client, x.What, ms(x.Sent)}
			title := " of " + x.Client
			if x.Reply {
				words, title = append(words, "reply"), "answer to "
			}
			text := ask(t, w, why.Question(words...))
			if !strings.Contains(strings.SplitN(text, "\n", 2)[0], title) || strings.Count(text, "What is it for?\n") != 1 {
				t.Errorf("%v: %s", words, text)
			}
			inOrder(t, text, "What is it for?", "Since when, and when does it arrive?", "left at "+ms(x.Sent)+" + 100 ms on the way")
			kinds[strings.SplitN(text, " of ", 2)[0]] = true
		}
		for _, want := range map[string][]string{"classic": {"Heartbeat", "OffsetCommit", "LeaveGroup", "answer to Heartbeat"}, "consumer": {"ConsumerGroupHeartbeat"}}[protocol] {
			if !kinds[want] {
				t.Errorf("%s: no %s among %v", protocol, want, kinds)
			}
		}
		x := w.Exchanges()[len(w.Exchanges())-1]
		run("advance 60s")
		inOrder(t, ask(t, w, why.Question("exchange", x.Group, x.Client, x.What, "1")), "It is not remembered at this instant")
	}
}

func TestWhyOwned(t *testing.T) {
	for strategy, paused := range map[string]string{"roundrobin": "Eager: every member gives up", "cooperative-sticky": "Cooperative: only what moves"} {
		settings := " group=billing topics=orders process=10ms session.timeout.ms=6s heartbeat.interval.ms=1s auto.offset.reset=earliest partition.assignment.strategy=" + strategy
		w, _ := world(t, "link latency=100ms\ntopic create orders partitions=4\nproducer add p1 topic=orders rate=4/s\nconsumer add c1"+settings+"\nadvance 12s\nconsumer add c2"+settings+"\nadvance 15s")
		moved := 0
		for _, era := range w.Eras("billing") {
			for _, o := range era.Owners {
				text := ask(t, w, why.Question("owned", "billing", o.String(), ms(engine.Time(era.Epoch))))
				inOrder(t, text, o.String()+" in billing, generation ", "Who had it?", w.MemberName(o.Member)+" had it.")
				if o.Moved {
					moved++
					inOrder(t, text, "Why did it move?", "Before it was with c1.", "Why was it paused?", ms(o.Paused)+" ms without a reader", paused, "setting partition.assignment.strategy=", "How did it come to this?")
					inOrder(t, text, "at 12000 ms › consumer add c2")
				}
			}
		}
		if moved != 2 {
			t.Errorf("%s: %d partitions moved", strategy, moved)
		}
	}
}

// TestWhyUnknownFlights: questions that nothing answers.
func TestWhyUnknownFlights(t *testing.T) {
	w, _ := world(t, slow)
	inOrder(t, ask(t, w, "owned billing orders-0 99"), "orders-0 in billing, generation 99", "It is not remembered at this instant")
	for _, wrong := range []string{"flight", "flight produce p1 orders-0", "flight pigeon p1 orders-0 1 2", "flight produce p1 orders-9 1 2", "exchange billing c1 join", "exchange nobody c1 join 1", "owned billing orders-0", "owned nobody orders-0 1", "exchange billing c1 whisper 1"} {
		if answer, err := (&why.Asker{World: w}).Why(wrong); err == nil {
			t.Errorf("%q is answered: %s", wrong, answer)
		}
	}
}
