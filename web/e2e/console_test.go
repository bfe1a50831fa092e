package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// value is what stands in the console's line.
const value = `document.querySelector(".console input").value`

// TestConsoleCompletes types with the help of the completion, by keyboard alone.
func TestConsoleCompletes(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click(".console input", "A line of script")
	b.keys("consu")
	b.until("the completion shows a way to go on", `partitaTest.find(".options [role=option]", "consumer")`)
	b.keys(kb.Tab)
	b.until("Tab takes it", value+` === "consumer "`)
	b.keys("cra")
	b.until("verbs come", `partitaTest.find(".options [role=option]", "crash")`)
	b.keys(kb.Tab)
	b.until("consumers of this room come", `partitaTest.find(".options [role=option]", "c1") && partitaTest.find(".options [role=option]", "c2")`)
	b.keys(kb.ArrowDown)
	b.keys(kb.ArrowDown)
	b.until("the list is walked through", `document.querySelector("#" + document.querySelector(".console input").getAttribute("aria-activedescendant")).textContent.includes("c2")`)
	b.eval(nil, `document.querySelector(".console input").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }))`)
	b.until("Enter takes the chosen one", value+` === "consumer crash c2 "`)
	b.keys(kb.Enter)
	b.until("and sends the line", `partitaTest.find(".console .sent", "consumer crash c2") && `+value+` === ""`)
	b.until("what it equals stands beneath", `partitaTest.find(".console .same", "kill -9")`)

	t.Log("settings by Kafka's names, with their defaults")
	b.keys("consumer add c7 group=billing topics=orders ")
	b.until("settings come", `document.querySelectorAll(".options [role=option]").length > 10`)
	b.click(".console input", "A line of script")
	b.keys(kb.End + "session.ti")
	b.until("the setting comes with its default", `partitaTest.find(".options [role=option]", "session.timeout.ms=").textContent.includes("45000")`)
	b.keys(kb.Tab)
	b.until("it is taken", value+`.endsWith("session.timeout.ms=")`)
	b.keys("8s auto.offset.reset=e")
	b.until("its words come", `partitaTest.find(".options [role=option]", "auto.offset.reset=earliest")`)
	b.click(".options [role=option]", "auto.offset.reset=earliest")
	b.until("the mouse takes one", value+`.endsWith("auto.offset.reset=earliest ")`)
	b.keys(kb.Enter)
	b.until("the gesture shows Kafka's command", `partitaTest.find(".console .same", "kafka-console-consumer")`)

	t.Log("Kafka's tools: flags, names, and what they print")
	b.keys("kafka-topics --desc")
	b.until("flags come", `partitaTest.find(".options [role=option]", "--describe")`)
	b.keys(kb.Tab)
	b.until("the flag is taken", value+` === "kafka-topics --describe "`)
	b.keys("--topic or")
	b.until("topics come", `partitaTest.find(".options [role=option]", "orders")`)
	b.keys(kb.Tab)
	b.until("the topic is taken", value+` === "kafka-topics --describe --topic orders "`)
	b.keys(kb.Enter)
	b.until("it prints a table", `partitaTest.find(".console .table", "PartitionCount: 3")`)
	b.keys("kafka-consumer-groups --help" + kb.Escape + kb.Enter)
	b.until("each has help", `partitaTest.find(".console .table", "--reset-offsets")`)

	t.Log("the history, and its search")
	b.keys(kb.ArrowUp)
	b.until("the last line", value+` === "kafka-consumer-groups --help"`)
	b.keys(kb.ArrowUp + kb.ArrowUp + kb.ArrowDown)
	b.until("back and forth", value+` === "kafka-topics --describe --topic orders"`)
	b.keys(kb.ArrowDown + kb.ArrowDown)
	b.until("back to what was typed", value+` === ""`)
	b.keys("crash")
	b.until("the completion has answered", value+` === "crash"`)
	b.eval(nil, `document.querySelector(".console input").dispatchEvent(new KeyboardEvent("keydown", { key: "r", ctrlKey: true, bubbles: true, cancelable: true }))`)
	b.until("Ctrl+R finds the line", value+` === "consumer crash c2"`)
	b.goTo("/")
	b.untilMoving()
	b.click(".console input", "A line of script")
	b.until("the help for typing is there", `document.activeElement.matches(".console input")`)
	b.until("the history outlives the page", `(() => {
		const input = document.querySelector(".console input");
		if (input.value === "") input.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true, cancelable: true }));
		return input.value === "kafka-consumer-groups --help";
	})()`)
}

