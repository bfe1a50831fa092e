package sim_test

import (
	"strings"
	"testing"

	"partita/engine/script"
	"partita/engine/sim"
)

// told is the chronicle as text: a line for each happening, with the line that did it.
func told(w *sim.World) (list []string) {
	for i := range w.Happenings() {
		h := &w.Happenings()[i]
		text, _ := w.Told(h)
		if by := w.Happening(h.Line); by != nil && by != h {
			text += " <- " + by.Text
		}
		list = append(list, text)
	}
	return list
}

func TestChronicle(t *testing.T) {
	w := sim.New(sim.Config{Seed: 1, LatencyMs: 5})
	r := &script.Runner{World: w}
	r.Record(1<<20, nil, nil)
	run := func(lines string) {
		t.Helper()
		for line := range strings.SplitSeq(lines, "\n") {
			if _, err := r.Run(line); err != nil {
				t.Fatal(line, err)
			}
		}
	}
	run(`topic create orders partitions=1
send orders a key=k
consumer add c1 group=billing topics=orders auto.offset.reset=earliest session.timeout.ms=8s heartbeat.interval.ms=2s
advance 10s
consumer crash c1
kafka-topics --list
advance 20s`)
	if _, err := r.Run("consumer leave nobody"); err == nil {
		t.Fatal("nobody left")
	}
	before := told(w)
	text := sim.Plain(strings.Join(before, "\n"))
	for _, want := range []string{
		"Topic orders is created with 1 partition. <- topic create orders partitions=1\n",
		"c1 crashes without a goodbye: billing finds out when its session times out. <- consumer crash c1\n",
		"c1 missed its session timeout. The coordinator takes it out of billing.\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, not := range []string{"nobody", "kafka-topics", "__consumer_offsets-"} {
		if strings.Contains(text, not) {
			t.Errorf("%q is in\n%s", not, text)
		}
	}
	topic, _ := w.Engine().Topic("orders")
	steps := w.Footsteps("billing", topic.ID, 0)
	if len(steps) != 2 || steps[0].Commit || steps[0].End != 1 || !steps[1].Commit || steps[1].Offset != 1 || steps[1].Who != "c1" {
		t.Errorf("footsteps %+v", steps)
	}

	// It goes back with the world, and comes out the same the second time.
	run("seek 10s")
	if got := sim.Plain(strings.Join(told(w), "\n")); strings.Contains(got, "missed its session timeout") {
		t.Error("the future is in the past:\n" + got)
	}
	run("seek 30s")
	if got := sim.Plain(strings.Join(told(w), "\n")); got != text {
		t.Errorf("another past:\n%s\nbefore:\n%s", got, text)
	}
}
