package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"partita/engine"
	"partita/web"
	"partita/web/host"
	"partita/web/kafka"
)

// server is the whole program on a port of its own.
type server struct {
	t    testing.TB
	url  string
	stop func()

	brokers  int                  // of each room; 0 stands for 1
	settings []engine.ConfigEntry // of its brokers
	kafka    string               // bootstrap.servers, for a server that lets Kafka clients in
}

// serve starts the program. It ends with the test.
func serve(t testing.TB) *server {
	t.Helper()
	s := &server{t: t}
	s.start("127.0.0.1:0")
	t.Cleanup(func() { s.stop() })
	return s
}

// serveKafka is serve for rooms of several brokers, with a port for each of them.
func serveKafka(t testing.TB, brokers int) *server {
	t.Helper()
	s := &server{t: t, brokers: brokers, settings: []engine.ConfigEntry{ // so that nobody waits long
		{Name: "group.initial.rebalance.delay.ms", Value: "300"},
		{Name: "group.min.session.timeout.ms", Value: "1000"},
		{Name: "broker.session.timeout.ms", Value: "2000"},
		{Name: "broker.heartbeat.interval.ms", Value: "500"},
	}}
	rooms := s.start("127.0.0.1:0")
	clients := kafka.New(rooms, kafka.Config{Addr: "127.0.0.1:0"})
	if err := clients.Listen(); err != nil {
		t.Fatal(err)
	}
	clients.Serve()
	c, err := kgo.NewClient(kgo.SeedBrokers(clients.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	all, err := kadm.NewClient(c).ListBrokers(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		s.kafka += fmt.Sprintf(",%s:%d", b.Host, b.Port)
	}
	s.kafka = s.kafka[1:]
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := clients.Close(ctx); err != nil {
			t.Error("the Kafka listener: ", err)
		}
		s.stop()
	})
	return s
}

func (s *server) start(addr string) *host.Rooms {
	s.t.Helper()
	made, err := web.New(web.Config{Addr: addr, Brokers: s.brokers, Settings: s.settings})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := made.Listen(); err != nil {
		s.t.Fatal(err)
	}
	s.url = made.URL()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- made.Serve(ctx) }()
	s.stop = func() {
		cancel()
		if err := <-done; err != nil {
			s.t.Error("the server:", err)
		}
		s.stop = func() {}
	}
	return made.Rooms()
}

// again starts the program anew where it was.
func (s *server) again() {
	s.t.Helper()
	s.start(strings.TrimPrefix(s.url, "http://"))
}

// roomView is what scripts read of a room; fields that no test needs are left out.
type roomView struct {
	Topics map[string]topicView `json:"topics"`
	Groups map[string]groupView `json:"groups"`
}

type topicView struct {
	Partitions []struct {
		Partition int   `json:"partition"`
		EndOffset int64 `json:"endOffset"`
	} `json:"partitions"`
}

type groupView struct {
	State      string `json:"state"`
	Generation int    `json:"generation"`
	Members    []struct {
		ID         string      `json:"id"`
		ClientID   string      `json:"clientId"`
		Assignment []partition `json:"assignment"`
	} `json:"members"`
	Partitions []struct {
		partition
		CommittedOffset *int64  `json:"committedOffset"`
		EndOffset       int64   `json:"endOffset"`
		Lag             int64   `json:"lag"`
		Owner           *string `json:"owner"`
	} `json:"partitions"`
}

type partition struct {
	Topic     string `json:"topic"`
	Partition int    `json:"partition"`
}

// room reads a room as a script would.
func (s *server) room(code string) (view roomView) {
	s.t.Helper()
	response, err := http.Get(s.url + "/api/rooms/" + code)
	if err != nil {
		s.t.Fatal(err)
	}
	s.read(response, &view)
	return view
}

func (s *server) read(response *http.Response, into any) {
	s.t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("%s answered %s: %s", response.Request.URL, response.Status, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		s.t.Fatalf("%s: %v: %s", response.Request.URL, err, body)
	}
}

// script runs lines in a room, and every one must go well.
func (s *server) script(code string, lines ...string) {
	s.t.Helper()
	if problem := s.tell(code, lines...); problem != "" {
		s.t.Fatal(problem)
	}
}

// tell runs lines in a room and gives the first error, empty when all went well.
func (s *server) tell(code string, lines ...string) (problem string) {
	s.t.Helper()
	body, _ := json.Marshal(map[string]any{"lines": lines})
	response, err := http.Post(s.url+"/api/rooms/"+code+"/script", "application/json", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	var view struct {
		Results []struct{ Text, Error string }
	}
	s.read(response, &view)
	if len(view.Results) != len(lines) {
		s.t.Fatalf("%d lines gave %d results", len(lines), len(view.Results))
	}
	for _, r := range view.Results {
		if r.Error != "" {
			return r.Text + ": " + r.Error
		}
	}
	return ""
}

// untilRoom waits until a room is as it should be.
func (s *server) untilRoom(code string, limit time.Duration, what string, so func(roomView) bool) roomView {
	s.t.Helper()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		view := s.room(code)
		if so(view) {
			return view
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			text, _ := json.MarshalIndent(view.Groups, "", " ")
			s.t.Fatalf("waited in vain until %s; the groups are\n%s", what, text)
		}
	}
}
