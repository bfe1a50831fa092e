package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// englishWords lists text of the page, and of attributes that are read out, in which two
// English words follow each other: a sentence that was not translated. Lines of script,
// names and settings are code and stay as they are.
const englishWords = `(() => {
  const english = /\b[a-z]{2,} [a-z]{2,}\b/i;
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest("code, kbd, script, pre, .console .lines, .mono, [lang=en], .settings, .setting-rows .bad")) said.push(node.data);
  }
  for (const e of document.querySelectorAll("[aria-label], [title], [placeholder], [aria-valuetext]")) {
    said.push(e.ariaLabel, e.ariaValueText, e.placeholder, /^[a-z]+ /.test(e.title) ? "" : e.title);
  }
  said.push(document.title, document.querySelector("meta[name=description]")?.content);
  const plain = (text) => text.replace(/\([a-z ]+\)/g, "").replace(/Apache (License|Kafka|Software Foundation)|Kafka Streams|Software Foundation|eager|cooperative/g, "");
  return said.filter((text) => text && english.test(plain(text)) && !/^(consumer|producer|topic|cluster|clear|send|broker|kafka-[a-z-]+)\b/.test(text.trim())).map((text) => text.trim());
})()`

func (b *tab) isKorean(when string) {
	b.t.Helper()
	var found []string
	b.eval(&found, englishWords)
	if len(found) > 0 {
		b.t.Errorf("tab %s, %s: it still says in English:\n  %s", b.name, when, strings.Join(found, "\n  "))
	}
}

// TestKorean goes through the playground in Korean, and looks for English in each state.
func TestKorean(t *testing.T) {
	t.Parallel()
	b := korean(t)
	b.until("the page is Korean", `document.documentElement.lang === "ko" && partitaTest.find("h2", "눈으로 보는 Kafka")`)
	b.until("the panels are there", `partitaTest.find(".form button", "레코드 보내기")`)
	b.until("a welcome came", `partitaTest.find(".welcome-card")`)
	b.isKorean("at the start")
	b.click(".welcome-card button", "건너뛰기")
	b.click(".steps button", "billing에 컨슈머 추가")
	b.until("c3 is there", member("billing", "c3")+`.chips.length === 1`)
	b.click(".member", "c3")
	b.click(".actions button", "강제 종료")
	b.untilText("갑자기 죽음: 세션이 끝나 감")
	b.isKorean("with a crashed consumer selected")
	b.click("summary", "표로 보기")
	b.until("the table is there", `document.querySelector("table.facts tbody tr")`)
	b.click("summary", "그림 읽는 법")
	b.isKorean("with tables")
	for _, form := range []string{"컨슈머", "프로듀서", "토픽"} {
		b.click("[role=tab]", form)
		b.isKorean("with the form " + form)
	}
	b.click("partita-strip button", "전체 기록")
	b.untilText("c3이 billing에 들어옵니다.")
	b.untilText("c3이 인사 없이 갑자기 죽었습니다. billing은 세션이 타임아웃될 때 알게 됩니다.")
	b.isKorean("with all sentences open")
	b.keys(kb.Escape)
	b.click("button", "키와 용어")
	b.untilText("하이 워터마크(high watermark)")
	b.isKorean("with the help open")
	b.keys(kb.Escape)

	t.Log("other pages")
	for _, path := range []string{"/about", "/room/main", "/room/main/seat"} {
		page := b.visitor.open(path)
		page.until("the page is Korean: the choice was kept", `document.documentElement.lang === "ko"`)
		switch path {
		case "/room/main":
			page.untilMoving()
		case "/room/main/seat":
			page.untilText("맡고 있습니다")
			for _, step := range []struct{ press, says string }{
				{"poll 멈추기", "poll 다시 하기"}, {"얼리기", "얼어 있음:"}, {"녹이기", "맡고 있습니다"}, {"강제 종료", "다시 시작"},
			} {
				page.click(".seat-bar button", step.press)
				page.untilText(step.says)
				page.isKorean("after " + step.press)
			}
		}
		page.isKorean("at " + path)
		page.leave()
	}
	lost := b.visitor.attachFor(t, "/nowhere")
	lost.watch.expect("the server responded with a status of 404")
	lost.goTo("/nowhere")
	lost.untilText("그런 페이지가 없습니다")
	lost.isKorean("on an error page")
}

