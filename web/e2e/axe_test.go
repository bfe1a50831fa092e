package e2e

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
)

// Rules of axe-core: those of WCAG 2.2, levels A and AA.
const (
	allRules = `{type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}`
	contrast = `{type: "rule", values: ["color-contrast"]}`
)

// audit runs axe-core inside the page: every rule in the light page, and contrast once more
// in the dark one.
func (b *tab) audit(when string) {
	b.t.Helper()
	b.auditFor(when, "light", allRules)
	b.auditFor(when, "dark", contrast)
}

// axeCore is the script of axe-core, for a page that does not have it yet.
var axeCore = sync.OnceValues(func() (string, error) {
	script, err := os.ReadFile("../ui/node_modules/axe-core/axe.min.js")
	if err != nil {
		return "", fmt.Errorf("axe-core is not installed; go run ./cmd/bundle installs the packages of web/ui: %w", err)
	}
	return "void (() => {" + string(script) + "\n})()", nil
})

func (b *tab) auditFor(when, scheme, rules string) {
	b.t.Helper()
	var there bool
	if b.eval(&there, `"axe" in globalThis`); !there {
		script, err := axeCore()
		if err != nil {
			b.t.Fatal(err)
		}
		b.eval(nil, script)
	}
	b.do(prefer("prefers-color-scheme", scheme))
	var violations []struct {
		ID    string
		Help  string
		Nodes []struct{ HTML, FailureSummary string }
	}
	b.eval(&violations, `(async () => {
		for (let i = 0; i < 12; i++) await new Promise(requestAnimationFrame);
		const found = await axe.run(document, { runOnly: `+rules+`, resultTypes: ["violations"] });
		// What lies half under the bar at the bottom is tried again where one would scroll it to.
		const stays = async (node) => {
			const element = document.querySelector(node.target[0]);
			element.scrollIntoView({ block: "center", behavior: "instant" });
			const again = await axe.run(element, { runOnly: { type: "rule", values: ["target-size"] }, resultTypes: ["violations"] });
			return again.violations.length > 0;
		};
		for (const v of found.violations) {
			if (v.id !== "target-size") continue;
			const nodes = [];
			for (const node of v.nodes) if (await stays(node)) nodes.push(node);
			v.nodes = nodes;
			scrollTo(0, 0);
		}
		return found.violations.filter((v) => v.nodes.length > 0);
	})()`)
	for _, v := range violations {
		var places []string
		for _, n := range v.Nodes[:min(4, len(v.Nodes))] {
			places = append(places, fmt.Sprintf("%.300s\n  %s", n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", "\n  ")))
		}
		b.t.Errorf("tab %s, %s, %s: %s: %s (%d places)\n%s", b.name, when, scheme, v.ID, v.Help, len(v.Nodes), strings.Join(places, "\n"))
	}
}

// TestAccessible audits every kind of page, on a desk and on a phone, light and dark, in both
// languages; TestStates does so with what a playground can look like.
func TestAccessible(t *testing.T) {
	t.Parallel()
	s := serve(t)
	busy(t, s, 2)
	for _, language := range []string{"en", "ko"} {
		b := visit(t, s).open("/?lang=" + language) // the choice is kept
		for _, p := range []struct{ path, act, ready string }{
			{"/about", "", `partitaTest.find("h1")`},
			{"/differences", `document.querySelectorAll("details").forEach((d) => (d.open = true))`, `partitaTest.find("td")`},
			{"/room/main", press + `(".group-head")`, `document.querySelectorAll(".member .chip").length >= 6 && document.querySelector(".why-panel .chain li")`},
			{"/room/main", runMenu, `document.querySelector("dialog.run[open]")`},
			{"/room/main/seat?session.timeout.ms=soon", "", `partitaTest.find("[role=alert]")`},
			{"/room/..%2F", "", `partitaTest.find("main a")`},
			{"/nowhere", "", `partitaTest.find("main a")`},
		} {
			b.watch.expect("the server responded with a status of 40")
			b.goTo(p.path)
			if strings.HasPrefix(p.path, "/room/main") && p.act != "" {
				b.untilMoving()
			}
			b.eval(nil, "void (() => {"+p.act+"})()")
			b.until("it is complete", p.ready)
			b.eval(nil, `document.documentElement.lang === "`+language+`" || (() => { throw new Error(document.documentElement.lang) })()`)
			b.audit(language + ", on a desk")
			b.do(phone.resize)
			b.audit(language + ", on a phone")
			b.do(desk.resize)
		}
		b.leave()
	}
}

// TestAccessibleSeat audits a seat in use, in both languages.
func TestAccessibleSeat(t *testing.T) {
	t.Parallel()
	s := serve(t)
	v := visit(t, s)
	for language, steps := range map[string][][2]string{
		"en": {{"Stop polling", "Poll again"}, {"Freeze", "Frozen:"}, {"Thaw", "You own"}, {"Crash", "Start again"}},
		"ko": {{"poll 멈추기", "poll 다시 하기"}, {"얼리기", "얼어 있음:"}, {"녹이기", "맡고 있습니다"}, {"강제 종료", "다시 시작"}},
	} {
		b := v.open("/room/main/seat?lang=" + language)
		b.until("it owns partitions", `document.querySelectorAll(".parts .part").length === 6`)
		b.audit(language + ", reading")
		for _, step := range steps {
			b.click(".seat-bar button", step[0])
			b.untilText(step[1])
			b.audit(language + ", after " + step[0])
		}
		b.do(phone.resize)
		b.audit(language + ", on a phone")
		b.close()
	}
}
