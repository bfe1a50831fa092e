package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// audit runs axe-core inside the page: every rule of WCAG 2.2, levels A and AA, in the light
// page, and contrast once more in the dark one.
func (b *tab) audit(when string) {
	b.t.Helper()
	script, err := os.ReadFile("../ui/node_modules/axe-core/axe.min.js")
	if err != nil {
		b.t.Fatalf("axe-core is not installed; go run ./cmd/bundle installs the packages of web/ui: %v", err)
	}
	b.eval(nil, "globalThis.axe ? 0 : (() => {"+string(script)+"\n})()")
	b.auditFor(when, "light", `{type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}`)
	b.auditFor(when, "dark", `{type: "rule", values: ["color-contrast"]}`)
}

func (b *tab) auditFor(when, scheme, rules string) {
	b.t.Helper()
	b.do(prefer("prefers-color-scheme", scheme))
	var violations []struct {
		ID    string
		Help  string
		Nodes []struct{ HTML, FailureSummary string }
	}
	b.eval(&violations, `(async () => {
		for (let i = 0; i < 12; i++) await new Promise(requestAnimationFrame);
		const found = await axe.run(document, { runOnly: `+rules+`, resultTypes: ["violations"] });
		return found.violations;
	})()`)
	for _, v := range violations {
		var places []string
		for _, n := range v.Nodes[:min(4, len(v.Nodes))] {
			places = append(places, fmt.Sprintf("%.300s\n  %s", n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", "\n  ")))
		}
		b.t.Errorf("tab %s, %s, %s: %s: %s (%d places)\n%s", b.name, when, scheme, v.ID, v.Help, len(v.Nodes), strings.Join(places, "\n"))
	}
}

func TestAccessible(t *testing.T) {
	t.Parallel()
	s := serve(t)
	busy(t, s, 2)
	v := visit(t, s)
	for _, p := range pages {
		t.Run(pageName(p.path), func(t *testing.T) {
			b := v.attachFor(t, p.path)
			b.goTo(p.path)
			b.until("it is complete", p.ready)
			b.audit("on a desk")
			b.do(phone.resize)
			b.audit("on a phone")
		})
	}
	t.Run("seat in use", func(t *testing.T) {
		b := v.attachFor(t, "seat")
		b.goTo("/room/main/seat")
		b.untilText("You own")
		for _, step := range []struct{ press, says string }{
			{"Stop polling", "Poll again"}, {"Freeze", "Frozen:"}, {"Thaw", "You own"}, {"Crash", "Start again"},
		} {
			b.click(".seat-bar button", step.press)
			b.untilText(step.says)
			b.audit("after " + step.press)
		}
	})
	t.Run("error page", func(t *testing.T) {
		b := v.attachFor(t, "/nowhere")
		b.watch.expect("the server responded with a status of 404")
		b.goTo("/nowhere")
		b.audit("on a desk")
	})
}

// TestAccessibleInUse audits the playground after each thing that opens or changes
// something.
func TestAccessibleInUse(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click(".steps button", "Add a consumer to billing")
	b.until("c3 is there", member("billing", "c3")+`.chips.length === 1`)
	b.click(".member", "c3")
	b.click(".actions button", "Crash")
	b.untilText("crashed: its session runs out")
	b.audit("with a crashed consumer selected")
	b.click("summary", "Show as a table")
	b.until("the table is there", `document.querySelector("table.facts tbody tr")`)
	b.click(".head button", "orders")
	b.fill(".console input", "A line of script", "consumer crahs c1\r")
	b.until("the console shows an error", `partitaTest.find(".console .wrong")`)
	b.audit("with tables, a topic selected and a wrong line")
	for _, form := range []string{"Consumer", "Producer", "Topic"} {
		b.click("[role=tab]", form)
		b.audit("with the form " + form)
	}
	b.fill("input[name=name]", "Name", "<script>")
	b.click(".form button", "Add the topic")
	b.until("the form says what is wrong", `partitaTest.find(".form [role=alert]")`)
	b.click("button.play", "Pause")
	b.until("it is paused", `partitaTest.frame.paused`)
	b.audit("paused, with an error in a form")
	b.click("partita-strip button", "All sentences")
	b.untilText("What happened")
	b.audit("with all sentences open")
}
