package referee

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/web/page"
)

// seed makes the work that is done everywhere.
const seed = 42

// act is one piece of work. Its topics, groups and transactional ids begin with its name,
// so that acts do not see one another.
type act struct {
	name string
	do   func(p *play)
}

// acts are all of the work; the files work_*_test.go add to it.
var acts []act

func on(name string, do func(p *play)) { acts = append(acts, act{name, do}) }

// play is one act at one target.
type play struct {
	*testing.T
	at    *target
	act   string
	wire  *wire
	rand  *rand.Rand // the same at every target
	names map[string]string
	kinds map[string]int
	seen  map[string]string // what was seen: path and value
	steps map[string]int
}

// step makes the name of a step unique within its act.
func (p *play) step(name string) string {
	if p.steps[name]++; p.steps[name] > 1 {
		return fmt.Sprint(name, " #", p.steps[name])
	}
	return name
}

// see notes one thing that is to be the same everywhere.
func (p *play) see(what string, value any) {
	p.seen[p.act+": "+p.step(what)] = fmt.Sprint(value)
}

// do asks and notes the whole response, leaf by leaf.
func (p *play) do(step string, q kmsg.Request) kmsg.Response {
	return p.doAt(step, anyVersion, q)
}

func (p *play) doAt(step string, version int16, q kmsg.Request) kmsg.Response {
	path := p.act + ": " + p.step(step)
	a, err := p.ask(version, q)
	if err != nil {
		p.seen[path] = ended(err)
		return nil
	}
	p.flatten("", reflect.ValueOf(a), func(leaf, value string) { p.seen[path+" "+strings.TrimPrefix(leaf, ".")] = value })
	return a
}

// ask sends a request in a version and gives the response.
func (p *play) ask(version int16, q kmsg.Request) (a kmsg.Response, err error) {
	if version == anyVersion {
		version, _ = versions.LookupMaxKeyVersion(q.Key())
	}
	q.SetVersion(version)
	if p.wire == nil {
		if p.wire, err = dial(p.at.addr); err != nil {
			return nil, err
		}
	}
	if a, err = p.wire.ask(q, p.act); err != nil {
		p.wire.Close()
		p.wire = nil
	}
	return a, err
}

// until repeats a step that is not part of what is compared, until it says that it is done.
func (p *play) until(what string, done func() bool) {
	if !p.repeat(most/2, done) {
		p.see(what, "it never came to this")
	}
}

// repeat repeats until it is done, or for so long, and tells which.
func (p *play) repeat(longest time.Duration, done func() bool) bool {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for limit := time.After(longest); !done(); {
		select {
		case <-tick.C:
		case <-limit:
			return false
		}
	}
	return true
}

// perform does all acts at a target, a few at a time.
func perform(t *testing.T, at *target) map[string]string {
	all := map[string]string{}
	warm(t, at)
	var mu sync.Mutex
	var wait sync.WaitGroup
	turns := make(chan struct{}, 4)
	for _, a := range acts {
		if only := os.Getenv("PARTITA_ACT"); only != "" && !strings.HasPrefix(a.name, only) {
			continue
		}
		wait.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			p := &play{T: t, at: at, act: a.name, rand: rand.New(rand.NewPCG(seed, 1)), names: map[string]string{}, kinds: map[string]int{}, seen: map[string]string{}, steps: map[string]int{}}
			start := time.Now()
			a.do(p)
			if took := time.Since(start); took > 10*time.Second {
				t.Logf("%s took %.1f s at %s", a.name, took.Seconds(), at.name)
			}
			if p.wire != nil {
				p.wire.Close()
			}
			mu.Lock()
			defer mu.Unlock()
			maps.Copy(all, p.seen)
		})
	}
	wait.Wait()
	return all
}

