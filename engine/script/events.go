package script

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"partita/engine"
	"partita/engine/sim"
)

// eventsMost bounds the events of one output.
const eventsMost = 100_000

// showEvents prints every event of this run, from nothing up to now, as a table with tabs
// between its columns: for a file. The run is done again for it.
func showEvents(r *Runner, _ *args) {
	t := r.tape()
	if t == nil {
		return
	}
	w := sim.New(r.World.Config())
	again := &Runner{World: w, MaxWork: r.MaxWork}
	r.say("ms\tevent\tcode\ttopic\tpartition\tgroup\tmember\tepoch\toffset\tend\tnumber\ttext")
	left := eventsMost
	w.OnEvent = func(ev *engine.Event) {
		if left--; left >= 0 {
			r.out = appendEvent(r.out, w, ev)
		}
	}
	now := r.World.Now()
	t.Edits(-1, func(at engine.Time, line string) {
		if at <= now && left >= 0 {
			w.Advance(at, r.budget())
			_, err := again.Run(line)
			r.check(err)
		}
	})
	w.Advance(now, r.budget())
	if left < 0 {
		r.say("# " + itoa(int64(-left)) + " more: a file holds " + itoa(eventsMost))
	}
}

func appendEvent(out []byte, w *sim.World, ev *engine.Event) []byte {
	number := func(n int64, there bool) {
		out = append(out, '\t')
		if there {
			out = strconv.AppendInt(out, n, 10)
		}
	}
	text := func(s string) { out = append(append(out, '\t'), s...) }
	out = strconv.AppendInt(out, int64(ev.At), 10)
	text(ev.Kind.String())
	if ev.Code == engine.None {
		text("")
	} else {
		text(ev.Code.String())
	}
	topic := w.Engine().TopicName(ev.Topic)
	text(topic)
	number(int64(ev.Partition), topic != "")
	text(w.GroupName(ev.Group))
	member := ""
	if ev.Member != 0 {
		member = w.MemberName(ev.Member)
	}
	text(member)
	number(int64(ev.Epoch), ev.Epoch != 0)
	number(int64(ev.Offset), ev.Offset != 0 || ev.End != 0)
	number(int64(ev.End), ev.End != 0)
	number(ev.Aux, ev.Aux != 0)
	text(printable(ev.Bytes))
	return append(out, '\n')
}

// printable is text as it is, and anything else as its length: a record batch, say.
func printable(b []byte) string {
	if !utf8.Valid(b) || strings.ContainsFunc(string(b), func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return itoa(int64(len(b))) + " bytes"
	}
	return string(b)
}
