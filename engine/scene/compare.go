package scene

import "partita/engine/sim"

// Compare adds to a frame what its run and the one that stands beside it have come to;
// other is nil when none does.
func (b *Builder) Compare(f *Frame, other *sim.World, what string) {
	f.Compared, f.Figures = what, f.Figures[:0]
	if other == nil {
		return
	}
	here, there := b.world.Figures(), other.Figures()
	for i := range here {
		f.Figures = append(f.Figures, Difference{here[i].Name, here[i].Value, there[i].Value})
	}
}
