package sim

import (
	"partita/engine"
)

// nextMost is how far Next looks ahead, in ms.
const nextMost = 600_000

// Next goes on until something happens whose sentence is more than plain: good, bad or a
// warning. When nothing does in ten minutes, or with about budget pieces of work, it stays
// where it was.
func (t *Timeline) Next(budget int) error {
	w := t.world
	if w.OnNote == nil { // sentences are made for those who listen
		w.OnNote = func(engine.Time, uint8, string) {}
		defer func() { w.OnNote = nil }()
	}
	from, work := w.now, w.worked()
	for was := w.chronicle.notable; w.chronicle.notable == was; {
		at, ok := w.Next()
		if ok && at <= from+nextMost && w.worked()-work < int64(budget) {
			w.step(at)
			continue
		}
		if !t.outside {
			if err := t.Seek(from, budget); err != nil {
				return err
			}
		}
		return Refusal(Mark + "nothing worth a notice comes in the next ten minutes")
	}
	return nil
}

// Previous goes back to where the last thing before this instant happened whose sentence is
// more than plain.
func (t *Timeline) Previous(budget int) error {
	if err := t.mayGoBack(); err != nil {
		return err
	}
	list := t.world.chronicle.happened
	for i := len(list) - 1; i >= 0; i-- {
		if h := &list[i]; h.Note > 0 && h.Tone != TonePlain && h.Event.At < t.world.now {
			return t.Seek(h.Event.At, budget)
		}
	}
	return Refusal(Mark + "nothing before this was worth a notice")
}
