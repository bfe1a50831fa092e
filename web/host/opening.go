package host

import (
	"partita/engine/room"
	"partita/engine/scene"
	"partita/engine/script"
)

// Opening runs the playground's opening script and lets look see the frame at its end:
// what a visitor's own engine will show first. The frame is lent for the call.
func Opening(cells uint16, look func(f *scene.Frame)) error {
	r, err := room.New(room.Config{Code: "playground", Seed: OpeningSeed, Script: script.Opening})
	if err != nil {
		return err
	}
	look(r.Picture(cells, ""))
	return nil
}

// OpeningSeed is the seed of the playground, for every visitor the same.
const OpeningSeed = 1
