package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// crowd is a run of so many brokers, partitions and members; it stands still.
func crowd(brokers, partitions, members int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "clear\ncluster brokers=%d latency=20ms\nlink latency=100ms\n", brokers)
	fmt.Fprintf(&b, "topic create orders partitions=%d replication=%d\n", partitions, min(brokers, 3))
	b.WriteString("producer add p1 topic=orders rate=200/s keys=truck-1..truck-90 acks=all\nproducer add p2 topic=orders rate=40/s acks=1\n")
	for i := range members {
		fmt.Fprintf(&b, "consumer add c%d group=billing topics=orders process=20ms auto.offset.reset=earliest\n", i+1)
	}
	b.WriteString("advance 8s\npause")
	return b.String()
}

// play runs lines of script in the page's room, and waits until what they did is drawn.
func (b *tab) play(lines string) {
	b.t.Helper()
	var wrong []string
	b.eval(&wrong, fmt.Sprintf(`(async () => {
		const results = await document.querySelector("partita-app").session.run(%s);
		for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame);
		return results.filter((r) => r.failed).map((r) => r.text);
	})()`, quote(lines)))
	if len(wrong) > 0 {
		b.t.Fatalf("tab %s: %q", b.name, wrong)
	}
}

// noOverlap checks that no two texts of the stage stand on each other.
func (b *tab) noOverlap(what string) {
	b.t.Helper()
	var found []string
	b.eval(&found, `partitaTest.overlaps(document.querySelector(".shell"))`)
	if len(found) > 0 {
		b.t.Errorf("%s: %d pairs of texts overlap: %q", what, len(found), found[:min(len(found), 12)])
	}
}

// TestCrowd: from one of everything to 9 brokers, 64 partitions and 50 members the stage
// shows less and never one thing on another, at a desk and on a phone.
func TestCrowd(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("PARTITA_SCREENSHOTS")
	b := playground(t)
	for _, c := range []struct{ brokers, partitions, members int }{{1, 1, 1}, {3, 6, 4}, {3, 12, 9}, {5, 24, 16}, {9, 40, 30}, {9, 64, 50}} {
		b.play(crowd(c.brokers, c.partitions, c.members))
		b.until("all of it is there", fmt.Sprintf(
			`partitaTest.frame.brokers.length === %d && partitaTest.frame.staves.length === %d && partitaTest.frame.groups[0].members.length === %d`, c.brokers, c.partitions, c.members))
		for _, size := range []screen{desk, phone, narrow, {2560, 1440}} {
			name := fmt.Sprintf("crowd-%dx%dx%d-%d.png", c.brokers, c.partitions, c.members, size.width)
			b.do(size.resize)
			b.eval(nil, `(async () => { for (let i = 0; i < 20; i++) await new Promise(requestAnimationFrame) })()`)
			b.fits()
			b.noOverlap(name)
			var drawn int
			b.eval(&drawn, `document.querySelector("partita-stage").texts().length`)
			if drawn < c.partitions/4 {
				t.Errorf("%s: only %d texts are drawn", name, drawn)
			}
			if folder == "" {
				continue
			}
			picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, name), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
