package script

import "partita/engine/why"

// askWhy prints why something is as it is.
func askWhy(r *Runner, a *args) {
	answer, err := (&why.Asker{World: r.World}).Why(why.Question(a.words...))
	if r.check(err) {
		r.out = append(r.out, why.Text(answer)...)
	}
}
