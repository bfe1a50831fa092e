package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// output runs one command line to its end.
func output(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	p := program{out: &out, errors: io.Discard}
	err := p.run(t.Context(), args...)
	return out.String(), err
}

func TestVersion(t *testing.T) {
	text, err := output(t, "version")
	if err != nil || !strings.HasPrefix(text, "partita ") || !strings.Contains(text, "go1.") {
		t.Errorf("%q, %v", text, err)
	}
}

func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var out bytes.Buffer
	url := make(chan string, 1)
	p := program{out: &out, errors: io.Discard, ready: func(u string) { url <- u }}
	ended := make(chan error, 1)
	go func() { ended <- p.run(ctx, "serve", "--addr", "127.0.0.1:0", "--kafka", "127.0.0.1:0") }()
	select {
	case err := <-ended:
		t.Fatal(err)
	case u := <-url:
		r, err := http.Get(u + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != 200 {
			t.Errorf("status %d", r.StatusCode)
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the end: %v", err)
		}
		if want := "Partita is at " + u + " "; !strings.HasPrefix(out.String(), want) || strings.Count(out.String(), "\n") != 1 {
			t.Errorf("it printed %q, want one line that begins %q", out.String(), want)
		}
	}
}

func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "first.txt")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("# a topic\ntopic create orders partitions=2\nsend orders hello key=a\nadvance 1s\n\nshow topics\nexpect topic orders partitions=2 records=1\n")
	text, err := output(t, "run", file)
	if err != nil || !strings.Contains(text, "orders") {
		t.Errorf("%q, %v", text, err)
	}
	write("topic create orders partitions=2\nshow topics\nnonsense\nshow config orders\n")
	text, err = output(t, "run", file)
	if err == nil || !strings.Contains(err.Error(), file+":3: ") || strings.Contains(text, "retention.ms") {
		t.Errorf("a script with a mistake printed %q, %v", text, err)
	}
	if _, err := output(t, "run", file+"x"); err == nil {
		t.Error("a file that is not there was run")
	}
	if _, err := output(t, "run"); err == nil {
		t.Error("run without a file")
	}
}

func TestUnknown(t *testing.T) {
	for _, args := range [][]string{{"fly"}, {"serve", "--fly"}, {"serve", "more"}, {"serve", "--addr", "nowhere"}, {"serve", "--addr", "127.0.0.1:0", "--kafka", "0.0.0.0:0"},
		{"serve", "--addr", "127.0.0.1:0", "--brokers", "10"}, {"serve", "--addr", "127.0.0.1:0", "--kafka-users", "/nothing"}} {
		if _, err := output(t, args...); err == nil {
			t.Errorf("%v went well", args)
		}
	}
}
