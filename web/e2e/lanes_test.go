package e2e

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// rebalances is a run in which a third member joins a group of two, and one crashes.
func rebalances(strategy string) string {
	settings := " group=billing topics=orders process=100ms session.timeout.ms=6s heartbeat.interval.ms=1s auto.offset.reset=earliest partition.assignment.strategy=" + strategy
	return "clear\nlink latency=100ms\ntopic create orders partitions=6\nproducer add p1 topic=orders rate=3/s keys=truck-10..truck-15\n" +
		"consumer add c1" + settings + "\nconsumer add c2" + settings + "\nadvance 20s\nconsumer add c3" + settings + "\nadvance 15s\npause"
}

// paused counts, in a column of the ribbon, the rows with a hatched edge and those with a ring.
const counted = `(() => {
	const rows = [...document.querySelectorAll(".ribbon tbody tr")];
	const columns = rows[0].querySelectorAll("td").length;
	const count = (selector) => Array.from({length: columns}, (_, i) => rows.filter((r) => r.querySelectorAll("td")[i].matches(selector)).length);
	return { hatched: count(":has(.pause)"), ringed: count(".moved"), columns };
})()`

type ribbonCounts struct {
	Hatched, Ringed []int
	Columns         int
}

// TestRibbon: an eager rebalance hatches every row, a cooperative one only what moves, over
// two generations; the head of a column leads to its instant.
func TestRibbon(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click(".opener", "Rebalances")
	b.until("the panel is there", `partitaTest.find("partita-ribbon table")`)

	b.play(rebalances("roundrobin"))
	b.until("the newest generation is a column", `document.querySelectorAll(".ribbon thead th").length === partitaTest.frame.groups[0].eras.length && partitaTest.frame.groups[0].members.length === 3`)
	var eager ribbonCounts
	b.eval(&eager, counted)
	last := eager.Columns - 1
	if eager.Hatched[last] != 6 || eager.Ringed[last] == 0 {
		t.Errorf("eager: %+v", eager)
	}

	b.play(rebalances("cooperative-sticky"))
	b.until("the columns follow", `document.querySelectorAll(".ribbon thead th").length === partitaTest.frame.groups[0].eras.length && partitaTest.frame.groups[0].protocol === "cooperative-sticky"`)
	var cooperative ribbonCounts
	b.eval(&cooperative, counted)
	last = cooperative.Columns - 1
	if cooperative.Hatched[last] != 2 || cooperative.Ringed[last] != 2 || cooperative.Hatched[last-1] != 0 {
		t.Errorf("cooperative: %+v", cooperative)
	}
	b.noOverlap("with the ribbon")

	t.Log("by keyboard: the head of a column leads to its instant")
	b.eval(nil, `globalThis.era = partitaTest.frame.groups[0].eras[0]`)
	b.tabTo("Go to ")
	b.keys(kb.Enter)
	b.until("it is that instant", `partitaTest.frame.time === era.at && partitaTest.frame.paused`)
	b.until("later generations are still there, pale", `document.querySelectorAll(".ribbon thead .ahead").length > 0`)

	t.Log("it is closed, and the focus is on its button")
	b.click("partita-ribbon button", "Close")
	b.until("it is gone", `!document.querySelector("partita-ribbon") && document.activeElement.innerText.includes("Rebalances")`)
}

// TestSwimlane: the arrows between members and their coordinator, and the way to the instant
// of one, with the pointer and by keyboard, at a desk and on a phone.
func TestSwimlane(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.play(rebalances("range") + "\nconsumer leave c3\nadvance 2s")
	b.tabTo("Coordinator")
	b.keys(kb.Enter)
	b.until("the lanes are there", `document.querySelectorAll("partita-lane .lane-names li").length === 4`)
	b.until("somebody left, and others joined again", `["leave", "join", "sync", "heartbeat"].every((what) => document.querySelector(".arrow." + what + ":not(.reply)"))`)
	b.until("answers are other arrows", `document.querySelectorAll(".arrow.reply").length > 3`)
	b.noOverlap("with the swimlane")

	t.Log("by keyboard")
	b.walkTo(".arrow[tabindex='0']", "")
	b.keys(kb.ArrowLeft + kb.ArrowLeft + kb.ArrowLeft)
	b.until("an arrow has the focus and says what it is", `document.activeElement.matches(".arrow") && /c[123]/.test(document.activeElement.getAttribute("aria-label"))`)
	b.eval(nil, `globalThis.at = Number(document.activeElement.dataset.key.split(" ")[2])`)
	b.keys(kb.Enter)
	b.until("it is that instant", `partitaTest.frame.time === at && partitaTest.frame.paused`)
	b.until("what came later is still there, pale", `document.querySelectorAll(".arrow.ahead").length > 0`)

	t.Log("with the pointer")
	b.eval(nil, `(() => { const arrow = document.querySelector(".arrow.join:not(.reply) circle"); globalThis.at = Number(arrow.parentElement.dataset.key.split(" ")[2]); })()`)
	b.click(".arrow.join:not(.reply) circle", "")
	b.until("it is that instant", `partitaTest.frame.time === at`)

	t.Log("and on a phone")
	b.do(phone.resize)
	b.eval(nil, `(async () => { for (let i = 0; i < 12; i++) await new Promise(requestAnimationFrame) })()`)
	b.fits()
	b.noOverlap("the swimlane on a phone")
}
