package e2e

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// state is what a page can look like: how one gets there, and how one knows that it is there.
// It is said without words of any language.
type state struct {
	name  string
	lines string // of script that make the run
	act   string // an expression
	keys  string // after that
	ready string // an expression
	leave string // an expression that takes it back, for what would cover the states after it
}

const (
	press     = `partitaTest.press`
	runMenu   = press + `("header button[aria-haspopup=dialog]:not(.theme button)")`
	shutModal = `document.querySelector("dialog[open]").close()`
	oneTopic  = "clear\ntopic create orders partitions=2\n"
)

// statesAround are those of a playground's panels, one after another in the same tab;
// statesOfRuns are those that runs come to.
var statesAround = []state{
	{name: "welcome", ready: `document.querySelector(".welcome-card")`},
	{name: "welcome-more", act: press + `(".welcome-card .primary")`, ready: `document.querySelector(".welcomed")`, leave: press + `(".welcome-card .quiet")`},
	{name: "why-sentence", act: press + `("partita-strip .says .ask")`, ready: `document.querySelector(".why-panel .chain li")`},
	{name: "meaning", act: `document.querySelector("[data-term=position]").focus()`, ready: `document.querySelector("#meaning:not([hidden])")`, leave: `document.activeElement.blur()`},
	{name: "reading", act: `document.querySelectorAll(".try details").forEach((d) => (d.open = true))`, ready: `partitaTest.find(".try dl.words dt")`},
	{name: "broker", act: press + `(".pill")`, ready: `document.querySelector(".why-panel")?.innerText.includes("101")`},
	{name: "topic", act: press + `(".head button")`, ready: `document.querySelector(".why-panel")?.innerText.includes("orders")`},
	{name: "producer", act: press + `(".card.producer")`, ready: `document.querySelector(".card.producer[aria-pressed=true]") && document.querySelector(".why-panel")?.innerText.includes("p1")`},
	{name: "group", act: press + `(".group-head")`, ready: `document.querySelector(".group-head[aria-pressed=true]") && document.querySelector(".why-panel")?.innerText.includes("billing")`},
	{name: "member", act: press + `(".member")`, ready: `document.querySelector(".member[aria-pressed=true]") && document.querySelector(".why-panel")?.innerText.includes("c1")`},
	{name: "record", act: `document.querySelector(".stage-scroll").focus()`, keys: kb.ArrowRight + kb.ArrowLeft + kb.Enter, ready: `document.querySelector(".why-panel .formula, .why-panel dt") && !document.querySelector(".tip").hidden`},
	{name: "form-consumer", act: press + `("#tab-consumer")`, ready: `document.querySelector("input[name=group]")`},
	{name: "form-producer", act: press + `("#tab-producer")`, ready: `document.querySelector("select[name=acks]")`},
	{name: "form-wrong", act: press + `("#tab-topic"); document.querySelector("partita-forms").updateComplete.then(() => { document.querySelector("input[name=name]").value = "<script>"; ` + press + `(".form .send") })`, ready: `document.querySelector(".form [role=alert]")`},
	{name: "completion", act: `document.querySelector(".console input").focus()`, keys: "kafka-", ready: `document.querySelectorAll(".options [role=option]").length > 3`},
	{name: "console-wrong", keys: "x" + kb.Escape + kb.Enter, ready: `document.querySelector(".console .wrong")`},
	{name: "settings", act: `document.querySelector("details.of-settings").open = true`, ready: `document.querySelector("partita-settings input")`},
	{name: "setting-wrong", act: press + `("#settings-topic"); void (async () => { while (!document.querySelector("[name='min.insync.replicas']")) await new Promise(requestAnimationFrame); const field = document.querySelector("[name='min.insync.replicas']"); field.value = "0"; field.dispatchEvent(new Event("change")); })()`, ready: `document.querySelector(".setting-rows .bad")`},
	{name: "describe", act: `document.querySelectorAll("details.panel.more").forEach((d) => (d.open = !d.matches(".of-settings")))`, ready: `document.querySelector("partita-describe")?.innerText.includes("orders")`},
	{name: "tables", act: `document.querySelectorAll("details.panel.more").forEach((d) => (d.open = false)); document.querySelector("details.twin").open = true`, ready: `document.querySelector("table.facts tbody tr")`},
}

