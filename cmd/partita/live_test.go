package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// until runs a command until its output holds a text.
func until(t *testing.T, server, text string, args ...string) string {
	t.Helper()
	for limit := time.After(30 * time.Second); ; {
		out, err := command(t, server, "", args...)
		if err == nil && strings.Contains(out, text) {
			return out
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-limit:
			t.Fatalf("partita %s never said %q: %v\n%s", strings.Join(args, " "), text, err, out)
		}
	}
}

// TestLiveGroups: groups with members, of the classic protocol and of KIP-848's, have
// Kafka's columns, and their offsets cannot be reset.
func TestLiveGroups(t *testing.T) {
	t.Parallel()
	s := ours(t).server
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		p := program{in: strings.NewReader(""), out: &bytes.Buffer{}, errors: &bytes.Buffer{}}
		ended <- p.run(ctx, "consume", "orders", "--group", "classic", "--client-id", "reader", "--bootstrap-server", s)
	}()
	next, err := kgo.NewClient(kgo.SeedBrokers(s), kgo.ConsumerGroup("next"), kgo.ConsumeTopics("orders"), kgo.ServerSideBalancer(), kgo.ClientID("modern"))
	if err != nil {
		t.Fatal(err)
	}
	defer next.CloseAllowingRebalance()
	go next.PollFetches(ctx)

	for group, want := range map[string][2]string{"classic": {"reader", "cooperative-sticky"}, "next": {"modern", "uniform"}} {
		out := until(t, s, want[0], "groups", "describe", group)
		fields := strings.Fields(row(out, "orders          2"))
		if len(fields) != 9 || fields[0] != group || fields[2] != "2" || fields[4] != "0" || fields[7] != "/127.0.0.1" || fields[8] != want[0] {
			t.Errorf("describe %s: %q in\n%s", group, fields, out)
		}
		members := must(t, s, "", "groups", "describe", group, "--members", "--verbose")
		if fields := strings.Fields(row(members, want[0])); len(fields) != 6 || fields[4] != "3" || fields[5] != "orders(0,1,2)" {
			t.Errorf("members of %s:\n%s", group, members)
		}
		state := strings.Fields(row(must(t, s, "", "groups", "describe", group, "--state"), s))
		if len(state) != 6 || state[1] != s || state[2] != "(101)" || state[3] != want[1] || state[4] != "Stable" || state[5] != "1" {
			t.Errorf("state of %s: %q", group, state)
		}
		if _, err := command(t, s, "", "groups", "reset-offsets", group, "--topic", "orders", "--to-latest", "--execute"); err == nil || !strings.Contains(err.Error(), "stop its") {
			t.Errorf("reset of %s while it has a member: %v", group, err)
		}
		if _, err := command(t, s, "", "groups", "delete", group); err == nil || !strings.Contains(err.Error(), "NON_EMPTY_GROUP: the group has members: stop its consumers first") {
			t.Errorf("%s deleted while it has a member: %v", group, err)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("consume: %v", err)
	}
	if out := must(t, s, "", "groups", "list", "--state", "empty,stable"); row(out, "classic") == "" || row(out, "next") == "" {
		t.Errorf("list:\n%s", out)
	}
}

// TestIdle: a member of a group waits for its partitions before it counts as idle.
func TestIdle(t *testing.T) {
	t.Parallel()
	s := ours(t).server
	must(t, s, "one\ntwo\n", "produce", "orders", "--partition", "0", "--file", "-")
	if out := must(t, s, "", "consume", "orders", "--group", "g", "--from-beginning", "--idle", "2s"); out != "one\ntwo\n" {
		t.Errorf("it read %q", out)
	}
	file := filepath.Join(t.TempDir(), "lines")
	if err := os.WriteFile(file, []byte("three\nfour\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	must(t, s, "", "produce", "orders", "--partition", "0", "--file", file)
	if out := must(t, s, "", "consume", "orders", "--group", "g", "--from-beginning", "--idle", "2s"); out != "three\nfour\n" {
		t.Errorf("then it read %q", out)
	}
}

// TestUsers: the commands prove who they are, and say what to do when they cannot.
func TestUsers(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(file, []byte("# a room\nmain secret\nmain/ann hers\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serving(t, "--kafka-users", file, "--kafka-super-users", "main")
	for _, mechanism := range []string{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"} {
		if out := must(t, s, "", "topics", "list", "--user", "main", "--password", "secret", "--sasl-mechanism", mechanism); out != "orders\n" {
			t.Errorf("%s: %q", mechanism, out)
		}
	}
	open := ours(t).server
	for _, c := range []struct{ server, line, want string }{
		{s, "topics list", "does it want TLS (--tls) or a user (--user and --password)?"},
		{s, "topics list --user main --password wrong", `the broker refuses user "main": check --user and --password`},
		{s, "topics create mine --user main/ann --password hers", "topic mine: TOPIC_AUTHORIZATION_FAILED: you may not do that with this topic"},
		{s, "produce orders --user main/ann --password hers", "TOPIC_AUTHORIZATION_FAILED: you may not do that with this topic"},
		{s, "topics list --user main --password secret --tls", "it may not speak TLS: leave out --tls"},
		{open, "topics list --user main --password secret", "the broker does not know users, or not by PLAIN: leave out --user"},
	} {
		if _, err := command(t, c.server, "line\n", append(strings.Fields(c.line), "--timeout", "5s")...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("partita %s: %v, want %q", c.line, err, c.want)
		}
	}
}
