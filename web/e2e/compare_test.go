package e2e

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestCompare: two runs side by side, from the dialog and from the console, in step.
func TestCompare(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click("header button", "More for this run")
	b.click("dialog[open] button", "Compare it with another run")
	b.until("what to compare is asked", `document.querySelector("dialog[open] [data-pair]")`)
	b.fill("dialog[open] input", "Setting", "nonsense=1 acks"+kb.Enter)
	b.until("a wrong setting is told", `document.querySelector("dialog[open] .wrong")?.innerText.includes("words come before settings")`)
	b.click("dialog[open] [data-pair=eager]", "")
	b.until("two stages stand there", `document.querySelectorAll("partita-stage").length === 2 && !document.querySelector("dialog[open]")`)
	b.until("the other run is drawn", `partitaTest.beside?.groups.length === 1`)
	b.until("the figures differ", `[...document.querySelectorAll(".figures tr.differs th")].some((th) => th.innerText.includes("no reader"))`)
	b.click("button.play", "Pause")
	b.until("both stand still", `partitaTest.frame.paused && partitaTest.beside.paused`)
	b.line("advance 100ms")
	b.until("both are at the same instant", `partitaTest.frame.time === partitaTest.beside.time`)
	b.line("other consumer crash c1")
	b.until("only the other c1 has crashed", `partitaTest.beside.groups[0].members.find((m) => m.name === "c1").state !== partitaTest.frame.groups[0].members.find((m) => m.name === "c1").state`)
	b.line("seek 12s")
	b.line("consumer add late group=billing topics=orders")
	b.click("header button", "More for this run")
	b.click("dialog[open] button", "Compare it with another run")
	b.click("dialog[open] .pair button", "Compare")
	b.until("the way that was left stands there", `document.querySelector(".versus code")?.innerText === "fork 1" && !document.querySelector("dialog[open]")`)
	b.until("without the late consumer", `partitaTest.frame.groups[0].members.length === partitaTest.beside?.groups[0].members.length + 1`)
	b.click(".versus button", "End the comparison")
	b.until("one stage is left", `document.querySelectorAll("partita-stage").length === 1 && !document.querySelector(".figures")`)
}

// TestRunFiles: a run is saved as a script and opened again; a file that is no script
// changes nothing.
func TestRunFiles(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click("button.play", "Pause")
	b.line("topic create kept partitions=2")
	b.eval(nil, `globalThis.saved = []; URL.createObjectURL = (blob) => { saved.push(blob); return "#"; }`)
	for _, name := range []string{"Save as a script file", "Save every event", "PNG", "SVG"} {
		b.click("header button", "More for this run")
		b.click("dialog[open] button", name)
	}
	b.until("four files are saved", `saved.length === 4`)
	var script, events, svg string
	b.eval(&script, `saved[0].text()`)
	b.eval(&events, `saved[1].text()`)
	b.eval(&svg, `(async () => (await saved.find((blob) => blob.type.includes("svg")).text()))()`)
	if !strings.Contains(script, "topic create kept partitions=2") || !strings.Contains(events, "TopicCreated\t\tkept") {
		t.Errorf("the script:\n%.300s\nthe events:\n%.300s", script, events)
	}
	if !strings.Contains(svg, "<foreignObject") || !strings.Contains(svg, "billing") {
		t.Errorf("the picture: %.300s", svg)
	}
	var size []float64
	b.eval(&size, `(async () => { const i = await createImageBitmap(saved.find((blob) => blob.type === "image/png")); return [i.width, i.height]; })()`)
	if len(size) != 2 || size[0] < 800 || size[1] < 600 {
		t.Errorf("a PNG of %v pixels", size)
	}
	open := func(name string, bytes []byte) {
		b.click("header button", "More for this run")
		b.until("the file is chosen", fmt.Sprintf(`(() => {
			const input = partitaTest.find("dialog[open] label", "Open a script file").querySelector("input");
			const chosen = new DataTransfer();
			chosen.items.add(new File([Uint8Array.from(atob(%s), (c) => c.charCodeAt(0))], %s));
			input.files = chosen.files;
			return input.dispatchEvent(new Event("change"));
		})()`, quote(base64.StdEncoding.EncodeToString(bytes)), quote(name)))
	}
	for text, want := range map[string]string{"\xff\xfe": "is not text", "topic create a\nnonsense": "line 2 of the script: no verb called nonsense"} {
		open("bad.txt", []byte(text))
		b.until("it is told: "+want, `document.querySelector(".banner")?.innerText.includes(`+"`"+want+"`"+`)`)
		b.click(".banner button", "Close")
		b.until("the run is still there", `partitaTest.frame.topics.some((t) => t.name === "kept")`)
	}
	open("run.partita", []byte(script))
	b.until("the run is there again", `partitaTest.frame.topics.some((t) => t.name === "kept") && !partitaTest.frame.paused`)
}

// line runs a line of script in the console.
func (b *tab) line(text string) {
	b.t.Helper()
	b.fill(".console input", "A line of script", text+kb.Enter)
	b.until(text+" is done", `[...document.querySelectorAll(".console .sent")].at(-1)?.innerText.includes(`+quote(text)+`)`)
}
