package e2e

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/debugger"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Settings of seats: records are quick work, and a session is short or long.
const (
	quick       = "/room/main/seat?process=1ms&heartbeat.interval.ms=500ms&auto.commit.interval.ms=1s"
	longSession = 45 * time.Second
	longSeat    = quick + "&session.timeout.ms=45s"
	shortSeat   = quick + "&session.timeout.ms=6s"
)

// TestTabsShareAGroup is the main job, end to end: tabs are consumers of one group while a
// producer writes 200 records a second. They come, leave, freeze, crash and come back, and
// in the end every record was processed, in order, by one owner at a time.
func TestTabsShareAGroup(t *testing.T) {
	t.Parallel()
	s := serve(t)
	stage := visit(t, s).open("/room/main")
	stage.untilMoving()
	class := visit(t, s)
	s.script("main", `producer add p1 topic=orders rate=200/s keys=rider-1..rider-60 value="ride {n}" linger.ms=20`)
	var l ledger

	t.Log("three tabs take seats: two partitions each")
	a, b, c := class.open(longSeat), class.open(shortSeat), class.open(longSeat)
	view := s.untilShares(2, 2, 2)
	names := map[*tab]string{a: a.seatName(), b: b.seatName(), c: c.seatName()}
	for b := range names {
		b.until("the seat shows its two partitions", `document.querySelectorAll(".parts .part").length === 2`)
	}
	seats := slices.Concat(a.partitions(), b.partitions(), c.partitions())
	slices.Sort(seats)
	if want := []string{"orders-0", "orders-1", "orders-2", "orders-3", "orders-4", "orders-5"}; !slices.Equal(seats, want) {
		t.Errorf("the three pages show %v, want %v", seats, want)
	}
	stage.until("the stage shows three members with two partitions each", groupCard+`.querySelectorAll(".member").length === 3 &&
		[...`+groupCard+`.querySelectorAll(".member")].every((m) => m.querySelectorAll(".chip").length === 2)`)

	t.Log("one closes in the middle of its work: the others share its partitions at once")
	c.pace(kb.End)
	l.read(c)
	c.close()
	generation := view.Groups["tabs"].Generation
	view = s.untilSharesIn(longSession/2, 3, 3)
	if got := view.Groups["tabs"].Generation; got <= generation {
		t.Errorf("generation %d after a member left generation %d", got, generation)
	}
	stage.until("two members are on the stage", groupCard+`.querySelectorAll(".member").length === 2`)
	a.untilText("You own 3 of 6 partitions.")

	t.Log("one is frozen: its session times out, and the other owns everything")
	b.click("button", "Freeze")
	b.untilText("Frozen: this consumer does nothing")
	s.untilShares(6)
	a.untilText("You own 6 of 6 partitions.")
	stage.until("the stage shows the one member left", groupCard+`.querySelectorAll(".member").length === 1`)
	b.click("button", "Thaw")
	s.untilShares(3, 3)
	b.untilText("You own 3 of 6 partitions.")

	t.Log("one hangs for real, its worker stopped by a debugger: the same happens")
	resume := b.pauseWorker()
	s.untilShares(6)
	resume()
	s.untilShares(3, 3)
	b.untilText("You own 3 of 6 partitions.")

	t.Log("one crashes, and starts again")
	b.click("button", "Crash")
	b.untilText("Your consumer crashed.")
	s.untilShares(6)
	b.click("button", "Start again")
	s.untilShares(3, 3)

	t.Log("a new tab makes three again")
	d := class.open(longSeat)
	s.untilShares(2, 2, 2)
	names[d] = d.seatName()

	t.Log("the producer stops, and everything is processed and committed")
	s.script("main", "producer remove p1")
	view = s.untilRoom("main", patience, "the lag is 0", func(v roomView) bool { return lag(v, "tabs") == 0 })

	for _, b := range []*tab{a, b, d} {
		l.read(b)
	}
	ends := map[int]int64{}
	for _, p := range view.Topics["orders"].Partitions {
		ends[p.Partition] = p.EndOffset
	}
	l.check(t, ends)

	t.Log("the stage has told all of it")
	stage.click("partita-strip button", "All sentences")
	for _, sentence := range []string{
		names[a] + " joins tabs.",
		names[c] + " leaves tabs.",
		names[b] + " missed its session timeout. The coordinator takes it out of tabs.",
		"tabs rebalances: " + names[b] + " is gone.",
		names[a] + " gets orders-0, orders-1, orders-2, orders-3, orders-4, orders-5.",
		names[d] + " joins tabs.",
	} {
		stage.untilText(sentence)
	}
}

// groupCard is an expression for the card of the group of tabs.
const groupCard = `document.querySelector('[aria-label="Consumer group tabs"]')`

