package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
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
	b.dragIn(false, group, what, offset, shows)
}

// dragIn drags in the page's own run, or in the one that stands beside it.
func (b *tab) dragIn(beside bool, group, what string, offset int64, shows string) {
	b.t.Helper()
	stage := fmt.Sprintf(`document.querySelectorAll("partita-stage")[%d]`, map[bool]int{true: 1}[beside])
	b.eval(nil, stage+`.querySelector(".tape-room").scrollIntoView({ block: "center", behavior: "instant" })`)
	var from, to [2]float64
	b.eval(&from, fmt.Sprintf("partitaTest.mark(0, %q, %q, undefined, %t)", group, what, beside))
	b.eval(&to, fmt.Sprintf("partitaTest.mark(0, %q, %q, %d, %t)", group, what, offset, beside))
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
	b.until("what moves marks is loaded", stage+`.grip`)
	mouse(input.DispatchMouseEventTypeMouseMoved, from, input.MouseButtonNone)
	b.until("the mark can be taken", stage+`.querySelector(".tape-room").matches(".grasp")`)
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

// touch sends a finger to the page: where it is, or nowhere once it is lifted.
func (b *tab) touch(kind input.DispatchTouchEventType, at ...[2]float64) {
	b.t.Helper()
	points := []*input.TouchPoint{}
	for _, p := range at {
		points = append(points, &input.TouchPoint{X: p[0], Y: p[1]})
	}
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
		return chromedp.Void{}, err
	})
}

// TestMarksByTouch drags the committed offset of a group with a finger, on a phone: as the
// first thing that anybody does there, and beside the flag. A finger that goes up scrolls.
func TestMarksByTouch(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.do(phone.resize, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
		return chromedp.Void{}, err
	})
	b.play(still + "\nconsumer leave c1\nadvance 2s")
	var committed int64
	b.eval(&committed, billing+".committed")
	wanted := committed - 5
	b.eval(nil, `document.querySelector(".tape-room").scrollIntoView({ block: "center", behavior: "instant" })`)
	b.until("it stands still", `(async () => { const at = String(partitaTest.mark(0, "billing", "committed")); for (let i = 0; i < 5; i++) await new Promise(requestAnimationFrame); return at === String(partitaTest.mark(0, "billing", "committed")) })()`)
	var from, to [2]float64
	b.eval(&from, `partitaTest.mark(0, "billing", "committed")`)
	b.eval(&to, fmt.Sprintf(`partitaTest.mark(0, "billing", "committed", %d)`, wanted))
	from[0] -= 8 // a finger is not exact
	from[1] += 6
	b.touch(input.DispatchTouchEventTypeTouchStart, from)
	b.until("what moves marks is loaded", `document.querySelector("partita-stage").grip`)
	b.eval(nil, `new Promise(requestAnimationFrame)`)
	for i := 1.0; i <= 6; i++ {
		b.touch(input.DispatchTouchEventTypeTouchMove, [2]float64{from[0] + (to[0]-from[0])*i/6, from[1] + i/3})
	}
	b.touch(input.DispatchTouchEventTypeTouchMove, [2]float64{to[0] + 4, from[1] + 2})
	line := fmt.Sprintf("group reset billing orders-0 %d", wanted)
	b.until("it says what it would do", fmt.Sprintf(`[...document.querySelectorAll(".tip code")].some((e) => e.textContent.includes(%q))`, line))
	b.until("the tip is on the screen", `(() => { const box = document.querySelector(".tip").getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth })()`)
	b.touch(input.DispatchTouchEventTypeTouchEnd)
	b.until("the committed offset is there", fmt.Sprintf(billing+".committed === %d", wanted))
	b.until("nothing is in hand any more", `!document.querySelector(".grip")`)

	t.Log("a tap on a mark asks why; the first may only stop what the drag has set in motion")
	b.eval(&from, `partitaTest.mark(0, "billing", "committed")`)
	asked := false
	for i := 0; i < 8 && !asked; i++ {
		b.touch(input.DispatchTouchEventTypeTouchStart, from)
		b.touch(input.DispatchTouchEventTypeTouchEnd)
		b.eval(nil, `(async () => { for (let i = 0; i < 20; i++) await new Promise(requestAnimationFrame) })()`)
		b.eval(&asked, `document.querySelector(".why-panel") !== null`)
	}
	b.until("it is explained", `partitaTest.find(".why-panel .name", "billing in orders-0")`)
}

