package e2e

import "testing"

// states are what a playground can look like, one after another in the same tab: how one
// gets there, and how one knows that it is there.
var states = []struct{ name, act, ready string }{
	{"why", `[...document.querySelectorAll("partita-strip .ask")][0].click()`, `document.querySelector("partita-why h3")`},
	{"settings", `document.querySelector("details.of-settings").open = true`, `document.querySelector("partita-settings input")`},
	{"describe", `document.querySelectorAll("details.panel.more").forEach((d) => (d.open = !d.matches(".of-settings")))`, `document.querySelector("partita-describe")?.innerText.includes("orders")`},
	{"rebalances", `partitaTest.find("button", "Rebalances").click()`, `document.body.innerText.includes("moved")`},
	{"coordinator", `partitaTest.find("button", "Coordinator").click()`, `document.body.innerText.includes("heartbeat")`},
	{"three-brokers", `document.querySelector("partita-app").desk.run("clear\ncluster brokers=3 racks=a,b,c latency=150ms\ntopic create orders partitions=3 replication=3 min.insync.replicas=2\nproducer add p1 topic=orders rate=3/s keys=truck-10..truck-15 acks=all\nconsumer add c1 group=billing topics=orders\nadvance 20s\nbroker crash 102\nadvance 14s")`, `partitaTest.frame.brokers.length === 3 && partitaTest.frame.brokers.some((b) => !b.up)`},
	{"compared", `document.querySelector("partita-app").desk.run("compare set acks=1")`, `document.querySelector(".figures td") && partitaTest.beside?.staves.length === 3`},
	{"empty", `document.querySelector("partita-app").desk.run("compare end\nclear")`, `partitaTest.frame.topics.length === 0`},
	{"menu", `partitaTest.find("header button", "More for this run").click()`, `document.querySelector("dialog.run[open]")`},
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
