package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// person is somebody who goes through the playground: with what hand, on what screen, in what
// light and language.
type person struct {
	*tab
	byKeys bool
}

// uses presses what is found: a click, or the way to it by keys and Enter.
func (p person) uses(selector string) {
	p.t.Helper()
	if !p.byKeys {
		p.click(selector, "")
		return
	}
	p.walkTo(selector, "")
	p.keys(kb.Enter)
}

// types runs a line in the console.
func (p person) types(line string) {
	p.t.Helper()
	if p.byKeys {
		p.walkTo(".console input", "")
	} else {
		p.click(".console input", "")
	}
	p.keys(line + kb.Escape + kb.Enter)
	p.until(line+" is sent", `[...document.querySelectorAll(".console .sent")].at(-1)?.innerText.includes(`+quote(line)+`)`)
}

// journey is a part of the way through the playground; each of them goes on where the one
// before has ended, and names no word of any language.
type journey struct {
	name string
	goes func(p person)
}

var journeys = []journey{
	{"the welcome is skipped", func(p person) {
		p.uses(".welcome-card .quiet")
		p.until("it is gone", `!document.querySelector(".welcome-card")`)
	}},
	{"time stands, steps and goes back, and another future begins", func(p person) {
		p.uses("button.play")
		p.until("it is paused", `partitaTest.frame.paused`)
		p.types("consumer crash c2") // so that something will happen
		for _, step := range []struct{ title, when string }{{"step", ">"}, {"step back", "<"}, {"next back", "<"}, {"next", ">"}} {
			var shown bool // a phone has room for the two that matter most
			if p.eval(&shown, fmt.Sprintf(`!!partitaTest.find(".transport button[title='%s']")`, step.title)); !shown {
				p.eval(&shown, "innerWidth < 600")
				if !shown || !strings.HasPrefix(step.title, "next") {
					p.t.Errorf("tab %s: there is no button for %s", p.name, step.title)
				}
				continue
			}
			p.eval(nil, `globalThis.before = partitaTest.frame.time`)
			p.uses(fmt.Sprintf(".transport button[title=%q]", step.title))
			p.until(step.title+" is done", `partitaTest.frame.time `+step.when+` before`)
		}
		p.eval(nil, `globalThis.before = partitaTest.frame.time; globalThis.members = partitaTest.frame.groups[0].members.length`)
		if p.byKeys {
			p.walkTo(".transport select", "")
			p.keys(kb.ArrowDown)
			p.until("it is faster", `partitaTest.frame.speed > 1000`)
			p.walkTo("partita-timeline input", "")
			p.keys(strings.Repeat(kb.ArrowLeft, 5))
		} else {
			p.click("partita-timeline input", "")
		}
		p.until("time is earlier", `partitaTest.frame.time < before`)
		p.types("consumer add early group=billing topics=orders")
		p.until("somebody joins who was not there", member("billing", "early"))
		p.uses("button.play")
		p.until("this future goes on", `!partitaTest.frame.paused && partitaTest.frame.time > before`)
	}},
	{"a member says why, and the chain leads back", func(p person) {
		p.uses(".member")
		p.until("it says why", `document.querySelector(".why-panel .chain button") && document.querySelector(".member[aria-pressed=true] .ring")`)
		p.uses(".why-panel .chain button")
		p.until("time is there", `partitaTest.frame.paused && document.querySelector(".why-panel .chain [aria-current=step], .kept")`)
	}},
	{"the ribbon and the swimlane lead to instants", func(p person) {
		p.play(rebalances("cooperative-sticky"))
		p.uses(".opener")
		p.until("a moved cell has a ring", `document.querySelector("partita-ribbon .moved")`)
		p.uses("partita-ribbon thead button")
		p.until("time is at the first generation", `partitaTest.frame.time === Math.min(...[...document.querySelectorAll("partita-ribbon thead th")].map(() => partitaTest.frame.groups[0].eras[0].at))`)
		p.uses("partita-ribbon .quiet")
		p.uses(".opener:last-of-type")
		p.until("arrows are there", `document.querySelectorAll("partita-lane .arrow").length > 5`)
		p.eval(nil, `globalThis.before = partitaTest.frame.time`)
		if p.byKeys {
			p.walkTo(".arrow[tabindex='0']", "")
			p.keys(kb.ArrowLeft + kb.ArrowLeft + kb.Enter)
		} else {
			p.click(".arrow:not(.reply) circle", "")
		}
		p.until("time is at the arrow", `partitaTest.frame.time !== before && document.querySelector(".arrow[tabindex='0']").dataset.key.split(" ")[2] === String(partitaTest.frame.time)`)
		p.uses("partita-lane .quiet")
	}},
	{"a mark is moved", func(p person) {
		p.play(still)
		p.until("there is something to commit", billing+`.position >= `+billing+`.committed + 4`)
		var position int64
		p.eval(&position, billing+".position")
		line := fmt.Sprintf("consumer seek c1 orders-0 %d", position-2)
		if p.byKeys {
			p.walkTo(".stage-scroll", "")
			p.keys("m")
			p.until("a mark has the focus", `document.activeElement.matches(".grip")`)
			p.keys("m" + kb.ArrowLeft + kb.ArrowLeft)
			p.until("it says what it would do", fmt.Sprintf(`document.activeElement.getAttribute("aria-valuetext")?.includes(%q)`, line))
			p.keys(kb.Enter + kb.Escape)
		} else {
			p.drag("billing", "position", position-2, line)
		}
		p.until("the position is there", fmt.Sprintf(billing+".position === %d", position-2))
		p.until("the console shows the line", fmt.Sprintf(`[...document.querySelectorAll(".console .sent")].some((e) => e.innerText.includes(%q))`, line))
	}},
	{"a record says what became of it, and the ledger who permitted it", func(p person) {
		p.play(torn)
		p.until("the ledger is alarmed, and the tail is torn", `document.querySelector(".ledger.alarmed") && partitaTest.frame.staves[0].ranges.some((r) => r.kind === 2)`)
		p.uses(".alarms .ask")
		p.until("the verdict is explained", `partitaTest.text(document.querySelector(".why-panel")).includes("unclean.leader.election.enable")`)
	}},
	{"each of Kafka's tools answers", func(p person) {
		p.play("clear\ntopic create orders partitions=2\nconsumer add c1 group=billing topics=orders\nadvance 6s")
		for _, tool := range [][2]string{
			{"kafka-topics --describe --topic orders", "PartitionCount: 2"}, {"kafka-configs --describe --entity-type topics --entity-name orders --all", "retention.ms="},
			{"kafka-consumer-groups --describe --group billing", "CURRENT-OFFSET"}, {"echo hello | kafka-console-producer --topic orders", ""}, {"advance 1s", ""},
			{"kafka-console-consumer --topic orders --from-beginning --max-messages 1", "hello"}, {"kafka-leader-election --election-type preferred --all-topic-partitions", ""},
			{"kafka-transactions list", "TransactionalId"}, {"kcat -L", "orders"},
		} {
			p.types(tool[0])
			p.until(tool[0]+" is answered", fmt.Sprintf(`(() => {
				let said = "", e = [...document.querySelectorAll(".console .sent")].at(-1);
				while ((e = e.nextElementSibling)) said += e.textContent;
				return said.includes(%q);
			})()`, tool[1]))
		}
		var wrong []string
		p.eval(&wrong, `[...document.querySelectorAll(".console .wrong")].map((e) => e.innerText)`)
		if len(wrong) > 0 {
			p.t.Errorf("tab %s: %q", p.name, wrong)
		}
	}},
	{"a setting is found, changed and reset", func(p person) {
		p.uses(".of-settings > summary")
		p.until("settings are there", `document.querySelector("#settings-topic")`)
		p.uses("#settings-topic")
		p.until("a topic's", `document.querySelector("[name='retention.ms']")`)
		for _, field := range []struct{ selector, text string }{{"partita-settings input[type=search]", "retention.ms"}, {"[name='retention.ms']", "60000" + kb.Enter}} {
			if p.byKeys {
				p.walkTo(field.selector, "")
			} else {
				p.click(field.selector, "")
			}
			p.eval(nil, "document.activeElement.select()")
			p.keys(field.text)
		}
		p.until("it is marked", `document.querySelector(".setting-rows li.changed [name='retention.ms']")`)
		p.uses(".setting-rows li.changed .quiet")
		p.until("it is the default", `document.querySelector(".setting-rows li:not(.changed) [name='retention.ms']")`)
		p.uses(".of-settings > summary")
	}},
	{"the run is a link, files and pictures", func(p person) {
		p.eval(nil, `globalThis.saved = []; URL.createObjectURL = (blob) => { saved.push(blob.type); return "#"; }`)
		menu := "header button[aria-haspopup=dialog]:not(.theme button)"
		p.uses(menu)
		p.until("the menu is open", `document.querySelector("dialog.run[open]")`)
		p.uses("dialog[open] .choices > button")
		p.until("the address carries it", `location.hash.startsWith("#run=") && !document.querySelector("dialog[open]")`)
		for i, choice := range []string{".choices > button:nth-of-type(2)", ".choices .pair button:nth-of-type(1)", ".choices .pair button:nth-of-type(2)", ".choices > .pair + button"} {
			p.uses(menu)
			p.until("the menu is open", `document.querySelector("dialog.run[open]")`)
			p.uses("dialog[open] " + choice)
			p.until("it is saved", fmt.Sprintf(`saved.length === %d && !document.querySelector("dialog[open]")`, i+1))
		}
		p.until("a script, two pictures and all events", `[...saved].sort().join() === "image/png,image/svg+xml,text/plain,text/tab-separated-values"`)
	}},
	{"two runs stand side by side", func(p person) {
		p.uses("header button[aria-haspopup=dialog]:not(.theme button)")
		p.until("the menu is open", `document.querySelector("dialog.run[open]")`)
		p.uses("dialog[open] .choices > button:last-of-type")
		p.until("what to compare is asked", `document.querySelector("dialog[open] [data-pair=eager]")`)
		p.uses("dialog[open] [data-pair=eager]")
		p.until("they differ", `document.querySelectorAll("partita-stage").length === 2 && document.querySelector(".figures tr.differs")`)
		p.uses(".versus button")
		p.until("one is left", `document.querySelectorAll("partita-stage").length === 1`)
	}},
	{"words, keys, sentences and tables", func(p person) {
		p.uses("details.twin > summary")
		p.until("a table says the same", `document.querySelectorAll("table.facts tbody tr").length >= partitaTest.frame.staves.length`)
		p.uses("[data-term=partition], [data-term=position]")
		p.until("a word is explained", `document.querySelector("#meaning:not([hidden])").innerText.length > 10`)
		p.keys(kb.Escape)
		p.uses(".theme button")
		p.until("the key map is open", `document.querySelector("dialog.help[open] kbd")`)
		p.keys(kb.Escape)
		p.uses("partita-strip .right button")
		p.until("all sentences are there", `document.querySelectorAll("dialog.log[open] li").length > 3`)
		p.keys(kb.Escape)
		p.until("the focus is back", `document.activeElement.matches("partita-strip .right button")`)
		p.until("the newest is told", `document.querySelector("partita-strip [role=log]").textContent.length > 10`)
	}},
	{"nothing is left, and one begins again", func(p person) {
		p.types("clear")
		p.until("it is empty", `document.querySelector(".empty")`)
		p.uses(".empty .primary")
		p.until("a topic is there", `partitaTest.frame.topics.length === 1 && !document.querySelector(".empty")`)
	}},
}

// TestJourneys goes all of the way with the pointer and by keyboard, at a desk and on a phone,
// in the light and in the dark, in English and in Korean.
func TestJourneys(t *testing.T) {
	t.Parallel()
	for _, who := range []struct {
		name             string
		byKeys           bool
		size             screen
		scheme, language string
	}{
		{"pointer", false, desk, "light", "en"},
		{"pointer on a phone in the dark in Korean", false, phone, "dark", "ko"},
		{"keyboard in the dark in Korean", true, desk, "dark", "ko"},
		{"keyboard on a phone", true, phone, "light", "en"},
	} {
		t.Run(who.name, func(t *testing.T) {
			t.Parallel()
			p := person{visit(t, serve(t)).on(who.size).prefers("prefers-color-scheme", who.scheme).open("/?lang=" + who.language), who.byKeys}
			p.untilMoving()
			p.until("the welcome is there", `document.querySelector(".welcome-card") && document.querySelector(".console input")`)
			for _, j := range journeys {
				t.Log(j.name)
				j.goes(p)
				p.fits()
			}
		})
	}
}
