package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// still is a group of one that has read some records and committed fewer, standing still.
const still = `clear
topic create orders partitions=1
producer add p1 topic=orders rate=5/s keys=truck-1..truck-3
consumer add c1 group=billing topics=orders process=10ms auto.offset.reset=earliest enable.auto.commit=false
advance 5s
producer pause p1
advance 1s
consumer commit c1
advance 1s
producer resume p1
advance 1s
producer pause p1
advance 1s
pause`

// drag takes a mark from where it stands to an offset; between press and release it waits
// until the page shows what the move would mean.
func (b *tab) drag(group, what string, offset int64, shows string) {
	b.t.Helper()
	var from, to [2]float64
	b.eval(&from, fmt.Sprintf("partitaTest.mark(0, %q, %q)", group, what))
	b.eval(&to, fmt.Sprintf("partitaTest.mark(0, %q, %q, %d)", group, what, offset))
	mouse := func(kind input.DispatchMouseEventType, at [2]float64, button input.MouseButton) {
		buttons := int64(0)
		if button == input.MouseButtonLeft && kind != input.DispatchMouseEventTypeMouseReleased {
			buttons = 1
		}
		b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			_, err := cdp.Call(ctx, t, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: at[0], Y: at[1], Button: button, Buttons: buttons, ClickCount: 1})
			return chromedp.Void{}, err
		})
	}
	mouse(input.DispatchMouseEventTypeMouseMoved, from, input.MouseButtonNone)
	b.until("what moves marks is loaded", `document.querySelector("partita-stage").grip`)
	mouse(input.DispatchMouseEventTypeMouseMoved, from, input.MouseButtonNone)
	b.until("the mark can be taken", `document.querySelector(".tape-room").matches(".grasp")`)
	mouse(input.DispatchMouseEventTypeMousePressed, from, input.MouseButtonLeft)
	b.eval(nil, `new Promise(requestAnimationFrame)`) // the page takes hold of it
	for i := 1.0; i <= 4; i++ {
		mouse(input.DispatchMouseEventTypeMouseMoved, [2]float64{from[0] + (to[0]-from[0])*i/4, from[1] + 2}, input.MouseButtonLeft)
	}
	b.until("it says what it would do", fmt.Sprintf(`[...document.querySelectorAll(".tip code")].some((e) => e.textContent.includes(%s))`, quote(shows)))
	mouse(input.DispatchMouseEventTypeMouseReleased, to, input.MouseButtonLeft)
}

const billing = `partitaTest.frame.marks[0]`

// TestMarksAreDragged moves a position, commits, and resets a group with the pointer. Each
// is a line in the console, and says what it equals in Kafka.
func TestMarksAreDragged(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.play(still)
	b.until("there is something to commit", billing+`.committed >= 10 && `+billing+`.position >= `+billing+`.committed + 4`)
	var committed, position int64
	b.eval(&committed, billing+".committed")
	b.eval(&position, billing+".position")

	t.Log("the flag to where the member stands: it commits")
	b.drag("billing", "committed", position, "consumer commit c1")
	b.until("the console shows the line", `partitaTest.find(".console .sent", "consumer commit c1")`)
	b.play("advance 1s")
	b.until("it is committed", fmt.Sprintf(billing+".committed === %d", position))

	t.Log("the diamond back: it reads again")
	back := position - 4
	line := fmt.Sprintf("consumer seek c1 orders-0 %d", back)
	b.drag("billing", "position", back, line)
	b.until("the console shows the line", fmt.Sprintf(`partitaTest.find(".console .sent", %q)`, line))
	b.until("the position is there", fmt.Sprintf(billing+".position === %d", back))

	t.Log("the flag elsewhere: a group with members is not reset, and the mark says so")
	b.drag("billing", "committed", position-6, "--reset-offsets --to-offset")
	b.until("the reason stands there", `document.querySelector(".tip .wrong")?.textContent.length > 10 || partitaTest.find(".console .wrong", "member")`)

	t.Log("without members it is")
	b.play("consumer leave c1\nadvance 2s")
	b.drag("billing", "committed", position-6, fmt.Sprintf("group reset billing orders-0 %d", position-6))
	b.until("the committed offset is there", fmt.Sprintf(billing+".committed === %d", position-6))
	b.until("the console shows the line", `partitaTest.find(".console .sent", "group reset billing orders-0")`)
}

// TestMarksByKeyboard does the same without a mouse.
func TestMarksByKeyboard(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.play(still)
	var position int64
	b.eval(&position, billing+".position")
	b.tabTo("The stage. Arrow keys walk over the records")
	b.keys("m")
	b.until("the committed offset is a slider with the focus", `document.activeElement.matches(".grip[role=slider]") && document.activeElement.getAttribute("aria-label").includes("billing in orders-0")`)
	b.keys("m")
	b.until("the next one is the position", `document.activeElement.getAttribute("aria-label").startsWith("Position of c1")`)
	b.keys(kb.ArrowLeft + kb.ArrowLeft)
	line := fmt.Sprintf("consumer seek c1 orders-0 %d", position-2)
	b.until("it says what it would do", fmt.Sprintf(`document.activeElement.getAttribute("aria-valuetext").includes(%q)`, line))
	b.keys(kb.Enter)
	b.until("the position is there", fmt.Sprintf(billing+".position === %d", position-2))
	b.until("the console shows the line", fmt.Sprintf(`partitaTest.find(".console .sent", %q)`, line))
	b.keys(kb.Escape)
	b.until("the focus is back on the stage", `document.activeElement.matches(".stage-scroll") && !document.querySelector(".grip")`)
}
