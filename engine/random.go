package engine

import "math/rand/v2"

// random is the engine's only source of chance: seeded, and a plain value to copy.
type random struct{ pcg rand.PCG }

func newRandom(seed uint64) random {
	return random{*rand.NewPCG(seed, 0x9e3779b97f4a7c15)}
}

// uuid gives 36 characters in the form of a random (version 4) UUID.
func (r *random) uuid() string {
	const digits = "0123456789abcdef"
	var b [36]byte
	word := uint64(0)
	for i, left := 0, 0; i < len(b); i++ {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			b[i] = '-'
			continue
		}
		if left == 0 {
			word, left = r.pcg.Uint64(), 16
		}
		b[i] = digits[word&15]
		word >>= 4
		left--
	}
	b[14] = '4'
	b[19] = digits[8+(b[19]&3)]
	return string(b[:])
}
