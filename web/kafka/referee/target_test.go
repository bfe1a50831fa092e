package referee

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"partita/web/host"
	"partita/web/kafka"
)

// target is a cluster that is asked.
type target struct {
	name  string
	addr  string
	rooms *host.Rooms // of Partita
}

// The names of the targets.
const (
	nameApache  = "Apache Kafka"
	namePartita = "Partita"
	nameKfake   = "kfake"
)

// What the tests of Kafka's tools share. A test that looks at all groups or at a cluster's
// own settings starts one of its own, so that it may run beside them.
var (
	theApache  = sync.OnceValues(startReferee)
	thePartita = sync.OnceValues(startPartita)
)

var (
	cleaning sync.Mutex
	cleanups []func()
)

// finally runs clean after all tests.
func finally(clean func()) {
	cleaning.Lock()
	defer cleaning.Unlock()
	cleanups = append(cleanups, clean)
}

// startReferee starts a cluster of Apache Kafka's.
func startReferee() (*apache, error) {
	ctx, cancel := context.WithTimeout(context.Background(), most)
	defer cancel()
	a, err := startApache(ctx)
	if a != nil {
		finally(a.stop)
	}
	return a, err
}

// TestMain stops the clusters that were started.
func TestMain(m *testing.M) {
	status := m.Run()
	for _, clean := range cleanups {
		clean()
	}
	os.Exit(status)
}

// apacheKafka is the referee.
func apacheKafka(t testing.TB) *target {
	t.Helper()
	a, err := theApache()
	if err != nil {
		t.Fatal(err)
	}
	return &target{name: nameApache, addr: a.addr}
}

// partita is who is judged.
func partita(t testing.TB) *target {
	t.Helper()
	p, err := thePartita()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// startPartita serves a live room with nothing in it.
func startPartita() (*target, error) { return startPartitaOf(1) }

// startPartitaOf does so with a number of brokers.
func startPartitaOf(brokers int) (*target, error) {
	quiet := slog.New(slog.DiscardHandler)
	rooms, err := host.NewRoomsOf(quiet, brokers, settings...)
	if err != nil {
		return nil, err
	}
	s := kafka.New(rooms, kafka.Config{Addr: "127.0.0.1:0", Log: quiet})
	if err := s.Listen(); err != nil {
		return nil, err
	}
	s.Serve()
	finally(func() {
		ctx, cancel := context.WithTimeout(context.Background(), most)
		defer cancel()
		if err := errors.Join(s.Close(ctx), rooms.Stop(ctx)); err != nil {
			fmt.Fprintln(os.Stderr, "Partita did not stop:", err)
		}
	})
	p := &target{name: namePartita, addr: s.Addr(), rooms: rooms}
	return p, p.empty()
}

// empty removes what a live room begins with.
func (p *target) empty() error {
	c, err := kgo.NewClient(kgo.SeedBrokers(p.addr))
	if err != nil {
		return err
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), most)
	defer cancel()
	groups, err := kadm.NewClient(c).DeleteGroups(ctx, host.TabsGroup)
	if err == nil {
		err = groups.Error()
	}
	if err != nil {
		return err
	}
	topics, err := kadm.NewClient(c).DeleteTopics(ctx, host.TabsTopic)
	return errors.Join(err, topics.Error())
}

// startKfake starts franz-go's fake of Kafka.
func startKfake() (*target, error) {
	c, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		return nil, err
	}
	finally(c.Close)
	return &target{name: nameKfake, addr: c.ListenAddrs()[0]}, nil
}

// within is a context for what a test waits for.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), most)
	t.Cleanup(cancel)
	return ctx
}

// franz makes a franz-go client of a cluster.
func (p *target) franz(t testing.TB, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(p.addr), kgo.MetadataMinAge(50 * time.Millisecond)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}
