package remote

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Bench is a measurement: so many records of a size are produced, then consumed.
type Bench struct {
	Topic      string // made when it is not there, and then removed again
	Partitions int32
	Records    int
	Size       int // of a value, in bytes
	Acks       string
	Latency    time.Duration // how long to measure end-to-end latency at 1,000 records a second; 0: not
}

// latencyRate is the load under which latency is measured, in records a second.
const latencyRate = 1000

// Run measures and writes a table: records and megabytes a second of producing and of
// consuming, and the latency from send to receipt.
func (b Bench) Run(ctx context.Context, o Options, out io.Writer) (err error) {
	if b.Records < 1 || b.Size < 1 {
		return errors.New("--records and --size count from 1")
	}
	production, err := Production{Topic: b.Topic, Partition: -1, Acks: b.Acks, Partitioner: "default", Compression: "none", Idempotent: true}.Options()
	if err != nil {
		return err
	}
	c, err := Dial(ctx, o, append(production, kgo.MaxBufferedRecords(100_000))...)
	if err != nil {
		return err
	}
	defer c.Close()
	remove, err := c.benchTopic(ctx, b)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	ends, err := c.admin.ListEndOffsets(ctx, b.Topic)
	if err != nil {
		return c.explain(err)
	}
	from := map[string]map[int32]kgo.Offset{b.Topic: {}}
	for part, end := range ends[b.Topic] {
		from[b.Topic][part] = kgo.NewOffset().At(end.Offset)
	}
	took, err := c.benchProduce(ctx, b)
	if err != nil {
		return err
	}
	t := newTable("", "RECORDS/S", "MB/S")
	t.add(b.row("produced", took)...)
	if took, err = b.consume(ctx, o, from); err != nil {
		return err
	}
	t.add(b.row("consumed", took)...)
	if err := t.write(out); err != nil || b.Latency == 0 {
		return err
	}
	return c.benchLatency(ctx, b, o, out)
}

func (b Bench) row(what string, took time.Duration) []string {
	perSecond := float64(b.Records) / took.Seconds()
	return []string{what, fmt.Sprintf("%.0f", perSecond), fmt.Sprintf("%.1f", perSecond*float64(b.Size)/1e6)}
}

// benchTopic makes the topic if it is not there; remove undoes that.
func (c *Cluster) benchTopic(ctx context.Context, b Bench) (remove func() error, err error) {
	made, err := c.admin.CreateTopics(ctx, b.Partitions, -1, nil, b.Topic)
	if err != nil {
		return nil, c.explain(err)
	}
	switch err := made[b.Topic].Err; {
	case errors.Is(err, kerr.TopicAlreadyExists):
		return func() error { return nil }, nil
	case err != nil:
		return nil, withMessage("topic "+b.Topic, err, made[b.Topic].ErrMessage)
	}
	return func() error {
		_, err := c.admin.DeleteTopics(context.WithoutCancel(ctx), b.Topic)
		return c.explain(err)
	}, nil
}

func (c *Cluster) benchProduce(ctx context.Context, b Bench) (time.Duration, error) {
	value := make([]byte, b.Size)
	for i := range value {
		value[i] = byte('a' + i%26)
	}
	var results acknowledgements
	began := time.Now()
	for range b.Records {
		results.add()
		c.client.Produce(ctx, &kgo.Record{Topic: b.Topic, Value: value}, results.done)
	}
	_, err := results.wait(ctx, c, nil)
	return time.Since(began), err
}

func (b Bench) consume(ctx context.Context, o Options, from map[string]map[int32]kgo.Offset) (time.Duration, error) {
	c, err := Dial(ctx, o, kgo.ConsumePartitions(from))
	if err != nil {
		return 0, err
	}
	defer c.Close()
	began, read := time.Now(), 0
	for read < b.Records {
		fetches := c.client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return 0, c.explain(err)
		}
		read += fetches.NumRecords()
	}
	return time.Since(began), nil
}

// benchLatency sends records at a steady rate and measures from each one's send until a
// consumer has it.
func (c *Cluster) benchLatency(ctx context.Context, b Bench, o Options, out io.Writer) error {
	reader, err := Dial(ctx, o, kgo.ConsumeTopics(b.Topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtEnd()))
	if err != nil {
		return err
	}
	defer reader.Close()
	begin, stop := context.WithTimeout(ctx, 300*time.Millisecond)
	reader.client.PollFetches(begin) // it stands at the end now
	stop()
	reading, enough := context.WithTimeout(ctx, b.Latency+o.Timeout)
	defer enough()
	var taken []time.Duration
	var done sync.WaitGroup
	count := int(b.Latency.Seconds() * latencyRate)
	done.Go(func() {
		for len(taken) < count && reading.Err() == nil {
			reader.client.PollFetches(reading).EachRecord(func(r *kgo.Record) {
				sent := int64(binary.BigEndian.Uint64(r.Value))
				taken = append(taken, time.Duration(time.Now().UnixNano()-sent))
			})
		}
	})
	tick := time.NewTicker(time.Second / latencyRate)
	defer tick.Stop()
	var results acknowledgements
	for range count {
		<-tick.C
		value := make([]byte, max(8, b.Size)) // when it was sent: timestamps have whole milliseconds only
		binary.BigEndian.PutUint64(value, uint64(time.Now().UnixNano()))
		results.add()
		c.client.Produce(ctx, &kgo.Record{Topic: b.Topic, Value: value}, results.done)
	}
	if _, err := results.wait(ctx, c, nil); err != nil {
		return err
	}
	done.Wait()
	if len(taken) == 0 {
		return errors.New("no record came back: latency could not be measured")
	}
	slices.Sort(taken)
	at := func(thousandths int) string {
		return fmt.Sprintf("%.2f ms", float64(taken[len(taken)*thousandths/1000].Microseconds())/1000)
	}
	fmt.Fprintf(out, "\nlatency from send to receipt at %d records/s: p50 %s, p99 %s\n", latencyRate, at(500), at(990))
	return nil
}