var statesOfRuns = []state{
	{name: "begins", ready: `document.querySelector(".welcome-card")`, leave: press + `(".welcome-card .quiet")`},
	{name: "paused-in-the-past", lines: "pause\nseek 12s", ready: `partitaTest.frame.paused && partitaTest.frame.time === 12000`},
	{name: "rebalances", lines: rebalances("cooperative-sticky"), act: press + `(".opener")`, ready: `document.querySelector("partita-ribbon .moved")`},
	{name: "coordinator", act: press + `(".opener:last-of-type")`, ready: `document.querySelectorAll("partita-lane .arrow").length > 5`},
	{name: "gone-to-an-arrow", act: `document.querySelector(".arrow:not(.reply)").dispatchEvent(new MouseEvent("click", {bubbles: true}))`, ready: `document.querySelector(".arrow.ahead")`, leave: `document.querySelectorAll(".opener[aria-expanded=true]").forEach((b) => b.click())`},
	{name: "transactions", lines: oneTopic + "producer add p1 topic=orders rate=0 transactional.id=t1\nadvance 2s\nproducer begin p1\nproducer send p1 one key=k1\nadvance 1s\nproducer abort p1\nadvance 1s\nproducer begin p1\nproducer send p1 two key=k1\nproducer commit p1\nadvance 1s\nproducer begin p1\nproducer send p1 three key=k1\nadvance 1s\npause",
		ready: `[0, 1, 7].every((kind) => partitaTest.frame.staves.some((s) => s.ranges.some((r) => r.kind === kind)))`},
	{name: "mark-in-hand", lines: still, act: `document.querySelector(".stage-scroll").focus()`, keys: "m", ready: `document.activeElement.matches(".grip")`, leave: `document.activeElement.blur()`},
	{name: "compaction", lines: "clear\ntopic create places partitions=1 cleanup.policy=compact segment.ms=10s min.cleanable.dirty.ratio=0.01\nsend places here key=truck-1\nsend places here key=truck-2\nsend places there key=truck-1\nadvance 20s\nsend places elsewhere key=truck-3\nadvance 1m\npause",
		ready: `partitaTest.frame.staves[0].cells.some((cell) => cell & partitaTest.gap)`},
	{name: "torn-tail", lines: torn, ready: `partitaTest.frame.staves[0].ranges.some((r) => r.kind === 2) && document.querySelector(".ledger.alarmed .alarms li")`},
	{name: "verdict", act: press + `(".alarms .ask")`, ready: `document.querySelector(".why-panel .chain li")`},
	{name: "clocks-ran-out", lines: oneTopic + "producer add p1 topic=orders rate=4/s\nconsumer add slow group=billing topics=orders process=3s max.poll.interval.ms=10s max.poll.records=5 auto.offset.reset=earliest\nconsumer add lost group=billing topics=orders session.timeout.ms=6s\nadvance 6s\nconsumer crash lost\nconsumer add ill group=other topics=orders\nadvance 4s\nconsumer freeze ill\nadvance 9s\npause",
		ready: `document.querySelectorAll(".member .out").length === 2 && document.querySelector(".member.frozen")`},
	{name: "share-group", lines: "clear\ntopic create jobs partitions=1\nproducer add p1 topic=jobs rate=10/s\nshare add s1 group=crew topics=jobs process=200ms max.poll.records=2\nshare add s2 group=crew topics=jobs process=200ms max.poll.records=2\nadvance 3s\npause",
		ready: `partitaTest.frame.staves[0].ranges.some((r) => r.kind === 3)`},
	{name: "three-brokers", lines: "clear\ncluster brokers=3 racks=a,b,c latency=150ms\ntopic create orders partitions=3 replication=3 min.insync.replicas=2\nproducer add p1 topic=orders rate=3/s keys=truck-10..truck-15 acks=all\nconsumer add c1 group=billing topics=orders\nadvance 20s\nbroker crash 102\nadvance 14s",
		ready: `partitaTest.frame.brokers.length === 3 && partitaTest.frame.brokers.some((b) => !b.up)`},
	{name: "compared", lines: "compare set acks=1", ready: `document.querySelector(".figures td") && partitaTest.beside?.staves.length === 3`},
	{name: "menu", lines: "compare end", act: runMenu, ready: `document.querySelector("dialog.run[open]")`},
	{name: "comparisons", act: press + `("dialog[open] .choices > button:last-of-type")`, ready: `document.querySelector("dialog[open] [data-pair=eager]")`},
	{name: "comparison-wrong", act: `document.querySelector("dialog[open] input").value = "nonsense=1 acks"; document.querySelector("dialog[open] form:not([method=dialog]) button").click()`, ready: `document.querySelector("dialog[open] .wrong")`, leave: shutModal},
	{name: "crowd", lines: crowd(9, 64, 50), ready: `partitaTest.frame.staves.length === 64 && document.querySelectorAll(".member").length === 50`},
	{name: "empty", lines: "clear", ready: `partitaTest.frame.topics.length === 0 && document.querySelector(".empty")`},
	{name: "help", act: `document.activeElement.blur()`, keys: "?", ready: `document.querySelector("dialog.help[open] kbd")`, leave: shutModal},
	{name: "log", act: press + `("partita-strip .right button")`, ready: `document.querySelector("dialog.log[open] li")`, leave: shutModal},
	{name: "trouble", act: `document.querySelector("partita-app").tell("!")`, ready: `document.querySelector(".banner.bad")`},
}

