package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// markup is what must be shown as it is written, and never as an element.
const markup = `<img src=x onerror=boom()>`

// showsNoMarkup checks that nothing that a person wrote became an element.
func (b *tab) showsNoMarkup() {
	b.t.Helper()
	var made []string
	b.eval(&made, `[...document.querySelectorAll("img, i i, main script, [onerror]")].map((e) => e.outerHTML)`)
	if len(made) > 0 {
		b.t.Errorf("tab %s: text became elements: %q", b.name, made)
	}
}

func TestBadTopicNameInTheForm(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click("[role=tab]", "Topic")
	b.fill("input[name=name]", "Name", "<script>")
	b.click(".form button", "Add the topic")
	b.until("the form says what is wrong", `partitaTest.find(".form [role=alert]")`)
	var text string
	b.eval(&text, `partitaTest.find(".form [role=alert]").innerText`)
	if !strings.Contains(text, "<script>") {
		t.Errorf("the error does not name the topic: %q", text)
	}
	b.showsNoMarkup()

	t.Log("corrected, it works, and the error goes")
	b.fill("input[name=name]", "Name", "script")
	b.click(".form button", "Add the topic")
	b.until("the topic is there", `partitaTest.find(".head button", "script") && !partitaTest.find(".form [role=alert]")`)
}

func TestMarkupIsText(t *testing.T) {
	t.Parallel()
	b := playground(t)

	t.Log("in a record's value and key")
	b.fill(".console input", "A line of script", "topic create odd partitions=1"+kb.Enter)
	b.until("the form offers the topic", `partitaTest.find("select[name=topic]").options.length === 2`)
	b.eval(nil, `partitaTest.find("select[name=topic]").focus()`)
	b.keys("odd")
	b.fill("input[name=key]", "Key", "<b>k</b>")
	b.fill("input[name=value]", "Value", markup)
	b.click(".form button", "Send the record")
	b.until("the console shows the line", `partitaTest.find(".console .sent", "onerror")`)
	b.until("the record is in the log", `partitaTest.frame.topics.find((t) => t.name === "odd").records === 1`)
	b.fill(".console input", "A line of script", "show records odd-0"+kb.Enter)
	b.until("the value is shown as it was written", fmt.Sprintf(`partitaTest.find(".console .answer", %s)`, quote(markup)))

	t.Log("in a line that is wrong")
	b.fill(".console input", "A line of script", markup+kb.Enter)
	b.until("the error shows it as it was written", `partitaTest.find(".console .wrong", "<img")`)

	t.Log("in a consumer's name, on its card and in a sentence")
	b.fill(".console input", "A line of script", `consumer add "<i>c9</i>" group="<i>g</i>" topics=orders`+kb.Enter)
	b.until("it is refused or shown", `partitaTest.find(".member", "<i>c9</i>") || partitaTest.find(".console .wrong", "c9")`)
	b.showsNoMarkup()
}

// TestMarkupInALiveRoom also sees the first state, which the server draws.
func TestMarkupInALiveRoom(t *testing.T) {
	t.Parallel()
	s := serve(t)
	v := visit(t, s)
	s.script("main", `send orders "`+markup+`" key="<i>k</i>"`)
	answer := s.tell("main", `consumer add "`+markup+`" group=tabs topics=orders`)
	b := v.open("/room/main")
	b.showsNoMarkup()
	b.untilMoving()
	if answer == "" {
		b.untilText(markup)
	}
	b.showsNoMarkup()
	seat := v.open("/room/main/seat?name=" + "%3Ci%3Eme%3C%2Fi%3E")
	seat.until("the seat has a name", `document.querySelector("h1 i")?.innerText.length > 2`)
	seat.showsNoMarkup()
}

func TestBadAddresses(t *testing.T) {
	t.Parallel()
	v := visit(t, serve(t))
	for _, c := range []struct{ path, says string }{
		{"/nowhere", "There is no such page"},
		{"/room/a/b", "There is no such page"},
		{"/room/a%2Fb", "1 to 32 characters"},
		{"/room/..%2F..%2Fetc", "1 to 32 characters"},
		{"/room/%3Cscript%3E", "1 to 32 characters"},
		{"/room/" + strings.Repeat("x", 33), "1 to 32 characters"},
	} {
		t.Run(c.path, func(t *testing.T) {
			b := v.attachFor(t, c.path)
			b.watch.expect("the server responded with a status of 40")
			b.goTo(c.path)
			b.untilText(c.says)
			b.until("there is a way on", `partitaTest.find("main a", "To the playground")`)
			b.showsNoMarkup()
		})
	}
}

// TestBadSeat: settings in the address of a seat that no consumer takes.
func TestBadSeat(t *testing.T) {
	t.Parallel()
	v := visit(t, serve(t))
	for query, says := range map[string]string{
		"session.timeout.ms=soon": "session.timeout.ms",
		"no.such.setting=1":       "no.such.setting",
	} {
		t.Run(query, func(t *testing.T) {
			b := v.attachFor(t, query)
			b.goTo("/room/main/seat?" + query)
			b.until("an alert says why", fmt.Sprintf(`partitaTest.find("[role=alert]")?.innerText.includes(%s)`, quote(says)))
		})
	}
}
