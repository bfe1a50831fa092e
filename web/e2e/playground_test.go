package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"partita/engine"
)

// playground opens the page without a room on the server, and waits until it moves.
func playground(t *testing.T) *tab {
	t.Helper()
	return playgroundAt(t, "/")
}

// korean opens it in Korean.
func korean(t *testing.T) *tab {
	t.Helper()
	return playgroundAt(t, "/?lang=ko")
}

func playgroundAt(t *testing.T, path string) *tab {
	t.Helper()
	b := visit(t, serve(t)).open(path)
	b.untilMoving()
	return b
}

// untilMoving waits until the stage of this page has drawn a frame and a later one.
func (b *tab) untilMoving() {
	b.t.Helper()
	b.until("the stage moves", `performance.getEntriesByName("partita-running").length > 0`)
}

func TestPlaygroundMovesByItself(t *testing.T) {
	t.Parallel()
	b := playground(t)

	t.Log("what is drawn changes, and sentences come")
	b.eval(nil, `globalThis.picture = document.querySelector("canvas.tapes").toDataURL()`)
	b.until("the picture changes", `document.querySelector("canvas.tapes").toDataURL() !== picture`)
	b.eval(nil, `globalThis.records = partitaTest.frame.topics[0].records`)
	b.until("records are appended", `partitaTest.frame.topics[0].records > records`)
	b.until("a sentence stands below the stage", `document.querySelector(".says .tone")?.innerText.length > 10`)
	b.until("a record flies", `partitaTest.frame.flights.length > 0`)

	t.Log("the server was asked for files only")
	for _, address := range b.watch.asked() {
		path := strings.TrimPrefix(address, b.visitor.server.url)
		if path != "/" && !strings.HasPrefix(path, "/static/") && !strings.HasPrefix(path, "data:") {
			t.Errorf("the playground asked for %s", address)
		}
	}

	// The rest of the engine comes a little after the start; this needs it at once.
	b.fill(".console input", "A line of script", "kafka-topics --list"+kb.Enter)
	b.until("all of the engine is here", `partitaTest.find(".console .answer", "orders")`)
	t.Log("and it may go away: the engine is in the page")
	b.visitor.server.stop()
	b.eval(nil, `globalThis.records = partitaTest.frame.topics[0].records`)
	b.until("records are appended", `partitaTest.frame.topics[0].records > records`)
}

func TestPlaygroundConsumerCrashes(t *testing.T) {
	t.Parallel()
	b := playground(t)

	t.Log("a button adds a consumer, which joins and gets a partition")
	b.click(".steps button", "Add a consumer to billing")
	b.until("c3 owns a partition", member("billing", "c3")+`.chips.length === 1`)
	b.until("its card says so", `partitaTest.find(".member", "c3").textContent.includes("owns orders-")`)
	b.click("partita-strip button", "All sentences")
	b.untilText("c3 joins billing.")
	b.keys(kb.Escape)

	t.Log("it crashes, and its card says what happens")
	b.click(".member", "c3")
	b.click(".actions button", "Crash")
	b.untilText("crashed: its session runs out")
	b.fill(".console input", "A line of script", "speed 10"+kb.Enter)
	b.untilText("crashed, then its session timed out")
	b.until("the others own everything",
		member("billing", "c1")+`.chips.length + `+member("billing", "c2")+`.chips.length === 3`)
	b.click("partita-strip button", "All sentences")
	b.untilText("c3 missed its session timeout. The coordinator takes it out of billing.")
}

// member is an expression for a member of a group in the newest frame.
func member(group, name string) string {
	return fmt.Sprintf("partitaTest.frame.groups.find((g) => g.name === %s).members.find((m) => m.name === %s)", quote(group), quote(name))
}

func TestPlaygroundOwnKey(t *testing.T) {
	t.Parallel()
	b := playground(t)
	const key, letter = "my-own-key-Z", 'Z'
	want := engine.PartitionForKey([]byte(key), 3)
	b.click(".steps button", "Send a record with your own key")
	b.until("the cursor is in the key", `document.activeElement.name === "key"`)
	b.keys(key)
	b.click(".form button", "Send the record")
	holds := fmt.Sprintf(`partitaTest.frame.staves.find((s) => [...s.cells].some((cell) => (cell & 0xffff) === %d))`, letter)
	b.until("the record is in a partition", holds)
	var got int32
	b.eval(&got, holds+".partition")
	if got != want {
		t.Errorf("key %s landed in partition %d; murmur2 says %d", key, got, want)
	}
	b.until("the console shows the line", `partitaTest.find(".console .sent", "key=`+key+`")`)
}

func TestPlaygroundTopicComesAndGoes(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click("[role=tab]", "Topic")
	b.fill("input[name=name]", "Name", "rides")
	b.fill("input[name=partitions]", "Partitions", "2")
	b.click(".form button", "Add the topic")
	b.until("the stage shows it", `partitaTest.find(".head button", "rides")`)
	b.until("it has two partitions", `partitaTest.frame.staves.filter((s) => partitaTest.frame.topics[s.topic].name === "rides").length === 2`)
	b.click(".head button", "rides")
	b.click(".actions button", "Delete the topic")
	b.until("it is gone", `!partitaTest.find(".head button", "rides") && partitaTest.find(".head button", "orders")`)
	b.until("what was selected says so", `document.body.innerText.includes("rides is not on the stage any more")`)
}

func TestPlaygroundPauses(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click("button.play", "Pause")
	b.until("it is paused", `partitaTest.frame.paused && partitaTest.find("button.play", "Play")`)
	var moved bool
	b.eval(&moved, `(async () => {
		const time = partitaTest.frame.time;
		for (let i = 0; i < 20; i++) await new Promise(requestAnimationFrame);
		return partitaTest.frame.time !== time;
	})()`)
	if moved {
		t.Error("time goes on while the page is paused")
	}
	b.eval(nil, `globalThis.time = partitaTest.frame.time`)
	b.click("button.play", "Play")
	b.until("it plays again", `!partitaTest.frame.paused && partitaTest.frame.time > time`)
}

func TestPlaygroundWrongLine(t *testing.T) {
	t.Parallel()
	b := playground(t)
	const line = "consumer crahs c1"
	b.fill(".console input", "A line of script", line+kb.Enter)
	b.until("the console shows the line", `partitaTest.find(".console .sent", "`+line+`")`)
	b.until("and an error", `partitaTest.find(".console .wrong")`)
	var text string
	b.eval(&text, `partitaTest.find(".console .wrong").innerText`)
	if !strings.Contains(text, "crahs") || !strings.Contains(text, "crash") {
		t.Errorf("the error names neither the wrong word nor the right one: %q", text)
	}
}
