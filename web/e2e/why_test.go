package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestWhyReadTwice crashes a consumer, asks the ledger why a record was read twice, and
// follows the chain back to the line that began it.
func TestWhyReadTwice(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click("button.play", "Pause")
	b.fill(".console input", "A line of script", "consumer crash c1"+kb.Enter)
	b.fill(".console input", "A line of script", "advance 20s"+kb.Enter)
	b.until("a record was read twice", `partitaTest.find(".alarms .ask")`)
	b.click(".alarms .ask", "Why?")
	b.untilText("Why was it read twice?")
	b.until("the setting that permits it stands there with its default", `partitaTest.find(".behind li.changed", "auto.commit.interval.ms=3000") && partitaTest.text(partitaTest.find(".behind li.changed", "auto.commit")).includes("default 5000")`)
	b.until("the chain begins with the line", `partitaTest.text(document.querySelector(".chain")).includes("consumer crash c1")`)
	b.until("and ends with the verdict", `partitaTest.text(document.querySelector(".chain li:last-child")).includes("processes orders-")`)

	t.Log("the line is a place in time, and the answer stays")
	b.eval(nil, `globalThis.now = partitaTest.frame.time; globalThis.crash = [...document.querySelectorAll(".chain li")].find((e) => e.textContent.includes("consumer crash c1")); crash.querySelector("button").id = "crash"`)
	b.click("#crash", "Go to")
	b.until("time is there", `partitaTest.frame.time < now && partitaTest.frame.groups[0].members.some((m) => m.name === "c1" && m.state === 4)`)
	b.until("the chain is still there", `document.querySelector(".chain li[aria-current=step]") && partitaTest.find(".kept", "This is the answer of")`)
	b.click(".kept button", "Back to")
	b.until("time is where it was", `partitaTest.frame.time === now && !document.querySelector(".kept")`)

	t.Log("from there to the record, and further")
	b.click(".further button", "the record at offset")
	b.untilText("Why is it in partition")
	b.click(".further button", "billing in orders-")
	b.untilText("lag = log end offset")
	b.click(".why-panel button", "Back")
	b.untilText("Why is it in partition")
	b.do(phone.resize)
	b.until("it fits a phone", `partitaTest.wide().extra === 0`)
}

// TestWhyByKeyboard walks to a record and asks why, without a mouse; then about a member
// and about a sentence.
func TestWhyByKeyboard(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.tabTo("The stage. Arrow keys")
	b.keys(" ")
	b.until("it is paused", `partitaTest.frame.paused`)
	b.keys(kb.ArrowUp)
	b.keys(kb.ArrowLeft)
	b.keys(kb.Enter)
	b.untilText("Why is it in partition 0?")
	var formula string
	b.eval(&formula, `document.querySelector(".why-panel").innerText`)
	if !strings.Contains(formula, "& 0x7fffffff") && !strings.Contains(formula, "It has no key") {
		t.Errorf("no formula in %s", formula)
	}
	b.until("what it consists of stands there", `[...document.querySelectorAll(".why-panel dt")].map((e) => e.innerText).join().startsWith("key,value,timestamp")`)

	b.walkTo(".member", "c1")
	b.keys(kb.Enter)
	b.until("the member is explained", `partitaTest.find(".why-panel .name", "member c1")`)
	b.until("by the assignor's arithmetic", `partitaTest.text(document.querySelector(".why-panel")).includes("each, and the first")`)
	b.until("with the line that began it", `partitaTest.text(document.querySelector(".why-panel .chain")).includes("consumer add c1")`)

	b.click(".says .ask", "Why?")
	b.until("a sentence is explained", `partitaTest.find(".why-panel .name", "What led to this?") && document.querySelector(".why-panel .chain li")`)
	b.until("the keyboard is there", `document.activeElement.id === "why-title"`)
}

// TestWhyInTheConsole: a line that asks why opens the same panel, in the page's language, and
// the cursor stays where it was typed.
func TestWhyInTheConsole(t *testing.T) {
	t.Parallel()
	b := korean(t)
	b.until("the panels are there", `document.querySelector("partita-console")`)
	b.fill(".console input", "스크립트 한 줄", "why member billing c9"+kb.Escape+kb.Enter)
	b.until("there is no c9", `document.querySelector(".console .wrong")`)
	b.until("and so no panel", `!document.querySelector(".why-panel")`)
	b.keys("why member billing c1" + kb.Escape + kb.Enter)
	b.until("the member is explained", `partitaTest.find(".why-panel .name", "멤버 c1")`)
	b.until("the cursor is in the console", `document.activeElement.matches(".console input")`)
}

// TestWhyHighWatermark points at the line of the high watermark.
func TestWhyHighWatermark(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click("button.play", "Pause")
	b.until("it stands still", `partitaTest.frame.paused`)
	var at [2]float64
	b.eval(&at, `(async () => {
		for (let i = 0; i < 40; i++) await new Promise(requestAnimationFrame); // the tapes come to rest
		const stage = document.querySelector("partita-stage");
		const room = stage.querySelector(".tape-room").getBoundingClientRect();
		const { left, cellW, staves } = stage.layout;
		return [room.left + left + (partitaTest.frame.staves[0].hw - stage.painter.tapes[0].scroll) * cellW, room.top + staves[0].cells - 5];
	})()`)
	b.do(chromedp.MouseClickXY(at[0], at[1]))
	b.untilText("high watermark = min(log end offsets of the ISR)")
	b.until("with each replica's number", `/min\(101: \d+\) = \d+/.test(document.querySelector(".why-panel").innerText)`)
}

// TestWhyInARoom asks in a live room, which cannot go back.
func TestWhyInARoom(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := visit(t, s).open("/room/main")
	b.untilText("orders")
	b.click("button.pill", "101")
	b.untilText("it is the active controller")
	b.click(".head button", "orders")
	b.until("the chain has times and no way to them", `document.querySelector(".why-panel .chain time") && !document.querySelector(".why-panel .chain button")`)
	b.untilText("it cannot go back to these instants")
}

// TestWhyInKorean: the engine's sentences come in the language of the page.
func TestWhyInKorean(t *testing.T) {
	t.Parallel()
	b := korean(t)
	b.click("button.pill", "101")
	b.untilText("활성 컨트롤러입니다")
	b.click(".member", "c1")
	b.untilText("나눕니다")
}
