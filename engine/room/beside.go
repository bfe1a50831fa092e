package room

import (
	"partita/engine"
	"partita/engine/scene"
	"partita/engine/sim"
)

// besides is what a room keeps for the picture of the run that stands beside its own.
type besides struct {
	builder *scene.Builder
	frame   scene.Frame
}

// openBeside makes ready for the picture of another run. It gives what that run's timeline
// keeps beside the world.
func (r *Room) openBeside(w *sim.World) (save func() any, load func(any)) {
	b := scene.NewBuilder(w)
	b.Open = r.config.Open
	w.OnNote = func(at engine.Time, tone uint8, text string) { b.Note(at, tone, text) }
	w.OnClear = b.Clear
	r.beside.builder = b
	return func() any { return b.Kept() }, func(kept any) { b.Restore(kept.(scene.Kept)) }
}

// Beside appends a FromBeside packet: the frame of the run that stands beside this one.
// It appends nothing when none does.
func (r *Room) Beside(dst []byte, cells uint16, topic string) []byte {
	if w, _ := r.runner.Other(); w == nil {
		return dst
	}
	f := &r.beside.frame
	r.head(f)
	r.beside.builder.Build(f, scene.Viewport{Cells: int(fit(cells)), Topic: topic})
	return scene.AppendFrame(append(dst, FromBeside), f)
}
