package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestPlaygroundShares makes a link of a run and opens it in another tab.
func TestPlaygroundShares(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click("button.play", "Pause")
	b.fill(".console input", "A line of script", "kafka-topics --create --topic shared --partitions 2"+kb.Enter)
	b.until("a topic is made", `partitaTest.frame.topics.some((t) => t.name === "shared")`)
	b.eval(nil, `globalThis.time = partitaTest.frame.time`)
	b.click("header button", "Share this run")
	b.until("the address carries the run", `location.hash.startsWith("#run=")`)
	var hash string
	var time float64
	b.eval(&hash, `location.hash`)
	b.eval(&time, `partitaTest.frame.time`)
	other := b.visitor.open("/" + hash)
	other.until("the other tab has the topic", `partitaTest.frame?.topics.some((t) => t.name === "shared")`)
	var began float64
	other.eval(&began, `partitaTest.frame.time`)
	if began < time {
		t.Errorf("the shared run begins at %v, want %v or later", began, time)
	}
}

// TestPlaygroundBadLinks: a link that is wrong says so, and where.
func TestPlaygroundBadLinks(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for hash, want := range map[string]string{
		"#run=AAAA": "cannot be read",
		"#script=topic%20create%20orders%0Anonsense": "line 2 of the script: no verb called nonsense",
		"#script=%E0%A4%A":                           "cannot be read",
		"#script=send%20%3Cscript%3E%20x":            "no topic called <script>",
	} {
		b := visit(t, s).open("/" + hash)
		b.until("a banner about "+hash, `document.querySelector(".banner")`)
		var text string
		b.eval(&text, `document.querySelector(".banner").innerText`)
		if !strings.Contains(text, want) {
			t.Errorf("%s: %q, want %q", hash, text, want)
		}
	}
}

// TestPlaygroundLedger: what a crash does to records stands in the ledger, with the setting
// that permitted it.
func TestPlaygroundLedger(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click("button.play", "Pause")
	b.until("all is well", `document.querySelector(".ledger")?.innerText.includes("Nothing lost, nothing twice")`)
	for _, line := range []string{"advance 2s", "consumer crash c1", "advance 20s"} {
		b.fill(".console input", "A line of script", line+kb.Enter)
		b.until(line+" is done", `[...document.querySelectorAll(".console .sent")].at(-1)?.innerText.includes("`+line+`")`)
	}
	b.until("records were processed twice", `document.querySelector(".ledger.alarmed")?.innerText.includes("duplicate")`)
	b.until("and the setting is named", `partitaTest.find(".alarms code", "enable.auto.commit=true")`)
}
