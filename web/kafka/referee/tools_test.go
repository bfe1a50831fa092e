package referee

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// changing is what cannot be the same in two clusters.
var changing = []struct {
	of   *regexp.Regexp
	name string
}{
	{regexp.MustCompile(`TopicId: [A-Za-z0-9_-]{22}`), "TopicId: ID"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "ADDRESS"},
	{regexp.MustCompile(`\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+\]`), "[TIME]"},
}

// text is what is compared of what a tool printed.
func (p printed) text() string {
	s := p.out + p.errs
	for _, c := range changing {
		s = c.of.ReplaceAllString(s, c.name)
	}
	var lines []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if before, list, ok := strings.Cut(line, "Configs: "); ok {
			words := strings.Split(list, ",") // in an order without meaning
			slices.Sort(words)
			line = before + "Configs: " + strings.Join(words, ",")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// same runs a tool at Apache Kafka and at Partita at the same time and compares what it
// printed and how it ended. It gives what Apache Kafka's said.
func same(t *testing.T, input, name string, args ...string) string {
	t.Helper()
	var got [2]printed
	var wait sync.WaitGroup
	for i, at := range []*target{apacheKafka(t), partita(t)} {
		wait.Go(func() { got[i] = tool(t, at, input, name, args...) })
	}
	wait.Wait()
	want := got[0].text()
	if have := got[1].text(); have != want || got[0].status != got[1].status {
		t.Errorf("%s %s\n-- at Apache Kafka (status %d):\n%s\n-- at Partita (status %d):\n%s", name, strings.Join(args, " "), got[0].status, want, got[1].status, have)
	}
	return want
}

// TestToolTopics: topics are made, changed, described and deleted by kafka-topics.
func TestToolTopics(t *testing.T) {
	t.Parallel()
	same(t, "", "kafka-topics", "--create", "--topic", "made", "--partitions", "3", "--config", "retention.ms=60000", "--config", "cleanup.policy=compact")
	same(t, "", "kafka-topics", "--describe", "--topic", "made")
	same(t, "", "kafka-topics", "--create", "--topic", "made")
	same(t, "", "kafka-topics", "--create", "--topic", "no/name")
	same(t, "", "kafka-topics", "--create", "--topic", "toomany", "--replication-factor", "3")
	same(t, "", "kafka-topics", "--alter", "--topic", "made", "--partitions", "5")
	same(t, "", "kafka-topics", "--alter", "--topic", "made", "--partitions", "2")
	same(t, "", "kafka-topics", "--list", "--exclude-internal", "--topic", "ma.*")
	same(t, "", "kafka-topics", "--delete", "--topic", "made")
	same(t, "", "kafka-topics", "--delete", "--topic", "made")
}