// TestMarksOfTheOtherRun drags a mark of the run that stands beside the page's own: its line
// goes to that run alone.
func TestMarksOfTheOtherRun(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.play(still + "\nconsumer leave c1\nadvance 2s")
	b.line("compare begin")
	b.until("two stages stand there", `document.querySelectorAll("partita-stage").length === 2 && partitaTest.beside?.marks.length === 1`)
	b.eval(nil, `(async () => { for (let i = 0; i < 40; i++) await new Promise(requestAnimationFrame) })()`)
	var committed int64
	b.eval(&committed, billing+".committed")
	line := fmt.Sprintf("other group reset billing orders-0 %d", committed-4)
	b.dragIn(true, "billing", "committed", committed-4, line)
	b.until("the other run has it", fmt.Sprintf(`partitaTest.beside.marks[0].committed === %d`, committed-4))
	b.until("the console shows the line", fmt.Sprintf(`partitaTest.find(".console .sent", %q)`, line))
	b.until("the page's own has not", fmt.Sprintf(billing+".committed === %d", committed))

	t.Log("by keyboard, with Kafka's own command")
	b.eval(nil, `document.querySelectorAll(".stage-scroll")[1].focus()`)
	b.keys("m")
	b.until("a mark is in hand", `document.activeElement.matches("partita-compare .grip")`)
	b.keys(kb.ArrowLeft)
	b.until("it says what it equals", `[...document.querySelectorAll("partita-compare .tip code")].some((e) => e.textContent.includes("--reset-offsets --to-offset"))`)
	b.keys(kb.Enter)
	b.until("the other run has it", fmt.Sprintf(`partitaTest.beside.marks[0].committed === %d`, committed-5))
	b.keys(kb.Escape)

	t.Log("and why is asked of that run")
	b.keys("w")
	b.until("the walk is in that stage", `document.querySelector("partita-compare .tip").innerText.includes("log start offset")`)
	b.keys(kb.Enter)
	b.until("it is explained", `partitaTest.find(".why-panel .name", "orders-0, log start offset")`)
}

// TestMarksInACrowd drags where cells are small, and where a partition is a rail: there a
// group's committed offset is a tick.
func TestMarksInACrowd(t *testing.T) {
	t.Parallel()
	b := playground(t)
	for look, partitions := range map[string]int{"mini": 32, "rail": 64} {
		b.play(fmt.Sprintf(`clear
topic create orders partitions=%d
producer add p1 topic=orders rate=500/s keys=k-1..k-900
consumer add c1 group=billing topics=orders process=1ms max.poll.records=5000 auto.offset.reset=earliest
advance 8s
producer pause p1
advance 6s
consumer leave c1
advance 2s
pause`, partitions))
		b.eval(nil, `(async () => { for (let i = 0; i < 40; i++) await new Promise(requestAnimationFrame) })()`)
		b.until("partitions are drawn as "+look, fmt.Sprintf(`document.querySelector("partita-stage").layout.look === %q`, look))
		var committed int64
		b.eval(&committed, `partitaTest.frame.marks.find((m) => m.stave === 0).committed`)
		if committed < 12 {
			t.Fatalf("%s: committed %d", look, committed)
		}
		b.drag("billing", "committed", committed-6, fmt.Sprintf("group reset billing orders-0 %d", committed-6))
		b.until("the committed offset is there", fmt.Sprintf(`partitaTest.frame.marks.find((m) => m.stave === 0).committed === %d`, committed-6))
	}
}
