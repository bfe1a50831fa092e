package script_test

import (
	"strings"
	"testing"

	"partita/engine/script"
	"partita/engine/sim"
)

// TestSetNeedsANewProcess changes settings of clients that run: as with Kafka it takes a
// new process, and what is illegal is refused in Kafka's words.
func TestSetNeedsANewProcess(t *testing.T) {
	w := sim.New(sim.Config{Seed: 1})
	r := &script.Runner{World: w}
	run := func(lines string) {
		t.Helper()
		for line := range strings.Lines(lines) {
			if _, err := r.Run(strings.TrimSpace(line)); err != nil {
				t.Fatal(line, err)
			}
		}
	}
	value := func(kind, of, name string) string {
		t.Helper()
		list, err := r.Settings(kind, of)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			if s.Name == name {
				return s.Value + " " + s.Default + " " + s.Valid
			}
		}
		return "none"
	}
	run(`topic create orders
producer add p0 topic=orders rate=1/s
producer add p1 topic=orders rate=10/s keys=a,b
consumer add c1 group=billing topics=orders process=5ms auto.offset.reset=earliest
advance 5s
consumer set c1 session.timeout.ms=10s max.poll.records=7
advance 10s
expect owner orders-0 c1
expect group billing members=1 state=Stable`)
	if got := value("consumer", "c1", "session.timeout.ms"); got != "10000 45000 [1,...]" {
		t.Error(got)
	}
	if got := value("consumer", "c1", "auto.offset.reset"); got != "earliest latest [earliest, latest, none]" {
		t.Error(got)
	}
	run("consumer set c1 session.timeout.ms= process=7ms")
	if got := value("consumer", "c1", "session.timeout.ms"); got != "45000 45000 [1,...]" {
		t.Error(got)
	}
	if c := w.Consumer("c1"); strings.Contains(c.Settings, "session") || !strings.Contains(c.Settings, "process=7ms") || !strings.Contains(c.Settings, "max.poll.records=7") {
		t.Errorf("its settings are said to be %s", c.Settings)
	}
	sent := w.Producer("p1").Sent()
	run("producer set p1 acks=1 linger.ms=20ms\nadvance 5s")
	p := w.Producers()[1]
	if p.Name != "p1" || p.Sent() < sent+40 || p.Config().Acks != 1 || p.Config().LingerMs != 20 || len(p.Generator().Keys) != 2 || w.Totals().Lost != 0 {
		t.Errorf("%s sent %d after %d, %+v", p.Name, p.Sent(), sent, p.Config())
	}
	if got := value("topic", "orders", "min.insync.replicas"); got != "1 1 [1,...]" {
		t.Error(got)
	}
	if got := value("broker", "101", "offsets.topic.num.partitions"); got != "50 50 [1,...]" {
		t.Error(got)
	}
	if _, err := r.Settings("broker", "109"); err == nil {
		t.Error("a broker that is not there has settings")
	}
	for line, want := range map[string]string{
		"topic config orders cleanup.policy=never":                   "INVALID_CONFIG: Invalid value never for configuration cleanup.policy: String must be one of: delete, compact",
		"topic config orders min.insync.replicas=0":                  "INVALID_CONFIG: Invalid value 0 for configuration min.insync.replicas: Value must be at least 1",
		"broker config 101 num.partitions=3":                         "INVALID_REQUEST: Cannot update these configs dynamically: Set(num.partitions)",
		"consumer set c1 heartbeat.interval.ms=60s":                  "heartbeat.interval.ms (60000) must be less than session.timeout.ms (45000)",
		"consumer set c1 group=other":                                "column 17: group stays what it is",
		"producer set p1 acks=2":                                     "Invalid value 2 for configuration acks: String must be one of: 0, 1, all, -1",
		"producer set p1 enable.idempotence=true acks=all retries=0": "Must set retries to non-zero when using the idempotent producer.",
	} {
		if _, err := r.Run(line); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}