// TestKoreanPanels opens everything that can be opened around the stage, in Korean.
func TestKoreanPanels(t *testing.T) {
	t.Parallel()
	b := korean(t)
	b.click(".welcome-card button", "건너뛰기")
	b.click(".opener", "리밸런스")
	b.until("the ribbon is there", `partitaTest.find("partita-ribbon td, partita-ribbon th")`)
	b.click(".opener", "코디네이터")
	b.until("the swimlane is there", `document.querySelector("partita-lane .arrow")`)
	b.isKorean("with the ribbon and the swimlane")
	b.click("partita-ribbon button", "닫기")
	b.click("partita-lane button", "닫기")
	b.click(".more:not(.of-settings) > summary", "")
	b.until("the live description is there", `partitaTest.find("partita-describe")?.innerText.length > 40`)
	b.isKorean("with the live description")
	b.click(".more:not(.of-settings) > summary", "")
	b.click(".of-settings > summary", "")
	b.until("the settings are there", `document.querySelectorAll(".setting-rows input, .setting-rows select").length > 5`)
	b.isKorean("with settings")
	for _, thing := range []struct{ selector, name string }{{"button.pill", "101"}, {".head button", "orders"}, {".card.producer", "p1"}, {".group-head", "billing"}, {".member", "c1"}} {
		b.click(thing.selector, thing.name)
		b.until("it says why", `partitaTest.find(".why-panel")?.innerText.length > 40`)
		b.isKorean("with " + thing.name + " selected")
	}
	for _, wrong := range []string{"consumer crash c9", "topic create orders", "nonsense", "consumer add c8", "producer add p9 topic=orders rate=fast", "consumer thaw c1", `send orders "a`} {
		b.eval(nil, `globalThis.wrongs = document.querySelectorAll(".console .wrong").length`)
		b.fill(".console input", "스크립트 한 줄", wrong+kb.Enter)
		b.until("it is refused", `document.querySelectorAll(".console .wrong").length > wrongs`)
		var text string
		b.eval(&text, `[...document.querySelectorAll(".console .wrong")].at(-1).textContent`)
		if !strings.ContainsFunc(text, func(r rune) bool { return r >= '가' && r <= '힣' }) || strings.Contains(text, "there ") {
			t.Errorf("%s is refused in English: %s", wrong, text)
		}
	}
	b.fill(".console input", "스크립트 한 줄", "kafka-consumer-groups --")
	b.until("flags come with what they do", `partitaTest.find(".options [role=option]", "--all-groups").textContent.includes("모든 그룹")`)
	b.isKorean("with the completion open")
	b.fill(".console input", "스크립트 한 줄", "broker pause 101"+kb.Escape+kb.Enter)
	b.until("what a line equals is told in Korean", `partitaTest.find(".console .same", "kill -STOP (브로커 101의 프로세스)")`)
	b.click("header button", "이 실행으로 더 하기")
	b.until("the run's dialog is open", `document.querySelector("dialog.run[open]")`)
	b.isKorean("with the run's dialog")
	b.click("dialog[open] button", "다른 실행과 비교하기")
	b.until("the comparisons are there", `document.querySelector("dialog[open] [data-pair=eager]")`)
	b.isKorean("with the comparisons")
	b.click("dialog[open] [data-pair=eager]", "")
	b.until("two runs are there", `partitaTest.beside && document.querySelector("partita-figures table")`)
	b.isKorean("with two runs")
}

// TestLanguageSwitch: a person changes the language of a run that the address holds, and
// the choice stays.
func TestLanguageSwitch(t *testing.T) {
	t.Parallel()
	b := visit(t, serve(t)).open("/#script=" + "topic%20create%20payments%20partitions%3D2")
	b.until("the run plays", `partitaTest.find(".head button", "payments")`)
	b.click("a.language", "한국어")
	b.until("the page is Korean, with the same run", `document.documentElement.lang === "ko" && partitaTest.find(".head button", "payments")`)
	b.goTo("/about")
	b.untilText("Partita 소개")
	b.click("a.language", "English")
	b.untilText("About Partita")
	b.until("and back", `document.documentElement.lang === "en" && !location.search`)
}

