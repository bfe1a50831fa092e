package why

import (
	"strings"
	"testing"

	"partita/engine"
)

// TestShareOfNoPartitions: a group leader may name a topic of which a member gets nothing.
func TestShareOfNoPartitions(t *testing.T) {
	a := engine.Assignment{Partitions: []engine.TopicPartitions{{Topic: "orders"}}}
	m := engine.MemberView{Assignment: a.Append(nil, 0)}
	q := &query{}
	q.rangeShare("orders", 1, 1, 2, &m)
	if text := Text(string(q.out)); !strings.Contains(text, "so it gets none") || strings.Contains(text, "It has others now") {
		t.Errorf("of a topic of which it has nothing:\n%s", text)
	}
}
