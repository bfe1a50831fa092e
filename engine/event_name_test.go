package engine

import (
	"os"
	"regexp"
	"testing"
)

// TestKindNames: every kind of event.go has the name that stands there.
func TestKindNames(t *testing.T) {
	source, err := os.ReadFile("event.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^\tKind([A-Za-z0-9]+) +(?:// .*)?$|^\tKind([A-Za-z0-9]+)$`).FindAllStringSubmatch(string(source), -1)
	if len(found) < 60 {
		t.Fatalf("%d kinds found in event.go", len(found))
	}
	for i, match := range found {
		if got := Kind(i + 1).String(); got != match[1]+match[2] {
			t.Errorf("kind %d is called %q, want %s%s", i+1, got, match[1], match[2])
		}
	}
	if got := Kind(len(found) + 1).String(); got != "" {
		t.Errorf("there is a name too many: %q", got)
	}
}
