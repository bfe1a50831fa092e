package sim

import (
	"partita/engine"
	"partita/engine/client"
)

// Tones of a sentence, as a picture shows them.
const (
	TonePlain uint8 = iota
	ToneGood
	ToneWarn
	ToneBad
)

// Sentence says what an event means, in one plain sentence; empty for an event that
// speaks for itself in a picture, such as an append.
func Sentence(w *World, ev *engine.Event) (text string, tone uint8) {
	return "", TonePlain
}

// FactSentence says what a consumer did, in one plain sentence; empty where the
// cluster's own events tell it, or nobody would want to read it each time.
func FactSentence(c *Consumer, f *client.Fact) (text string, tone uint8) {
	return "", TonePlain
}
