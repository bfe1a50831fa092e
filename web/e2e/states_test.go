package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// states are what a playground can look like, one after another in the same tab: how one
// gets there, and how one knows that it is there.
var states = []struct{ name, act, ready string }{
	{"why", `[...document.querySelectorAll("partita-strip .ask")][0].click()`, `document.querySelector("partita-why h3")`},
	{"settings", `document.querySelector("details.of-settings").open = true`, `document.querySelector("partita-settings input")`},
	{"describe", `document.querySelectorAll("details.panel.more").forEach((d) => (d.open = !d.matches(".of-settings")))`, `document.querySelector("partita-describe")?.innerText.includes("orders")`},
	{"rebalances", `document.querySelectorAll(".opener")[0].click()`, `document.querySelector("partita-ribbon td, partita-ribbon th")`},
	{"coordinator", `document.querySelectorAll(".opener")[1].click()`, `document.querySelector("partita-lane .arrow")`},
	{"three-brokers", `document.querySelector("partita-app").desk.run("clear\ncluster brokers=3 racks=a,b,c latency=150ms\ntopic create orders partitions=3 replication=3 min.insync.replicas=2\nproducer add p1 topic=orders rate=3/s keys=truck-10..truck-15 acks=all\nconsumer add c1 group=billing topics=orders\nadvance 20s\nbroker crash 102\nadvance 14s")`, `partitaTest.frame.brokers.length === 3 && partitaTest.frame.brokers.some((b) => !b.up)`},
	{"compared", `document.querySelector("partita-app").desk.run("compare set acks=1")`, `document.querySelector(".figures td") && partitaTest.beside?.staves.length === 3`},
	{"empty", `document.querySelector("partita-app").desk.run("compare end\nclear")`, `partitaTest.frame.topics.length === 0`},
	{"menu", `document.querySelector(".about-room button[aria-haspopup=dialog]").click()`, `document.querySelector("dialog.run[open]")`},
}

// TestKoreanStates walks over the same states in Korean: nothing but Kafka's own words and
// lines of script is English, on the page and in what is refused.
func TestKoreanStates(t *testing.T) {
	t.Parallel()
	b := visit(t, serve(t)).open("/?lang=ko")
	b.untilMoving()
	b.until("the panels are there", `document.querySelector("partita-console") && document.querySelector("partita-strip .ask")`)
	for _, state := range states {
		b.eval(nil, "void ("+state.act+")")
		b.until("it shows "+state.name, state.ready)
		b.isKorean("in the state " + state.name)
	}
	b.keys(kb.Escape)
	for _, wrong := range []string{"kafka-topics --describe 'a", "kafka-nothing", "echo hello", "kafka-console-producer --topic orders", "kcat -P", "seek 900d", "next back", "show script x", "fork go 7"} {
		b.eval(nil, `globalThis.wrongs = document.querySelectorAll(".console .wrong").length`)
		b.fill(".console input", "스크립트 한 줄", wrong+kb.Escape+kb.Enter)
		b.until(wrong+" is refused", `document.querySelectorAll(".console .wrong").length > wrongs`)
		var text string
		b.eval(&text, `[...document.querySelectorAll(".console .wrong")].at(-1).lastChild.textContent`)
		if !strings.ContainsFunc(text, func(r rune) bool { return r >= '가' && r <= '힣' }) {
			t.Errorf("%s is refused in English: %s", wrong, text)
		}
	}
}

// TestStates looks at each state on a desk and on a phone: it fits, and it is drawn.
func TestStates(t *testing.T) {
	t.Parallel()
	b := playground(t)
	for i, state := range states {
		b.do(desk.resize)
		b.eval(nil, "void ("+state.act+")")
		b.until("it shows "+state.name, state.ready)
		scheme := []string{"light", "dark"}[i%2]
		b.picture(t, state.name, desk, scheme)
		b.picture(t, state.name, phone, scheme)
	}
}
