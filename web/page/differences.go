package page

import (
	"strings"

	"partita/web/lang"
)

// Absent is the value of what is not there at all.
const Absent = "(nothing)"

// Difference is one thing that can be seen and is not as at Apache Kafka. The referee's
// tests read the same table that the page shows: what differs and is not listed fails, and
// so does what is listed and does not differ.
type Difference struct {
	What  string // act, step and field; * stands for anything
	Kafka string // what Apache Kafka shows; * for anything
	Here  string // what is shown instead; * for anything
}

// Reason is why some things differ.
type Reason struct {
	Why string // in English
	Of  []Difference
}

// Is tells whether the difference is the one that was seen.
func (d *Difference) Is(what, kafka, here string) bool {
	return match(d.What, what) && match(d.Kafka, kafka) && match(d.Here, here)
}

// match tells whether text is as the pattern says.
func match(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	last := len(parts) - 1
	if last == 0 {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1:last] {
		if _, rest, ok = strings.Cut(rest, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, parts[last])
}

// Differences is where Partita is seen to differ from Apache Kafka.
func Differences() []Difference { return flat(differences) }

// KfakeDifferences is where franz-go's kfake is seen to, which the same work is done at.
func KfakeDifferences() []Difference { return flat(kfakeDifferences) }

func flat(reasons []Reason) (all []Difference) {
	for i := range reasons {
		all = append(all, reasons[i].Of...)
	}
	return all
}

// Names are the same in every language.
const (
	kafkaName   = "Apache Kafka"
	partitaName = "Partita"
	kfakeName   = "kfake"
)

// DifferencesView is the page at /differences.
type DifferencesView struct {
	Chrome
	Partita []Reason
	Kfake   []Reason
}

// DifferencesOf is the model of the page at /differences.
func DifferencesOf(l lang.Lang) DifferencesView {
	return DifferencesView{chrome(l, "about", plainEntry, l.Text("Differences from Apache Kafka"),
		l.Text("Every difference between Partita and Apache Kafka that the same work shows, with its reason.")), differences, kfakeDifferences}
}
