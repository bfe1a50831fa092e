package script

import (
	"errors"

	"partita/engine/sim"
)

// refusal is why a line did not work, as a phrase.
type refusal = sim.Refusal

// Told is an error of Run as a phrase, for those who show it in another language.
func Told(err error) string {
	var e refusal
	if errors.As(err, &e) {
		return string(e)
	}
	return err.Error()
}

// refuses is what to say where a cluster gives no reason.
var refuses = sim.Mark + "the cluster refuses this"
