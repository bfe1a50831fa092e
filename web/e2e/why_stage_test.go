package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// midAir is a run that stands still with a batch on its way to a far broker, and another on
// its way to a consumer.
const midAir = `clear
link latency=400ms
topic create orders partitions=2
producer add p1 topic=orders rate=6/s keys=truck-1..truck-6
consumer add c1 group=billing topics=orders process=1ms auto.offset.reset=earliest
advance 12s
pause`

// flightSpot finds where records of a kind are on their way: a point of the window whose
// nearest flight they are.
const flightSpot = `(async () => {
	const stage = document.querySelector("partita-stage"), aim = await stage.aimed();
	const box = stage.querySelector(".stage-body").getBoundingClientRect();
	for (let y = 0; y < box.height; y += 4) for (let x = 0; x < box.width; x += 4) {
		const thing = aim.flightAt(partitaTest.frame, stage.painter, x, y, false);
		const hit = document.elementFromPoint(box.x + x, box.y + y);
		if (thing?.what === %q && hit && stage.contains(hit) && !hit.closest("button, .card")) return [box.x + x, box.y + y];
	}
	return null;
})()`

// TestWhyInFlight asks about records in mid-air with the pointer and by keyboard.
func TestWhyInFlight(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.play(midAir)
	for what, waits := range map[string]string{"produce": "with acks=all the partition leader answers when", "fetch": "Only for the way. Then the consumer holds the records"} {
		for i := 0; i < 40; i++ {
			var there bool
			b.eval(&there, fmt.Sprintf(`(%s).then((at) => at !== null)`, fmt.Sprintf(flightSpot, what)))
			if there {
				break
			}
			b.play("advance 70ms")
		}
		var at [2]float64
		b.eval(&at, fmt.Sprintf(flightSpot, what))
		b.do(chromedp.MouseClickXY(at[0], at[1]))
		b.until("it is a flight", `partitaTest.find(".why-panel .name", "records on their way, orders-")`)
		b.untilText(waits)
		b.until("with the numbers of its way", `/left at \d+ \+ 400 ms on the way = \d+ ms: \d+ ms from now/.test(document.querySelector(".why-panel").innerText)`)
		b.until("and the panel of what is selected says whose it is", `/(from p1 to broker 101|from broker 101 to c1)/.test(document.querySelector(".rail.side section.panel").innerText)`)
	}
	b.audit("with records on their way explained")

	t.Log("by keyboard")
	b.tabTo("The stage. Arrow keys")
	b.untilKeys("w", "the walk has come to records on their way", `document.querySelector(".tip").innerText.startsWith("records on their way, orders-0")`)
	b.keys(kb.Enter)
	b.until("they are explained", `partitaTest.find(".why-panel .name", "records on their way, orders-0")`)

	t.Log("while time goes on the answer stays")
	b.line("speed 0.1x")
	b.click("button.play", "Play")
	b.keys("")
	b.eval(nil, `document.querySelector(".stage-scroll").focus()`)
	b.untilKeys("w", "the walk has come to records on their way", `document.querySelector(".tip").innerText.startsWith("records on their way, orders-0")`)
	b.keys(kb.Enter)
	b.until("it is the answer of an instant", `partitaTest.find(".why-panel .kept", "This is the answer of") && partitaTest.find(".why-panel .name", "records on their way")`)
}

// untilKeys presses a key until an expression of the page is true.
func (b *tab) untilKeys(key, what, expression string) {
	b.t.Helper()
	for range 40 {
		b.keys(key)
		b.eval(nil, `(async () => { for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame) })()`)
		var there bool
		if b.eval(&there, expression); there {
			return
		}
	}
	b.t.Fatalf("tab %s: no %q leads to: %s\n%s", b.name, key, what, b.text())
}