// torn is an unclean election, after which a replica cuts its log.
const torn = `clear
cluster brokers=3 latency=2ms
topic create orders replicas=102:103
producer add p1 topic=orders rate=10/s keys=truck-1 acks=all
advance 1s
broker crash 103
advance 16s
broker crash 102
advance 15s
producer pause p1
broker start 103
advance 10s
elect unclean orders-0
advance 1s
pause`

// TestStates looks at each state on a desk and on a phone, in both languages: it fits, it is
// drawn, and all of it is in the page's language. axe-core finds nothing in it in one language
// on a desk and in the other on a phone, light and dark.
func TestStates(t *testing.T) {
	t.Parallel()
	for at, language := range []string{"en", "ko"} {
		for part, states := range map[string][]state{"around": statesAround, "runs": statesOfRuns} {
			t.Run(language+"/"+part, func(t *testing.T) {
				t.Parallel()
				b := visit(t, serve(t)).open("/?lang=" + language)
				b.untilMoving()
				for i, s := range states {
					b.looksLike(t, s, language, at+i)
				}
			})
		}
	}
}

// looksLike brings a tab into a state and looks at it; nth says where light and dark are
// asked for, and where axe-core is.
func (b *tab) looksLike(t *testing.T, s state, language string, nth int) {
	t.Helper()
	b.do(desk.resize)
	b.enter(s)
	if language == "ko" {
		b.isKorean("with " + s.name)
	}
	for j, size := range []screen{desk, phone} {
		scheme := []string{"light", "dark"}[(nth+j)%2]
		b.picture(t, s.name+map[string]string{"ko": "-ko"}[language], size, scheme)
		if scheme == "light" {
			b.audit(s.name)
		}
	}
	if s.leave != "" {
		b.eval(nil, "void ("+s.leave+")")
	}
}

// enter brings the tab into a state.
func (b *tab) enter(s state) {
	b.t.Helper()
	if s.lines != "" {
		b.play(s.lines)
	}
	if s.act != "" {
		b.eval(nil, "(() => {"+s.act+"})()")
	}
	if s.keys != "" {
		b.keys(s.keys)
	}
	b.until("it shows "+s.name, s.ready)
}
