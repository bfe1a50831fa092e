//go:build mutants

package engine

var planted bug

// Plant makes the engine wrong in one way, 1 to Bugs; 0 makes it right again.
func Plant(n int) { planted = bug(n) }

// Bugs is how many there are.
const Bugs = int(bugs) - 1