// TestWhyOffsetsByKeyboard walks over the watermarks of a stave and the places of groups,
// and asks about each; the key map says how.
func TestWhyOffsetsByKeyboard(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.play(still)
	b.keys("?")
	b.until("the key map says how", `partitaTest.find("dialog[open] .keys div", "W Shift+W") && partitaTest.text(document.querySelector("dialog[open] .keys")).includes("high watermark")`)
	b.keys(kb.Escape)
	b.tabTo("The stage. Arrow keys")
	for _, stop := range []struct{ tip, name, says string }{
		{"orders-0, log start offset ", "orders-0, log start offset ", "Why does the log start at"},
		{"orders-0, last stable offset ", "orders-0, last stable offset ", "last stable offset = min("},
		{"orders-0, high watermark ", "orders-0, high watermark ", "high watermark = min("},
		{"orders-0, log end offset ", "orders-0, log end offset ", "last offset "},
		{"billing in orders-0", "billing in orders-0", "lag = log end offset"},
	} {
		b.keys("w")
		b.until("the tip says "+stop.tip, fmt.Sprintf(`document.querySelector(".tip").innerText.startsWith(%q)`, stop.tip))
		b.until("and so does the log", fmt.Sprintf(`document.querySelector("partita-strip").innerText.includes(%q) || [...document.querySelectorAll("[aria-live]")].some((e) => e.textContent.includes(%q))`, stop.tip, stop.tip))
		b.keys(kb.Enter)
		b.until("it is explained", fmt.Sprintf(`partitaTest.find(".why-panel .name", %q) && document.querySelector(".why-panel").innerText.includes(%q)`, stop.name, stop.says))
	}
	b.do(chromedp.KeyEvent("W", chromedp.KeyModifiers(chromedp.ModifierShift)))
	b.until("Shift goes back", `document.querySelector(".tip").innerText.startsWith("orders-0, log end offset")`)
	b.keys(kb.ArrowLeft)
	b.until("arrow keys go on among the records", `document.querySelector(".tip").innerText.startsWith("orders-0, offset ")`)

	t.Log("a mark in hand is explained too")
	b.keys("m")
	b.until("a mark is in hand", `document.activeElement.matches(".grip")`)
	b.click(".why-panel button", "Close")
	b.eval(nil, `document.querySelector(".stage-scroll").focus()`)
	b.keys("m")
	b.until("a mark is in hand", `document.activeElement.matches(".grip")`)
	b.keys("w")
	b.until("it is explained", `partitaTest.find(".why-panel .name", "billing in orders-0")`)
}

// TestWhyInThePanels asks about arrows of the swimlane and cells of the ribbon, with the
// pointer and by keyboard.
func TestWhyInThePanels(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.play(rebalances("roundrobin") + "\nconsumer leave c3\nadvance 2s")
	b.click(".opener", "Coordinator")
	b.until("the lanes are there", `document.querySelectorAll(".arrow").length > 5`)
	b.click(".arrow.join:not(.reply) circle", "")
	b.until("the request is explained", `partitaTest.find(".why-panel .name", "JoinGroup of c") && document.querySelector(".why-panel").innerText.includes("The member asks to be in the next generation")`)
	b.eval(nil, `document.querySelector(".arrow[tabindex='0']").focus()`)
	b.keys(kb.End + kb.Enter)
	b.until("and another", `/^(answer to )?Heartbeat of c|^(answer to )?Offset/.test(document.querySelector(".why-panel .name")?.innerText)`)
	b.click("partita-lane button", "Close")

	b.click(".opener", "Rebalances")
	b.until("the ribbon is there", `document.querySelectorAll(".ribbon td.moved .owned").length > 0`)
	b.click(".ribbon td.moved .owned", "Why?")
	b.until("why it moved is explained", `document.querySelector(".why-panel")?.innerText.includes("Why did it move?") && document.querySelector(".why-panel").innerText.includes("Eager: every member gives up")`)
	b.until("with the line that began it", `document.querySelector(".why-panel .chain")?.textContent.includes("consumer ")`)
	b.audit("with a cell of the ribbon explained")

	t.Log("by keyboard")
	var label string
	b.eval(&label, `document.querySelector(".ribbon .owned[tabindex='0']").getAttribute("aria-label")`)
	b.tabTo(label)
	b.eval(nil, `globalThis.was = document.activeElement.dataset.cell`)
	b.keys(kb.ArrowLeft)
	b.until("another generation", `document.activeElement.matches(".owned") && document.activeElement.dataset.cell !== was`)
	b.keys(kb.ArrowDown + kb.Enter)
	b.until("it is explained", `partitaTest.find(".why-panel .name", "in billing, generation " + document.activeElement.dataset.cell.split("/")[0])`)
}

// TestWhyOnTheStageInKorean asks about an offset, records on their way and a cell.
func TestWhyOnTheStageInKorean(t *testing.T) {
	t.Parallel()
	b := korean(t)
	b.eval(nil, `partitaTest.find("partita-app").desk.run("pause")`)
	b.eval(nil, `document.querySelector(".stage-scroll").focus()`)
	b.untilKeys("w", "the high watermark", `/^orders-0, 하이 워터마크/.test(document.querySelector(".tip").innerText)`)
	b.keys(kb.Enter)
	b.until("it is explained", `partitaTest.find(".why-panel .name", "하이 워터마크")`)
	b.click(".opener", "리밸런스")
	b.click(".ribbon .owned", "왜?")
	b.until("the cell is explained", `document.querySelector(".why-panel")?.innerText.includes("누가 맡았습니까?")`)
}