// TestConsoleCompletesAtTheCaret: what stands before the caret decides, and what stands
// after it stays; a long refusal is in sight at every size, and moves nothing.
func TestConsoleCompletesAtTheCaret(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click(".console input", "A line of script")
	b.keys("kafka-console-producer  <<< 'a b'")
	b.until("the whole line has no way to go on", `document.querySelector(".console .options").hidden`)
	b.keys(strings.Repeat(kb.ArrowLeft, len(" <<< 'a b'")))
	b.until("flags come where the caret is", `partitaTest.find(".options [role=option]", "--topic")`)
	b.keys("--to")
	b.until("one is left", `document.querySelectorAll(".options [role=option]").length === 1`)
	b.keys(kb.Tab)
	b.until("it is taken there", value+` === "kafka-console-producer --topic <<< 'a b'"`)
	b.keys("or" + kb.Tab)
	b.until("a topic too", value+` === "kafka-console-producer --topic orders <<< 'a b'"`)
	b.keys(kb.End + " --prop" + kb.Tab)
	b.until("flags go on behind the text", value+` === "kafka-console-producer --topic orders <<< 'a b' --property "`)
	b.eval(nil, `document.querySelector(".console input").select()`)
	b.keys("echo 'x | y' | kafka-console-producer --topic or")
	b.until("behind a pipe, too", `partitaTest.find(".options [role=option]", "orders")`)
	b.keys(kb.Tab + kb.Enter)
	b.until("and it runs", `partitaTest.find(".console .sent", "echo 'x | y'") && !document.querySelector(".console .wrong")`)

	for _, size := range []screen{desk, phone, {320, 700}, {844, 390}, {1024, 768}} {
		name := fmt.Sprint(size.width, " by ", size.height)
		b.do(size.resize)
		b.click(".console input", "A line of script")
		b.eval(nil, `globalThis.height = document.querySelector(".console").getBoundingClientRect().height`)
		b.paste("consumer add c9 topics=orders,and-one-that-is-not-there session.timeout.ms=soon and words that come after settings")
		b.keys(kb.Escape + kb.Enter)
		b.until("the answer is in sight at "+name, `(() => {
			const answer = [...document.querySelectorAll(".console .wrong")].at(-1)?.getBoundingClientRect();
			const list = document.querySelector(".console .lines").getBoundingClientRect();
			const strip = document.querySelector("partita-strip").getBoundingClientRect();
			return answer && `+value+` === "" && answer.top >= list.top - 1 && answer.top >= 0 && answer.bottom <= Math.min(list.bottom, strip.top) + 1;
		})()`)
		b.until("and the console is as high as before at "+name, `document.querySelector(".console").getBoundingClientRect().height === height`)
	}
}

// TestSettingsByName finds a setting, changes it, is refused in Kafka's words, and resets it.
func TestSettingsByName(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click(".of-settings > summary", "")
	b.until("a producer's settings are there", `partitaTest.find(".setting-rows li", "linger.ms")`)
	b.click("partita-settings [role=tab]", "Topic")
	b.until("a topic's", `partitaTest.find(".setting-rows li", "retention.ms")`)
	b.fill("partita-settings input[type=search]", "Search", "min.insync")
	b.until("found", `document.querySelectorAll(".setting-rows li").length === 1`)
	b.fill(".setting-rows input", "min.insync.replicas", "0"+kb.Enter)
	b.until("Kafka's own words", `partitaTest.find(".setting-rows .bad", "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1")`)
	b.fill(".setting-rows input", "min.insync.replicas", "2"+kb.Enter)
	b.until("it is marked as changed", `partitaTest.find(".setting-rows li.changed", "min.insync.replicas")`)
	b.until("as the real tool would be told", `partitaTest.find(".console .same", "kafka-configs --bootstrap-server localhost:9092 --alter --entity-type topics --entity-name orders --add-config min.insync.replicas=2")`)
	b.click(".setting-rows button", "Reset min.insync.replicas to its default")
	b.until("it is the default again", `document.querySelector(".setting-rows li:not(.changed)") && partitaTest.find(".console .same", "--delete-config min.insync.replicas")`)

	t.Log("from why to the setting, by keyboard")
	b.click(".member", "c1")
	b.until("the settings behind it are there", `partitaTest.find(".behind button", "session.timeout.ms")`)
	b.tabTo("session.timeout.ms=8000")
	b.keys(kb.Enter)
	b.until("the panel shows it", `document.activeElement.matches("partita-settings input[type=search]") && document.activeElement.value === "session.timeout.ms" && partitaTest.find("#settings-consumer[aria-selected=true]")`)
	b.fill(".setting-rows input", "session.timeout.ms", "20s"+kb.Enter)
	b.until("a new process has it", member("billing", "c1")+`.session.total === 20000`)
	b.click("partita-settings [role=tab]", "Broker")
	b.until("brokers too", `partitaTest.find("partita-settings select", "Of").value === "all"`)
	b.do(phone.resize)
	b.until("it fits a phone", `partitaTest.wide().extra === 0`)
}

// TestDescribeLive follows a table that one of Kafka's tools prints.
func TestDescribeLive(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.click(".more:not(.of-settings) > summary", "")
	b.until("the group's table is there", `document.querySelector(".describe pre").innerText.includes("CURRENT-OFFSET")`)
	b.eval(nil, `globalThis.before = document.querySelector(".describe pre").innerText`)
	b.until("it follows the stage", `document.querySelector(".describe pre").innerText !== before`)
	b.eval(nil, `(() => {
		const which = document.querySelector(".describe select");
		which.value = "kafka-topics --describe --exclude-internal";
		which.dispatchEvent(new Event("change", { bubbles: true }));
	})()`)
	b.until("another table", `document.querySelector(".describe pre").innerText.includes("PartitionCount: 3")`)
	b.click(".describe button", "Wide")
	b.until("it is wide", `document.querySelector(".describe").getBoundingClientRect().width > innerWidth * 0.8`)
	b.click(".describe button", "Wide")
	var table string
	b.eval(&table, `document.querySelector(".describe pre").innerText`)
	if !strings.Contains(table, "Topic: orders") || !strings.Contains(table, "Isr: 101") {
		t.Errorf("the table is %s", table)
	}
	b.until("the console is not filled by it", `!partitaTest.find(".console .sent", "kafka-topics")`)
}
