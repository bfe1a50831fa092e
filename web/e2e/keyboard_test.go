package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// wayTo is the key that brings the focus nearer to an element: Tab or Shift+Tab, an arrow
// within a list of cards or of tabs; empty when the focus is on it.
const wayTo = `(() => {
	const to = partitaTest.find(%s, %s), at = document.activeElement;
	if (!to) return "nothing is called so";
	if (at === to) return "";
	const after = at === document.body || Boolean(at.compareDocumentPosition(to) & Node.DOCUMENT_POSITION_FOLLOWING);
	if (at.closest(".producers, .groups")?.contains(to)) return after ? "ArrowDown" : "ArrowUp";
	if (at.closest("[role=tablist]")?.contains(to)) return after ? "ArrowRight" : "ArrowLeft";
	return after ? "Tab" : "Shift+Tab";
})()`

// walkTo brings the focus to an element by keys alone, and checks that it can be seen there.
func (b *tab) walkTo(selector, name string) {
	b.t.Helper()
	press := map[string]chromedp.Action[chromedp.Void]{
		"Tab": chromedp.KeyEvent(kb.Tab), "Shift+Tab": chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)),
		"ArrowDown": chromedp.KeyEvent(kb.ArrowDown), "ArrowUp": chromedp.KeyEvent(kb.ArrowUp),
		"ArrowRight": chromedp.KeyEvent(kb.ArrowRight), "ArrowLeft": chromedp.KeyEvent(kb.ArrowLeft),
	}
	var way string
	for range 200 {
		b.eval(&way, fmt.Sprintf(wayTo, quote(selector), quote(name)))
		if way == "" {
			b.seesFocus()
			return
		}
		if press[way] == nil {
			break
		}
		b.do(press[way])
	}
	b.t.Fatalf("tab %s: no key leads to %s named %q: %s", b.name, selector, name, way)
}

// tabTo presses Tab until the focus is on something whose name holds the text, and
// checks at each stop that the focus can be seen.
func (b *tab) tabTo(name string) {
	b.t.Helper()
	for range 150 {
		b.keys(kb.Tab)
		var at string
		b.eval(&at, `partitaTest.name(document.activeElement)`)
		if strings.Contains(at, name) {
			b.seesFocus()
			return
		}
	}
	b.t.Fatalf("tab %s: Tab does not lead to %q", b.name, name)
}

// seesFocus checks that what has the focus is on the screen and looks as if it had it.
func (b *tab) seesFocus() {
	b.t.Helper()
	b.until("the focus can be seen", `(() => {
		const e = document.activeElement, box = e.getBoundingClientRect();
		const marked = (look) => look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0 || look.boxShadow !== "none";
		return partitaTest.shown(e) && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
			&& (marked(getComputedStyle(e)) || e.parentElement.matches("form") && marked(getComputedStyle(e.parentElement))
				|| e.matches(".arrow") && !/, 0\)$/.test(getComputedStyle(e.querySelector(".hit")).stroke)); // a shape has no outline
	})()`)
}

// TestPlaygroundByKeyboard uses no mouse: every step is Tab, Enter, an arrow or typing.
func TestPlaygroundByKeyboard(t *testing.T) {
	t.Parallel()
	b := playground(t)

	t.Log("the first stop is a link past the navigation")
	b.keys(kb.Tab)
	b.until("the focus is on the link", `document.activeElement.innerText === "Skip to the content"`)
	b.seesFocus()

	t.Log("Tab leads to the things to try, Enter does one")
	b.tabTo("Add a consumer to billing")
	b.keys(kb.Enter)
	b.until("c3 joined", member("billing", "c3")+`.chips.length === 1`)

	t.Log("the stage tells about the record under the arrow keys")
	b.tabTo("The stage. Arrow keys walk over the records")
	b.keys(kb.ArrowRight + kb.ArrowLeft)
	b.until("the log says which record", `partitaTest.text(document.querySelector("partita-strip [role=log]")).includes("orders-0")`)

	t.Log("a consumer is selected and leaves")
	b.walkTo(".member", "c3")
	b.keys(kb.Enter)
	b.until("its controls are there", `partitaTest.find(".actions button", "Leave")`)
	b.tabTo("Leave")
	b.keys(kb.Enter)
	b.until("it left", `!partitaTest.find(".member", "c3") || partitaTest.find(".member", "c3").innerText.includes("left")`)

	t.Log("a line is typed, and the sentences are read")
	b.tabTo("A line of script")
	b.keys("topic create keyed partitions=1" + kb.Enter)
	b.until("the topic is there", `partitaTest.find(".head button", "keyed")`)
	b.tabTo("All sentences")
	b.keys(kb.Enter)
	b.until("they are shown", `document.querySelector("dialog.log").open && document.body.innerText.includes("Topic keyed is created")`)
	b.keys(kb.Escape)
	b.until("the focus is back", `!document.querySelector("dialog.log").open && document.activeElement.innerText === "All sentences"`)
}

// TestCardsAreOneStop: 51 members of two groups and three producers are three stops for Tab,
// and arrow keys lead to each card.
func TestCardsAreOneStop(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.play(crowd(1, 12, 50) + "\nproducer add p3 topic=orders\nconsumer add solo group=audit topics=orders\nadvance 8s")
	b.until("all of them are there", `document.querySelectorAll(".member").length === 51 && document.querySelectorAll(".card.producer").length === 3`)
	at := func(selector, name string) {
		t.Helper()
		b.until("the focus is on "+name, fmt.Sprintf(`document.activeElement === partitaTest.find(%s, %s)`, quote(selector), quote(name)))
		b.seesFocus()
	}
	var stops int
	b.eval(&stops, `[...document.querySelectorAll(".producers button, .groups button")].filter((e) => e.tabIndex === 0).length`)
	if stops != 3 {
		t.Errorf("%d cards are stops for Tab, want 3", stops)
	}

	t.Log("arrows lead through a group, and on to the next one")
	b.tabTo("The stage. Arrow keys walk over the records")
	b.keys(kb.Tab)
	at(".card.producer", "p1")
	b.keys(kb.ArrowDown + kb.ArrowDown + kb.ArrowUp)
	at(".card.producer", "p2")
	b.walkTo(".group-head", "billing")
	b.keys(kb.ArrowDown)
	at("[aria-label='Consumer group billing'] li:first-child .member", "c1")
	b.keys(kb.End)
	at(".member", "solo")
	b.keys(kb.ArrowUp + kb.ArrowUp)
	at("[aria-label='Consumer group billing'] li:last-child .member", "c")

	t.Log("Tab leaves the group, and leads back to the card that one was at")
	b.eval(nil, `globalThis.left = document.activeElement`)
	b.keys(kb.Tab)
	b.until("the focus is in the other group", `document.activeElement.closest("section").ariaLabel === "Consumer group audit"`)
	b.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
	b.until("it is on that card", `document.activeElement === left`)
	b.keys(kb.Enter)
	b.until("Enter selects it", `left.getAttribute("aria-pressed") === "true" && document.querySelector(".actions")`)

	t.Log("when that member is gone, Tab stops at its group")
	b.eval(nil, `globalThis.gone = left.querySelector(".name").innerText`)
	b.play("clear\ntopic create orders partitions=2\nconsumer add c1 group=billing topics=orders\nadvance 8s")
	b.until("the group is the stop", `[...document.querySelectorAll(".groups button")].filter((e) => e.tabIndex === 0).every((e) => e.matches(".group-head"))
		&& document.querySelectorAll(".groups button").length === 2`)
}