// warm waits until the coordinators are there, with their internal topics.
func warm(t *testing.T, at *target) {
	p := &play{T: t, at: at, act: "warm", names: map[string]string{}, kinds: map[string]int{}, seen: map[string]string{}, steps: map[string]int{}}
	for kind := range int8(2) {
		p.until("coordinator", func() bool {
			q := kmsg.NewPtrFindCoordinatorRequest()
			q.CoordinatorType, q.CoordinatorKeys = kind, []string{"warm"}
			a, err := p.ask(anyVersion, q)
			return err == nil && len(a.(*kmsg.FindCoordinatorResponse).Coordinators) == 1 && a.(*kmsg.FindCoordinatorResponse).Coordinators[0].ErrorCode == 0
		})
	}
	for _, group := range []string{"warm", "b", "c", "d", "e", "f", "g", "h"} { // every partition of the coordinators' topics
		p.until("group", func() bool {
			q := kmsg.NewPtrOffsetFetchRequest()
			q.Groups = []kmsg.OffsetFetchRequestGroup{{Group: group, MemberEpoch: -1}}
			a, err := p.ask(anyVersion, q)
			return err == nil && !loading(a.(*kmsg.OffsetFetchResponse).Groups[0].ErrorCode)
		})
		p.until("producer", func() bool {
			q := kmsg.NewPtrInitProducerIDRequest()
			q.TransactionalID, q.TransactionTimeoutMillis, q.ProducerID, q.ProducerEpoch = &group, 10_000, -1, -1
			a, err := p.ask(anyVersion, q)
			return err == nil && a.(*kmsg.InitProducerIDResponse).ErrorCode == 0
		})
	}
	if len(p.seen) > 0 {
		t.Errorf("%s is not ready: %v", at.name, p.seen)
	}
}

// loading: there is no coordinator yet.
func loading(code int16) bool {
	return slices.Contains([]*kerr.Error{kerr.CoordinatorLoadInProgress, kerr.CoordinatorNotAvailable, kerr.NotCoordinator}, kerr.TypedErrorForCode(code))
}

// TestSameWork does the same work at Apache Kafka, at Partita and at kfake. What can be
// seen at the second and the third is what is seen at the first, except where the page
// /differences says otherwise; what it says must be so.
func TestSameWork(t *testing.T) {
	a, err := startReferee() // and nothing beside it: what kfake keeps of a group depends on the moment
	if err != nil {
		t.Fatal(err)
	}
	p, err := startPartita()
	if err != nil {
		t.Fatal(err)
	}
	kfake, err := startKfake()
	if err != nil {
		t.Fatal(err)
	}
	targets := []*target{{name: nameApache, addr: a.addr}, p, kfake}
	seen := make([]map[string]string, len(targets))
	var wait sync.WaitGroup
	for i, at := range targets {
		wait.Go(func() { seen[i] = perform(t, at) })
	}
	wait.Wait()
	judge(t, namePartita, seen[0], seen[1], ofCluster(page.Differences(), false))
	judge(t, nameKfake, seen[0], seen[2], page.KfakeDifferences())
	t.Logf("%d acts, %d things seen at Apache Kafka", len(acts), len(seen[0]))
}

// judge compares what was seen at a target with what was seen at Apache Kafka.
func judge(t *testing.T, name string, want, have map[string]string, listed []page.Difference) {
	used := make([]bool, len(listed))
	paths := slices.Collect(maps.Keys(want))
	for path := range have {
		if _, both := want[path]; !both {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	for _, path := range paths {
		w, h := orNothing(want, path), orNothing(have, path)
		if w == h {
			continue
		}
		found := false
		for i := range listed {
			if listed[i].Is(path, w, h) {
				used[i], found = true, true
			}
		}
		if !found {
			t.Errorf("%s differs from Apache Kafka, and /differences does not say so: %s\n\tApache Kafka  %s\n\t%-13s %s", name, path, w, name, h)
		}
	}
	for i, ok := range used {
		if !ok && os.Getenv("PARTITA_ACT") == "" {
			t.Errorf("/differences lists what is no longer so: %s, %q", name, listed[i].What)
		}
	}
}

func orNothing(seen map[string]string, path string) string {
	if v, ok := seen[path]; ok {
		return v
	}
	return page.Absent
}
