package remote

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// lineMost bounds a line of input, in bytes.
const lineMost = 16 << 20

// Production says how lines of input become records.
type Production struct {
	Topic        string
	KeySeparator string   // splits a line into key and value; empty: no keys
	Key          string   // of every record, when HasKey
	HasKey       bool     //
	Headers      []string // name=value, of every record
	NullMarker   string   // a key or value that is exactly this is null; empty: nothing is
	Partition    int32    // -1: the partitioner's choice
	Acks         string   // 0, 1 or all
	Partitioner  string   // default, roundrobin or sticky
	Compression  string   // none, gzip, snappy, lz4 or zstd
	Rate         float64  // records a second; 0: as fast as they come
	Idempotent   bool
}

// Options are the client's options for this production.
func (p Production) Options() ([]kgo.Opt, error) {
	opts := []kgo.Opt{kgo.ProducerLinger(5 * time.Millisecond), kgo.DefaultProduceTopic(p.Topic), kgo.RecordDeliveryTimeout(30 * time.Second)}
	switch {
	case p.Partition < -1:
		return nil, fmt.Errorf("--partition %d: partitions count from 0; -1 leaves the choice to the partitioner", p.Partition)
	case p.Rate < 0:
		return nil, fmt.Errorf("--rate %v: write records a second, or 0 for as fast as they come", p.Rate)
	}
	switch p.Acks {
	case "all", "-1":
		opts = append(opts, kgo.RequiredAcks(kgo.AllISRAcks()))
		if !p.Idempotent {
			opts = append(opts, kgo.DisableIdempotentWrite())
		}
	case "1":
		opts = append(opts, kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite())
	case "0":
		opts = append(opts, kgo.RequiredAcks(kgo.NoAck()), kgo.DisableIdempotentWrite())
	default:
		return nil, fmt.Errorf("--acks %s: there are 0 (do not wait), 1 (the partition leader) and all (the in-sync replicas)", p.Acks)
	}
	codec, ok := codecs[p.Compression]
	if !ok {
		return nil, fmt.Errorf("--compression-codec %s: there are none, gzip, snappy, lz4 and zstd", p.Compression)
	}
	opts = append(opts, kgo.ProducerBatchCompression(codec))
	switch {
	case p.Partition >= 0:
		opts = append(opts, kgo.RecordPartitioner(kgo.ManualPartitioner()))
	case p.Partitioner == "roundrobin":
		opts = append(opts, kgo.RecordPartitioner(kgo.RoundRobinPartitioner()))
	case p.Partitioner == "sticky":
		opts = append(opts, kgo.RecordPartitioner(kgo.StickyPartitioner()))
	case p.Partitioner != "default":
		return nil, fmt.Errorf("--partitioner %s: there are default (murmur2 of the key, sticky without one), roundrobin and sticky", p.Partitioner)
	}
	return opts, nil
}

var codecs = map[string]kgo.CompressionCodec{
	"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
	"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
}

// Produce sends each line of in as a record and waits until all are acknowledged. It
// returns how many were.
func (c *Cluster) Produce(ctx context.Context, in io.Reader, p Production) (sent int, err error) {
	headers, err := p.headers()
	if err != nil {
		return 0, err
	}
	if err := c.partitionExists(ctx, p.Partition, p.Topic); err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), lineMost)
	var tick <-chan time.Time
	if p.Rate > 0 {
		ticker := time.NewTicker(time.Duration(float64(time.Second) / p.Rate))
		defer ticker.Stop()
		tick = ticker.C
	}
	var results acknowledgements
	for number := 1; lines.Scan() && results.failed() == nil; number++ {
		record, err := p.record(lines.Bytes(), number)
		if err != nil {
			return results.wait(ctx, c, err)
		}
		record.Headers = headers
		if tick != nil {
			select {
			case <-tick:
			case <-ctx.Done():
				return results.wait(ctx, c, ctx.Err())
			}
		}
		results.add()
		c.client.Produce(ctx, record, results.done)
	}
	err = lines.Err()
	if errors.Is(err, bufio.ErrTooLong) {
		err = fmt.Errorf("a line of the input is longer than %d MiB", lineMost>>20)
	}
	return results.wait(ctx, c, err)
}

func (p Production) headers() (list []kgo.RecordHeader, err error) {
	for _, text := range p.Headers {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fmt.Errorf("--header %s: write it as name=value", text)
		}
		list = append(list, kgo.RecordHeader{Key: name, Value: []byte(value)})
	}
	return list, nil
}

// record makes a record of one line.
func (p Production) record(line []byte, number int) (*kgo.Record, error) {
	r := &kgo.Record{Topic: p.Topic, Partition: max(p.Partition, 0)}
	value := bytes.Clone(line)
	if value == nil {
		value = []byte{}
	}
	if p.HasKey {
		r.Key = []byte(p.Key)
	}
	if p.KeySeparator != "" {
		key, rest, ok := bytes.Cut(value, []byte(p.KeySeparator))
		if !ok {
			return nil, fmt.Errorf("line %d has no %q between a key and a value", number, p.KeySeparator)
		}
		r.Key, value = key, rest
		if p.isNull(key) {
			r.Key = nil
		}
	}
	if !p.isNull(value) {
		r.Value = value
	}
	return r, nil
}

func (p Production) isNull(b []byte) bool { return p.NullMarker != "" && string(b) == p.NullMarker }

// acknowledgements counts what came back.
type acknowledgements struct {
	pending sync.WaitGroup
	mu      sync.Mutex
	acked   int
	err     error
}

func (a *acknowledgements) add() { a.pending.Add(1) }

func (a *acknowledgements) done(_ *kgo.Record, err error) {
	a.mu.Lock()
	if err == nil {
		a.acked++
	} else if a.err == nil {
		a.err = err
	}
	a.mu.Unlock()
	a.pending.Done()
}

func (a *acknowledgements) failed() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.err
}

func (a *acknowledgements) wait(ctx context.Context, c *Cluster, err error) (int, error) {
	flushed := c.client.Flush(context.WithoutCancel(ctx))
	a.pending.Wait()
	switch {
	case err != nil:
	case a.err != nil:
		err = c.explain(a.err)
	default:
		err = flushed
	}
	return a.acked, err
}