// TestHelp: the key map and the words, by keyboard, by pointer, and in a search.
func TestHelp(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.keys("?")
	b.until("the help is open", `document.querySelector("dialog.help[open]") && partitaTest.find("dialog.help kbd", "Home")`)
	b.fill("dialog.help input[type=text]", "Find a word", "isr")
	b.until("the search finds the word", `[...document.querySelectorAll("dialog.help dl.words dt")].some((e) => e.innerText === "ISR") && document.querySelectorAll("dialog.help dl.words dt").length < 12`)
	b.keys(kb.Escape)
	b.until("Escape closes it", `!document.querySelector("dialog[open]")`)

	t.Log("a word says what it means, to the pointer and to the keyboard")
	b.eval(nil, `partitaTest.find("[data-term=position]").focus()`)
	b.until("it is told", `partitaTest.find("#meaning", "poll") && document.activeElement.getAttribute("aria-describedby") === "meaning"`)
	b.keys(kb.Escape)
	b.until("Escape hides it", `document.querySelector("#meaning").hidden`)
	b.click("[data-term=partition]", "partition")
	b.until("a tap shows another", `partitaTest.find("#meaning", "One ordered log of a topic")`)

	t.Log("the single keys")
	b.click("button.play", "Pause")
	b.until("it stands", `partitaTest.frame.paused && (globalThis.stood = partitaTest.frame.time)`)
	b.eval(nil, `document.activeElement.blur()`)
	b.keys(",")
	b.until("a comma goes back by one event", `partitaTest.frame.time < stood`)
	b.keys("?")
	b.click("dialog.help .single", "")
	b.keys(kb.Escape)
	b.keys("?")
	b.until("they can be switched off", `!document.querySelector("dialog[open]") && localStorage.getItem("partita-single-keys") === "off"`)
}

// TestEmptyCluster: nothing is left, and the page says how to go on.
func TestEmptyCluster(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.fill(".console input", "A line of script", "clear"+kb.Enter)
	b.untilText("An empty cluster")
	b.click(".empty button", "Add a topic")
	b.until("the topic is there", `partitaTest.find(".head button", "orders") && !document.querySelector(".empty")`)
	b.click(".steps button", "Start a producer")
	b.until("records come", `partitaTest.frame.topics[0].records > 0`)
}

// TestKoreanRefusals: what is wrong with a line is said in Korean.
func TestKoreanRefusals(t *testing.T) {
	t.Parallel()
	b := korean(t)
	b.until("the panels are there", `document.querySelector("partita-console")`)
	for _, wrong := range []string{"kafka-topics --describe 'a", "kafka-nothing", "echo hello", "kafka-console-producer --topic orders", "kcat -P", "seek 900d", "show script x", "fork go 7", "why nothing here", "why note x", "why flight thrown p1 orders-0", "why member nobody c1", "why exchange billing c1 sing"} {
		b.eval(nil, `globalThis.wrongs = document.querySelectorAll(".console .wrong").length`)
		b.fill(".console input", "스크립트 한 줄", wrong+kb.Escape+kb.Enter)
		b.until(wrong+" is refused", `document.querySelectorAll(".console .wrong").length > wrongs`)
		var text string
		b.eval(&text, `[...document.querySelectorAll(".console .wrong")].at(-1).lastChild.textContent`)
		if !strings.ContainsFunc(text, func(r rune) bool { return r >= '가' && r <= '힣' }) {
			t.Errorf("%s is refused in English: %s", wrong, text)
		}
	}
}

// TestKoreanAnswers: what show and help print is in Korean, as tables.
func TestKoreanAnswers(t *testing.T) {
	t.Parallel()
	b := korean(t)
	b.until("the panels are there", `document.querySelector("partita-console")`)
	for _, c := range []struct{ line, says, title string }{
		{"show group billing", "billing: Stable, 세대 1, 멤버 2개", "맡은 멤버"},
		{"show consumer c1", "처리 전 레코드", "하이 워터마크"},
		{"show brokers", "", "역할"},
		{"show replicas orders", "", "갈라진 곳"},
		{"show ledger", "순서 어긋남 0", ""},
		{"help kafka-topics", "토픽을 만들고, 바꾸고", "설명"},
	} {
		b.fill(".console input", "스크립트 한 줄", c.line+kb.Escape+kb.Enter)
		b.until(c.line+" is answered in Korean", `(() => {
			const answer = [...document.querySelectorAll(".console li")].at(-1);
			const titles = [...answer.querySelectorAll("th")].map((e) => e.innerText);
			return answer.matches(".answer") && answer.innerText.includes(`+quote(c.says)+`) && titles.every((title) => /[가-힣]/.test(title))
				&& (`+quote(c.title)+` === "" || titles.includes(`+quote(c.title)+`));
		})()`)
	}
}
