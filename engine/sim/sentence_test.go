package sim

import (
	"slices"
	"strings"
	"testing"
)

// TestTemplates checks that every sentence has a tone, names only fields that there
// are, and ends as a sentence does.
func TestTemplates(t *testing.T) {
	all := slices.Concat(eventSentences[:], removals[:], causes[:], factSentences[:], []string{
		offsetsTopicSentence, takenSentence, idleSentence, sendFailedSentence, movedSentence, movedAgainSentence,
		resetManySentence, noOffsetSentence, unheardSentence, waitingSentence,
		unslowedSentence, noControllerSentence, cutSentence, noLeaderSentence, uncleanSentence, preferredSentence, shrinkSentence,
		unsyncedSentence, movedThereSentence, moveEndedSentence}, brokerChanges[:],
		breachSentences[:], groupBreachSentences[:])
	f := words{who: "c1", group: "billing", topic: "orders", parts: "orders-0", text: "$W", code: 25, n: 1, at: 2}
	for _, template := range all {
		if template == "" {
			continue
		}
		phrase, tone := f.fill(template)
		text := Plain(phrase)
		if !strings.HasPrefix(phrase, Mark) || strings.Count(phrase, argMark) != strings.Count(phrase, argEnd) {
			t.Errorf("%q makes no phrase: %q", template, phrase)
		}
		if tone > ToneBad || !strings.HasSuffix(text, ".") || strings.Contains(strings.ReplaceAll(text, "$W", ""), "$") {
			t.Errorf("%q reads %q", template, text)
		}
		for i := range len(template) - 1 {
			if template[i] == '$' && !strings.ContainsRune("WGTPXCNMKROFEB", rune(template[i+1])) {
				t.Errorf("%q names a field that there is not", template)
			}
		}
	}
}