// TestRoomHasAWayToASeat goes as a visitor does: from the room's page, by its button.
func TestRoomHasAWayToASeat(t *testing.T) {
	t.Parallel()
	s := serve(t)
	room := visit(t, s).open("/room/main")
	room.untilMoving()
	seat := room.follow("seat", func() { room.click("header a", "Take a seat") })
	seat.untilText("You own 6 of 6 partitions.")
	s.untilShares(6)
	room.front()
	room.until("the room shows the tab", groupCard+`.querySelector(".member .kind")?.innerText === "tab"`)
	room.untilText("1 viewer · 1 tab")

	t.Log("the tab behind goes on: it processes and commits")
	s.script("main", "send orders hello key=k")
	s.untilRoom("main", patience, "the record is committed", func(v roomView) bool {
		end := int64(0)
		for _, p := range v.Topics["orders"].Partitions {
			end += p.EndOffset
		}
		return end == 1 && lag(v, "tabs") == 0
	})

	t.Log("reloaded, it is the same tab with the same name, at once")
	seat.front()
	name := seat.seatName()
	generation := s.room("main").Groups["tabs"].Generation
	seat.do(chromedp.Reload())
	s.untilRoom("main", patience, "it has joined again", func(v roomView) bool {
		g := v.Groups["tabs"]
		return g.State == "Stable" && g.Generation > generation && len(g.Members) == 1 && g.Members[0].ClientID == name
	})
	seat.untilText("You own 6 of 6 partitions.")
	if again := seat.seatName(); again != name {
		t.Errorf("it was %s and is %s after a reload", name, again)
	}
}

// untilShares waits until the group of tabs is stable and its members own so many
// partitions, in any order: all six, each by one member.
func (s *server) untilShares(counts ...int) roomView {
	s.t.Helper()
	return s.untilSharesIn(patience, counts...)
}

func (s *server) untilSharesIn(limit time.Duration, counts ...int) roomView {
	s.t.Helper()
	return s.untilRoom("main", limit, fmt.Sprint("the members own ", counts), func(v roomView) bool {
		g := v.Groups["tabs"]
		owners := map[partition]string{}
		var got []int
		for _, m := range g.Members {
			got = append(got, len(m.Assignment))
			for _, p := range m.Assignment {
				if other := owners[p]; other != "" {
					s.t.Fatalf("%v has two owners, %s and %s", p, other, m.ID)
				}
				owners[p] = m.ID
			}
		}
		slices.Sort(got)
		if g.State != "Stable" || !slices.Equal(got, counts) || len(owners) != 6 {
			return false
		}
		for _, p := range g.Partitions {
			if p.Owner == nil || *p.Owner != owners[p.partition] {
				s.t.Fatalf("%v is assigned to %q, and its row says otherwise", p.partition, owners[p.partition])
			}
		}
		return true
	})
}

// lag sums a group's lag.
func lag(v roomView, group string) (sum int64) {
	for _, p := range v.Groups[group].Partitions {
		sum += p.Lag
	}
	return sum
}

// seatName is what a seat is called.
func (b *tab) seatName() (name string) {
	b.t.Helper()
	b.eval(&name, `document.querySelector("h1 i").innerText`)
	return name
}

// partitions are those that a seat's page shows.
func (b *tab) partitions() (labels []string) {
	b.t.Helper()
	b.eval(&labels, `[...document.querySelectorAll(".parts .part")].map((p) => p.ariaLabel)`)
	return labels
}

// pace moves the slider for the time that a record takes, and waits until the consumer
// has changed its pace: nothing more is processed at the slowest.
func (b *tab) pace(key string) {
	b.t.Helper()
	b.eval(nil, `document.querySelector(".pace input").focus()`)
	b.keys(key)
	b.untilText("Time to process a record: 10 s")
	b.eval(nil, `globalThis.processed = -1`)
	b.until("the record at hand is the only one", `(async () => {
		const before = processed;
		processed = (await document.querySelector("partita-seat").history()).length;
		await new Promise((next) => setTimeout(next, 100));
		return processed === before;
	})()`)
}

// pauseWorker stops the worker of a seat as a debugger does: the thread stands still, and
// the browser still answers pings. The result lets it go on.
func (b *tab) pauseWorker() (resume func()) {
	b.t.Helper()
	worker, cancel := workerContext(b.ctx, b.watch.worker())
	b.t.Cleanup(cancel)
	call := func(command func(ctx context.Context, t *chromedp.Target) error) {
		b.t.Helper()
		if err := chromedp.Do(worker, chromedp.Func(command)); err != nil {
			b.t.Fatal("the worker's debugger: ", err)
		}
	}
	paused := make(chan struct{}, 1)
	call(func(ctx context.Context, t *chromedp.Target) error {
		if err := chromedp.Listen(ctx, func(event any) {
			if _, ok := event.(*debugger.EventPaused); ok {
				paused <- struct{}{}
			}
		}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, t, debugger.Enable, debugger.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, debugger.Pause, cdp.Empty{})
		return err
	})
	select {
	case <-paused:
	case <-time.After(patience):
		b.t.Fatal("the worker did not pause")
	}
	return func() {
		call(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, debugger.Disable, cdp.Empty{})
			return err
		})
	}
}
