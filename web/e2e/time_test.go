package e2e

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestPlaygroundGoesBack drags time to where a consumer was still there, steps both ways,
// and begins another future.
func TestPlaygroundGoesBack(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click("button.play", "Pause")
	b.fill(".console input", "A line of script", "consumer crash c1"+kb.Enter)
	b.until("c1 has crashed", `partitaTest.frame.groups[0].members.some((m) => m.name === "c1" && m.state === 4)`)
	b.fill(".console input", "A line of script", "advance 12s"+kb.Enter)
	b.until("its session has run out", `partitaTest.frame.groups[0].members.filter((m) => m.state < 3).length === 1 && partitaTest.frame.groups[0].generation === 2`)

	b.eval(nil, `globalThis.end = partitaTest.frame.time; (() => {
		const slider = document.querySelector("partita-timeline input");
		slider.value = "14000";
		slider.dispatchEvent(new Event("input"));
	})()`)
	b.until("c1 is back", `partitaTest.frame.time === 14000 && partitaTest.frame.groups[0].members.some((m) => m.name === "c1" && m.state === 0)`)

	b.click("button.step", "On by one event")
	b.until("time goes on a little", `partitaTest.frame.time > 14000 && partitaTest.frame.time < 16000`)
	b.eval(nil, `globalThis.later = partitaTest.frame.time`)
	b.click("button.step", "Back by one event")
	b.until("and back", `partitaTest.frame.time < later`)

	b.fill(".console input", "A line of script", "consumer leave c2"+kb.Enter)
	b.until("another future begins", `partitaTest.find(".console .sent", "consumer leave c2")`)
	b.click("button.play", "Play")
	b.until("in which c2 has left and c1 has not crashed",
		`partitaTest.frame.groups[0].members.some((m) => m.name === "c1" && m.state < 3 && m.chips.length === 3)`)
}

// TestPlaygroundBrokers starts three brokers, crashes one and starts it again.
func TestPlaygroundBrokers(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click(".steps button", "Start again with three brokers")
	b.until("three brokers are there", `partitaTest.frame.brokers.length === 3 && partitaTest.find("button.pill", "103")`)
	b.fill(".console input", "A line of script", "advance 8s"+kb.Enter)
	b.until("every stave has three replicas in sync", `partitaTest.frame.staves.length === 3 && partitaTest.frame.staves.every((s) => s.replicas.length === 3 && s.replicas.every((r) => r.inSync) && s.hw > 0)`)
	b.click("button.pill", "103")
	b.click(".actions button", "Crash")
	b.until("it is down", `partitaTest.frame.brokers[2].state === 2`)
	b.fill(".console input", "A line of script", "advance 12s"+kb.Enter)
	b.until("others lead what it led", `partitaTest.frame.staves.every((s) => s.leader === 101 || s.leader === 102)`)
	b.click(".actions button", "Start")
	b.fill(".console input", "A line of script", "advance 10s"+kb.Enter)
	b.until("it is in sync again", `partitaTest.frame.staves.every((s) => s.replicas.every((r) => r.inSync))`)
}

// TestPlaygroundTools types Kafka's own tools into the console.
func TestPlaygroundTools(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.fill(".console input", "A line of script", "kafka-consumer-groups --describe --group billing"+kb.Enter)
	b.until("it prints what the real tool would", `partitaTest.find(".console .answer", "CURRENT-OFFSET")`)
	b.fill(".console input", "A line of script", "kafka-topics --create --topic rides --partitions 2"+kb.Enter)
	b.until("the topic is there", `partitaTest.frame.topics.some((t) => t.name === "rides")`)
	b.fill(".console input", "A line of script", "kafka-topics --describe --topics rides"+kb.Enter)
	b.until("a wrong flag is said", `partitaTest.find(".console .wrong", "not a recognized option")`)
}
