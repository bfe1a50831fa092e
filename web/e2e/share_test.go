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

// TestPlaygroundBadLinks: a link that is wrong says so, and where, on a page that works.
func TestPlaygroundBadLinks(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, c := range []struct{ hash, english, korean string }{
		{"#run=AAAA", "the end of the link is missing", "링크가 중간에 잘려"},
		{"#run=_____w", "a part of the link was changed", "링크 일부가 전달 중에 바뀌었습니다"},
		{"#run=AA!A", "its character 8, “!”, is none", "8번째 글자 “!”"},
		{"#script.0abc1p=topic%20create%20ord", "the end of the link is missing", "링크가 중간에 잘려"},
		{"#script.0abcc=topic%20create", "a part of the link was changed", "링크 일부가 전달 중에 바뀌었습니다"},
		{"#script=topic%20create%20orders%0Anonsense", "line 2 of the script: no verb called nonsense", "스크립트 2번째 줄: nonsense"},
		{"#script=%E0%A4%A", "is no text", "텍스트가 아닙니다"},
		{"#script=send%20%3Cscript%3E%20x", "line 1 of the script: no topic called <script>", "스크립트 1번째 줄: <script>"},
		{"#script=send%20a%20" + strings.Repeat("b", 70_000), "line 1 of the script: a line has at most", "스크립트 1번째 줄: 한 줄은"},
	} {
		for path, want := range map[string]string{"/": c.english, "/?lang=ko": c.korean} {
			b := visit(t, s).open(path + c.hash)
			b.until("a banner says "+want, `document.querySelector(".banner")?.innerText.includes(`+quote(want)+`)`)
			b.untilMoving()
			b.until("the opening plays", `partitaTest.frame.topics.some((t) => t.name === "orders") && partitaTest.frame.groups.length > 0`)
			b.leave()
		}
	}
}

// TestPlaygroundMends: the script of a link that does not work is at hand, with its line
// marked; mended, it plays, and the address carries what was mended.
func TestPlaygroundMends(t *testing.T) {
	t.Parallel()
	b := visit(t, serve(t)).open("/#script=" + "topic%20create%20mended%20partitions%3D2%0Anonsense%20here%0Asend%20mended%20hello")
	b.untilMoving()
	b.click(".banner button", "Show the script")
	b.until("its line is marked", `(() => {
		const area = document.activeElement;
		return area.matches("dialog.mend textarea") && area.value.slice(area.selectionStart, area.selectionEnd) === "nonsense here" && document.querySelector("dialog.mend mark").innerText === "nonsense here";
	})()`)
	b.audit("with a script to mend")
	b.do(phone.resize)
	b.until("it fits a phone", `partitaTest.wide().extra === 0 && document.querySelector("dialog.mend").getBoundingClientRect().width <= innerWidth`)
	b.keys("producer oops")
	b.click("dialog.mend button", "Play it")
	b.until("what is wrong now is told", `document.querySelector("dialog.mend .bad").innerText.includes("line 2 of the script: no producer oops")`)
	b.keys("send mended first")
	b.click("dialog.mend button", "Play it")
	b.until("it plays", `!document.querySelector("dialog.mend[open], .banner") && partitaTest.frame.topics.some((t) => t.name === "mended")`)
	b.until("the address carries it", `decodeURIComponent(location.hash).includes("send mended first")`)
	b.eval(nil, `location.hash = "#script=nothing%20here"`)
	b.until("another link in the same tab is read too", `document.querySelector(".banner")?.innerText.includes("line 1 of the script: no verb called nothing")`)
	b.until("and the run stays", `partitaTest.frame.topics.some((t) => t.name === "mended")`)
}

// TestPlaygroundLedger: what a crash does to records stands in the ledger, with the setting
// that permitted it.
func TestPlaygroundLedger(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click("button.play", "Pause")
	b.until("all is well", `document.querySelector(".ledger")?.innerText.includes("Nothing lost, nothing twice")`)
	for _, line := range []string{"seek 14s", "consumer crash c1", "advance 20s"} { // c1 has then processed what it has not committed
		b.fill(".console input", "A line of script", line+kb.Enter)
		b.until(line+" is done", `[...document.querySelectorAll(".console .sent")].at(-1)?.innerText.includes("`+line+`")`)
	}
	b.until("records were processed twice", `document.querySelector(".ledger.alarmed")?.innerText.includes("duplicate")`)
	b.until("and the setting is named", `partitaTest.find(".alarms code", "enable.auto.commit=true")`)
}
