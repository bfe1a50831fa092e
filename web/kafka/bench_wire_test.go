//go:build bench

package kafka

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The benchmark of make bench-wire: every kind of client that this machine has, against
// Partita and whatever else speaks the protocol, in turn and in one run. A busy machine
// disturbs neighbours in time alike, so what counts are ratios within a round. Partita
// runs twice in each round: how far the two are apart is how far two figures must be apart
// to mean something.
//
//	PARTITA_BENCH_ROUNDS=5   how often everything runs; the figures are medians
//	PARTITA_BENCH_RECORDS=2  millions of 100-byte records a case
//	PARTITA_BENCH_ONLY=franz part of the name of the clients and of the case
//	PARTITA_BENCH_PROFILE=f  Partita alone, with a profile of the last server's processor time

// figures are what one case came to.
type figures struct {
	produced, consumed  float64 // records a second
	produceCPU, readCPU float64 // server seconds a million records
	memory              float64 // MiB
}

func (s *benchServer) run(t *testing.T, by *benchClient, c benchCase) (f figures) {
	c.topic = "bench"
	c.records -= c.records % c.clients
	s.createTopic(t, c.topic, benchPartitions)
	million := float64(c.records) / 1e6
	before := s.cpu()
	f.produced = float64(c.records) / by.produce(t, s, &c).Seconds()
	f.produceCPU = (s.cpu() - before).Seconds() / million
	before = s.cpu()
	f.consumed = float64(c.records) / by.consume(t, s, &c).Seconds()
	f.readCPU = (s.cpu() - before).Seconds() / million
	f.memory = s.memory()
	return f
}

// median of what of returns for each, and the spread of the middle half.
func median(all []figures, of func(f *figures) float64) float64 {
	list := make([]float64, len(all))
	for i := range all {
		list[i] = of(&all[i])
	}
	slices.Sort(list)
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}

// ratio is the median of a over b, round by round.
func ratio(a, b []figures, of func(f *figures) float64) float64 {
	list := make([]float64, min(len(a), len(b)))
	for i := range list {
		list[i] = of(&a[i]) / of(&b[i])
	}
	slices.Sort(list)
	if len(list) == 0 {
		return math.NaN()
	}
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}

// again is Partita once more.
const again = "partita again"

func TestBenchWire(t *testing.T) {
	rounds := setting("PARTITA_BENCH_ROUNDS", 3)
	records := int(setting("PARTITA_BENCH_RECORDS", 2) * 1e6)
	only := os.Getenv("PARTITA_BENCH_ONLY")
	var cases []benchCase
	for _, size := range []int{100, 1024} {
		for _, clients := range []int{1, 32} {
			for _, acks := range []string{"1", "all"} {
				cases = append(cases, benchCase{size: size, clients: clients, acks: acks, records: records * 100 / max(100, min(size, 400))})
			}
		}
	}
	servers := []string{"partita", "kfake", again}
	for kind := range extraServers {
		servers = append(servers, kind)
	}
	if os.Getenv("PARTITA_BENCH_PROFILE") != "" {
		servers = servers[:1]
	}
	fmt.Println("| client | record, acks, connections | server | produced/s | MB/s | consumed/s | MB/s | CPU s/M produced | CPU s/M consumed | MiB |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	for _, by := range benchClients() {
		for _, c := range cases {
			if c.clients > 1 && !by.many || !strings.Contains(by.name+" "+c.String(), only) {
				continue
			}
			t.Run(by.name+" "+c.String(), func(t *testing.T) { benchRow(t, &by, c, servers, int(rounds)) })
		}
	}
	if strings.Contains("latency", only) {
		t.Run("latency", func(t *testing.T) { benchLatency(t, servers, int(rounds)) })
	}
}

// benchRow runs one case on every server in turn, forwards and backwards.
func benchRow(t *testing.T, by *benchClient, c benchCase, servers []string, rounds int) {
	all := map[string][]figures{}
	for round := range rounds {
		order := slices.Clone(servers)
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for _, kind := range order {
			touchMemory(t, 4*c.size*c.records)
			s := serveBench(t, strings.TrimSuffix(kind, " again"))
			all[kind] = append(all[kind], s.run(t, by, c))
			s.stop()
		}
	}
	for _, kind := range servers {
		if f := all[kind]; kind != again {
			mb := float64(c.size) / 1e6
			produced, consumed := median(f, ofProduced), median(f, ofConsumed)
			fmt.Printf("| %s | %v | %s | %.0f k | %.0f | %.0f k | %.0f | %.3f | %.3f | %.0f |\n", by.name, c, kind, produced/1e3, produced*mb,
				consumed/1e3, consumed*mb, median(f, ofProduceCPU), median(f, ofReadCPU), median(f, ofMemory))
		}
	}
	for _, other := range servers[1:] {
		b := all[other]
		fmt.Printf("<!-- %s, %v: partita to %s: produced %.2f, consumed %.2f, CPU %.2f and %.2f, memory %.2f -->\n", by.name, c, other,
			ratio(all["partita"], b, ofProduced), ratio(all["partita"], b, ofConsumed), ratio(all["partita"], b, ofProduceCPU),
			ratio(all["partita"], b, ofReadCPU), ratio(all["partita"], b, ofMemory))
	}
}

func ofProduced(f *figures) float64   { return f.produced }
func ofConsumed(f *figures) float64   { return f.consumed }
func ofProduceCPU(f *figures) float64 { return f.produceCPU }
func ofReadCPU(f *figures) float64    { return f.readCPU }
func ofMemory(f *figures) float64     { return f.memory }

// benchLatency is the time from producer to consumer at 1,000 records a second.
func benchLatency(t *testing.T, servers []string, rounds int) {
	type pair struct{ p50, p99 time.Duration }
	all := map[string][]pair{}
	for range max(rounds, 3) {
		for _, kind := range servers {
			s := serveBench(t, strings.TrimSuffix(kind, " again"))
			var p pair
			p.p50, p.p99 = s.latency(t, 3)
			all[kind] = append(all[kind], p)
			s.stop()
		}
	}
	fmt.Print("\n| 1,000 records/s, end to end | p50 | p99 |\n|---|---|---|\n")
	for _, kind := range servers {
		list := all[kind]
		slices.SortFunc(list, func(a, b pair) int { return cmp.Compare(a.p50, b.p50) })
		p50 := list[len(list)/2].p50
		slices.SortFunc(list, func(a, b pair) int { return cmp.Compare(a.p99, b.p99) })
		fmt.Printf("| %s | %.3f ms | %.3f ms |\n", kind, p50.Seconds()*1e3, list[len(list)/2].p99.Seconds()*1e3)
	}
}

// setting reads a number from the environment.
func setting(name string, otherwise float64) float64 {
	if n, err := strconv.ParseFloat(os.Getenv(name), 64); err == nil {
		return n
	}
	return otherwise
}
