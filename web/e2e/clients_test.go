package e2e

import (
	"context"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// kcat is kcat as a member of the group of tabs: librdkafka, with a short session.
func (s *server) kcat(name string) (kill func()) {
	s.t.Helper()
	cmd := exec.Command("kcat", "-q", "-b", s.kafka, "-G", "tabs", "-X", "client.id="+name, "-X", "session.timeout.ms=3000",
		"-X", "heartbeat.interval.ms=500", "-X", "auto.commit.interval.ms=500", "-X", "topic.metadata.refresh.interval.ms=1000", "orders")
	if err := cmd.Start(); err != nil {
		s.t.Fatal("kcat (go run ./cmd/check clients installs it): ", err)
	}
	ended := false
	kill = func() {
		if !ended {
			ended = true
			cmd.Process.Kill() // kill -9: it says goodbye to nobody
			cmd.Wait()
		}
	}
	s.t.Cleanup(kill)
	return kill
}

// franz is franz-go as a member of the group of tabs, until it is closed.
func (s *server) franz(name string) (leave func()) {
	s.t.Helper()
	c, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(s.kafka, ",")...), kgo.ClientID(name), kgo.ConsumerGroup("tabs"), kgo.ConsumeTopics("orders"),
		kgo.Balancers(kgo.RangeBalancer()), kgo.HeartbeatInterval(500*time.Millisecond), kgo.AutoCommitInterval(500*time.Millisecond),
		kgo.MetadataMinAge(100*time.Millisecond))
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			c.PollFetches(ctx)
		}
	}()
	ended := false
	leave = func() {
		if !ended {
			ended = true
			stop()
			<-done
			c.Close() // commits and leaves the group
		}
	}
	s.t.Cleanup(leave)
	return leave
}

// send produces one record to each partition of orders, as kcat does.
func (s *server) send(t *testing.T, value string) {
	t.Helper()
	for p := range 6 {
		cmd := exec.CommandContext(t.Context(), "kcat", "-q", "-b", s.kafka, "-P", "-t", "orders", "-p", strconv.Itoa(p), "-K:")
		cmd.Stdin = strings.NewReader("kcat-key:" + value + "\n")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("kcat -P: %v\n%s", err, out)
		}
	}
}

// untilCommitted waits until nobody has anything left to read.
func (s *server) untilCommitted(records int64) {
	s.t.Helper()
	s.untilRoom("main", patience, strconv.FormatInt(records, 10)+" records are committed", func(v roomView) bool {
		end := int64(0)
		for _, p := range v.Topics["orders"].Partitions {
			end += p.EndOffset
		}
		return end == records && lag(v, "tabs") == 0
	})
}

// untilMembers waits until the group's members are these, by name.
func (s *server) untilMembers(names ...string) {
	s.t.Helper()
	s.untilRoom("main", patience, "the members are "+strings.Join(names, ", "), func(v roomView) bool {
		var got []string
		for _, m := range v.Groups["tabs"].Members {
			got = append(got, m.ClientID)
		}
		slices.Sort(got)
		return slices.Equal(got, names)
	})
}

// leads is an expression: a member of that name leads the group, as the stage has it.
func leads(name string) string {
	return `partitaTest.frame.groups.find((g) => g.name === "tabs").members.find((m) => m.leader)?.name === ` + quote(name)
}

// TestTabAndRealClients: kcat, franz-go and a browser's tab share one group: each partition
// has one owner before and after one is killed, whoever leads the group; the stage shows
// them all, and its presenter freezes clients and crashes brokers under them.
func TestTabAndRealClients(t *testing.T) {
	t.Parallel()
	s := serveKafka(t, 3)
	stage := visit(t, s).open("/room/main")

	t.Log("kcat leads the group; a tab and franz-go join it")
	kill := s.kcat("kcat")
	s.untilShares(6)
	seat := visit(t, s).open("/room/main/seat?session.timeout.ms=6s&heartbeat.interval.ms=500ms&auto.commit.interval.ms=500ms&process=1ms")
	s.untilShares(3, 3)
	leave := s.franz("franz-go")
	s.untilShares(2, 2, 2)
	tab := seat.seatName()
	s.untilMembers("franz-go", "kcat", tab)
	seat.untilText("You own 2 of 6 partitions.")
	stage.until("kcat leads", leads("kcat"))

	t.Log("the stage shows kcat with its client id and address, and what kcat sends")
	stage.click(".member", "kcat")
	stage.untilText("Somebody else's client")
	stage.untilText("/127.0.0.1")
	s.send(t, "first")
	stage.until("each stave shows a record", `partitaTest.frame.staves.every((s) => s.leo === 1 && s.cells.length === 1)`)
	s.untilCommitted(6)

	t.Log("kcat is killed: the others share what it had")
	kill()
	s.untilShares(3, 3)
	s.untilMembers("franz-go", tab)
	seat.untilText("You own 3 of 6 partitions.")

	t.Log("franz-go leaves, and kcat comes back: now the tab leads")
	leave()
	s.untilShares(6)
	s.kcat("kcat")
	s.untilShares(3, 3)
	stage.until("the tab leads", leads(tab))

	t.Log("the presenter freezes kcat: its session runs out, and the tab takes over")
	stage.click(".member", "kcat")
	stage.click("button", "Freeze")
	s.untilShares(6)
	stage.untilText("frozen, then its session timed out")
	stage.click("button", "Thaw")
	s.untilShares(3, 3)
	s.untilMembers("kcat", tab)

	t.Log("the presenter crashes the broker that coordinates the group: everything goes on")
	s.script("main", "broker crash "+s.coordinator())
	s.send(t, "while a broker is down")
	s.untilCommitted(12)
	s.untilShares(3, 3)
}

// coordinator is the broker that coordinates the group of tabs.
func (s *server) coordinator() string {
	s.t.Helper()
	c, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(s.kafka, ",")...))
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	found := kadm.NewClient(c).FindGroupCoordinators(context.Background(), "tabs")["tabs"]
	if found.Err != nil {
		s.t.Fatal(found.Err)
	}
	return strconv.Itoa(int(found.NodeID))
}
