package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// noteTops writes down, in each animation frame from the first, where the list of things to
// try begins, and where each of them stands once there are some: they follow the picture.
const noteTops = `(() => {
	globalThis.tops = new Set();
	globalThis.places = new Set();
	const look = () => {
		const list = document.querySelector(".steps");
		if (list) tops.add(String(list.getBoundingClientRect().top));
		if (list?.children.length) places.add(JSON.stringify([...list.children].map((e) => e.getBoundingClientRect()).map((box) => [box.top, box.bottom])));
		requestAnimationFrame(look);
	};
	requestAnimationFrame(look);
})()`

// TestWelcome: it is there from the first drawing and comes once; it covers nothing, moves
// nothing, and does not hold up the stage.
func TestWelcome(t *testing.T) {
	t.Parallel()
	for _, language := range []struct {
		name, next, start string
		titles            []string
	}{
		{"en", "Next", "Start", []string{"A Kafka you can watch", "Producers and consumers", "Time is yours", "Change something"}},
		{"ko", "다음", "시작", []string{"눈으로 보는 Kafka", "프로듀서와 컨슈머", "시간을 마음대로", "무엇이든 바꿔 보세요"}},
	} {
		t.Run(language.name, func(t *testing.T) {
			t.Parallel()
			v := visit(t, serve(t)).on(desk)
			v.looks = append(v.looks, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
				_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: noteTops})
				return chromedp.Void{}, err
			})
			b := v.open("/?lang=" + language.name)
			b.untilMoving()
			b.until("the stage moves on", `(globalThis.at ??= partitaTest.frame.time) < partitaTest.frame.time`)
			b.until("it traps nobody", `!document.querySelector("dialog[open]") && !document.activeElement.closest(".welcome-card")`)
			for i, title := range language.titles {
				b.until("it says "+title, `[...document.querySelectorAll(".welcome-card h2")].filter((e) => partitaTest.shown(e)).map((e) => e.innerText).join() === `+quote(title))
				b.until("what it is about is outlined", `document.querySelector(".welcomed")`)
				if i+1 < len(language.titles) {
					b.click(".welcome-card button", language.next)
				}
			}
			b.thingsToTryStand(t)
			b.click(".welcome-card button", language.start)
			b.until("it goes, and the rail says what this is", `!document.querySelector(".welcome-card, .welcomed") && partitaTest.find(".rail.try > h2", `+quote(language.titles[0])+`)`)
			b.goTo("/")
			b.untilMoving()
			b.until("the page runs for a while", `partitaTest.frame.time > 14000`)
			b.until("it does not come again", `!document.querySelector(".welcome-card")`)
		})
	}
}

// thingsToTryStand checks that the things to try are wholly in sight, where they were in the
// first frame.
func (b *tab) thingsToTryStand(t *testing.T) {
	t.Helper()
	var found struct {
		Tops, Places []string
		Rail         float64 // where its visible part ends
		Steps        []float64
	}
	b.eval(&found, `({ Tops: [...tops], Places: [...places], Rail: document.querySelector(".rail.try").getBoundingClientRect().bottom,
		Steps: [...document.querySelectorAll(".steps li")].map((e) => e.getBoundingClientRect().bottom) })`)
	if len(found.Tops) != 1 || len(found.Places) != 1 {
		t.Errorf("the things to try began at %q and stood at %q", found.Tops, found.Places)
	}
	if len(found.Steps) != 4 || found.Steps[3] > found.Rail {
		t.Errorf("things to try end at %v, the rail at %v", found.Steps, found.Rail)
	}
}
