package remote

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Consumption says what to read and how to show it.
type Consumption struct {
	Topics        []string
	Group         string
	FromBeginning bool
	Offset        string        // of one partition: a number, earliest or latest
	Partition     int32         // -1: all
	Most          int           // stop after so many records; 0: never
	Idle          time.Duration // stop when nothing came for so long; 0: never
	Committed     bool          // isolation.level=read_committed
	Format        string        // value, key, full, json or a template as in kcat
}

// Options are the client's options for this consumption.
func (s Consumption) Options() ([]kgo.Opt, error) {
	from := kgo.NewOffset().AtEnd()
	if s.FromBeginning {
		from = kgo.NewOffset().AtStart()
	}
	switch {
	case s.Most < 0:
		return nil, fmt.Errorf("--max-messages %d: write a number from 1 on, or 0 to go on for ever", s.Most)
	case s.Idle < 0:
		return nil, fmt.Errorf("--idle %s: write a time, or 0 to go on for ever", s.Idle)
	case s.Partition < -1:
		return nil, fmt.Errorf("--partition %d: partitions count from 0; -1 stands for all", s.Partition)
	}
	opts := []kgo.Opt{kgo.FetchMaxWait(500 * time.Millisecond)}
	if s.Committed {
		opts = append(opts, kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	}
	switch {
	case s.Group != "" && (s.Partition >= 0 || s.Offset != ""):
		return nil, errors.New("--group takes partitions and offsets from the group: leave out --partition and --offset, or the group")
	case s.Group != "":
		return append(opts, kgo.ConsumerGroup(s.Group), kgo.AutoCommitMarks(), kgo.ConsumeTopics(s.Topics...), kgo.ConsumeResetOffset(from)), nil
	case s.Partition >= 0:
		at, err := s.start(from)
		if err != nil {
			return nil, err
		}
		parts := map[string]map[int32]kgo.Offset{}
		for _, topic := range s.Topics {
			parts[topic] = map[int32]kgo.Offset{s.Partition: at}
		}
		return append(opts, kgo.ConsumePartitions(parts)), nil
	case s.Offset != "":
		return nil, errors.New("--offset needs --partition: an offset is a place in one partition")
	}
	return append(opts, kgo.ConsumeTopics(s.Topics...), kgo.ConsumeResetOffset(from)), nil
}

func (s Consumption) start(otherwise kgo.Offset) (kgo.Offset, error) {
	switch s.Offset {
	case "":
		return otherwise, nil
	case "earliest", "beginning":
		return kgo.NewOffset().AtStart(), nil
	case "latest", "end":
		return kgo.NewOffset().AtEnd(), nil
	}
	n, err := strconv.ParseInt(s.Offset, 10, 64)
	if err != nil || n < 0 {
		return otherwise, fmt.Errorf("--offset %s: write a number from 0 on, earliest or latest", s.Offset)
	}
	return kgo.NewOffset().At(n), nil
}

// Consume writes records to out until the context ends, Most records came, or none for
// Idle. In a group it commits what it has written.
func (c *Cluster) Consume(ctx context.Context, out io.Writer, s Consumption) (read int, err error) {
	show, err := formatter(s.Format)
	if err != nil {
		return 0, err
	}
	if err := c.topicsExist(ctx, s.Topics); err != nil {
		return 0, err
	}
	if err := c.partitionExists(ctx, s.Partition, s.Topics...); err != nil {
		return 0, err
	}
	if err := c.offsetExists(ctx, s); err != nil {
		return 0, err
	}
	if s.Group != "" && s.Idle > 0 {
		c.joined(ctx)
	}
	w := bufio.NewWriter(out)
	defer func() {
		if s.Group != "" {
			done, stop := context.WithTimeout(context.WithoutCancel(ctx), c.opts.Timeout)
			defer stop()
			err = errors.Join(err, c.explain(c.client.CommitMarkedOffsets(done)))
			c.client.LeaveGroup()
		}
	}()
	var line []byte
	for {
		poll, stop := ctx, context.CancelFunc(func() {})
		if s.Idle > 0 {
			poll, stop = context.WithTimeout(ctx, s.Idle)
		}
		fetches := c.client.PollFetches(poll)
		stop()
		for records := fetches.RecordIter(); !records.Done(); {
			r := records.Next()
			line = show(line[:0], r)
			if _, err := w.Write(line); err != nil {
				return read, err
			}
			if s.Group != "" {
				c.client.MarkCommitRecords(r)
			}
			if read++; read == s.Most {
				return read, w.Flush()
			}
		}
		if err := w.Flush(); err != nil {
			return read, err
		}
		switch err := fetches.Err(); {
		case ctx.Err() != nil:
			return read, nil
		case errors.Is(err, context.DeadlineExceeded) && s.Idle > 0 && fetches.NumRecords() == 0:
			return read, nil
		case err != nil && !errors.Is(err, context.DeadlineExceeded):
			return read, c.explain(err)
		}
	}
}

func (c *Cluster) topicsExist(ctx context.Context, names []string) error {
	topics, err := c.admin.ListTopicsWithInternal(ctx, names...)
	if err != nil {
		return c.explain(err)
	}
	for _, name := range names {
		if err := topics[name].Err; err != nil {
			return withMessage("topic "+name, err, "")
		}
	}
	return nil
}

// partitionExists checks that topics that are there have a partition; -1 is any.
func (c *Cluster) partitionExists(ctx context.Context, part int32, names ...string) error {
	if part < 0 {
		return nil
	}
	topics, err := c.admin.ListTopicsWithInternal(ctx, names...)
	if err != nil {
		return c.explain(err)
	}
	for _, name := range names {
		if n := len(topics[name].Partitions); topics[name].Err == nil && int(part) >= n {
			return fmt.Errorf("--partition %d: topic %s has partitions 0 to %d", part, name, n-1)
		}
	}
	return nil
}

// offsetExists checks that an offset that was asked for is in the log: else a consumer
// would start elsewhere.
func (c *Cluster) offsetExists(ctx context.Context, s Consumption) error {
	at, err := strconv.ParseInt(s.Offset, 10, 64)
	if err != nil {
		return nil // it is none, or a word
	}
	starts, err := c.admin.ListStartOffsets(ctx, s.Topics...)
	if err != nil {
		return c.explain(err)
	}
	ends, err := c.admin.ListEndOffsets(ctx, s.Topics...)
	if err != nil {
		return c.explain(err)
	}
	for _, name := range s.Topics {
		start, _ := starts.Lookup(name, s.Partition)
		end, ok := ends.Lookup(name, s.Partition)
		if ok && (at < start.Offset || at > end.Offset) {
			return fmt.Errorf("--offset %d: the log of %s-%d goes from %d to %d", at, name, s.Partition, start.Offset, end.Offset)
		}
	}
	return nil
}

// joined waits until the group's coordinator has given out partitions: only then it is idle
// not to read.
func (c *Cluster) joined(ctx context.Context) {
	ctx, stop := context.WithTimeout(ctx, c.opts.Timeout)
	defer stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, generation := c.client.GroupMetadata(); generation >= 0 {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return // reading says what is wrong
		}
	}
}

type show func(dst []byte, r *kgo.Record) []byte

// formatter is the way to write one record. The templates are kcat's: %t topic, %p
// partition, %o offset, %k key, %s value, %h headers, %T timestamp in ms, \n and \t.
func formatter(format string) (show, error) {
	switch format {
	case "value":
		format = `%s\n`
	case "key":
		format = `%k\t%s\n`
	case "full":
		format = `%t-%p@%o\t%T\t%h\t%k\t%s\n`
	case "json":
		return showJSON, nil
	}
	if !strings.Contains(format, "%") {
		return nil, fmt.Errorf(`--format %s: there are value, key, full, json, or a template such as '%%t-%%p@%%o %%k=%%s\n'`, format)
	}
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		if i++; i == len(format) || !strings.Contains("tpoTksh%", format[i:i+1]) {
			return nil, fmt.Errorf("--format %s: there are %%t topic, %%p partition, %%o offset, %%T timestamp, %%k key, %%s value, %%h headers and %%%%", format)
		}
	}
	return func(dst []byte, r *kgo.Record) []byte { return fill(dst, format, r) }, nil
}

func fill(dst []byte, format string, r *kgo.Record) []byte {
	for i := 0; i < len(format); i++ {
		at := format[i]
		if (at != '%' && at != '\\') || i+1 == len(format) {
			dst = append(dst, at)
			continue
		}
		i++
		switch string(format[i-1 : i+1]) {
		case "%t":
			dst = append(dst, r.Topic...)
		case "%p":
			dst = strconv.AppendInt(dst, int64(r.Partition), 10)
		case "%o":
			dst = strconv.AppendInt(dst, r.Offset, 10)
		case "%T":
			dst = strconv.AppendInt(dst, r.Timestamp.UnixMilli(), 10)
		case "%k":
			dst = appendNullable(dst, r.Key)
		case "%s":
			dst = appendNullable(dst, r.Value)
		case "%h":
			for n, h := range r.Headers {
				if n > 0 {
					dst = append(dst, ',')
				}
				dst = append(append(append(dst, h.Key...), '='), h.Value...)
			}
		case "%%":
			dst = append(dst, '%')
		case `\n`:
			dst = append(dst, '\n')
		case `\t`:
			dst = append(dst, '\t')
		default:
			dst = append(dst, format[i-1], format[i])
		}
	}
	return dst
}

func appendNullable(dst, b []byte) []byte {
	if b == nil {
		return append(dst, "null"...)
	}
	return append(dst, b...)
}

type jsonRecord struct {
	Topic     string         `json:"topic"`
	Partition int32          `json:"partition"`
	Offset    int64          `json:"offset"`
	Timestamp int64          `json:"timestamp"`
	Key       any            `json:"key"`
	Value     any            `json:"value"`
	Headers   map[string]any `json:"headers,omitempty"`
}

// showJSON writes a record as one object a line. Bytes that are no text become an object
// with their base64.
func showJSON(dst []byte, r *kgo.Record) []byte {
	row := jsonRecord{Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, Timestamp: r.Timestamp.UnixMilli(), Key: textOf(r.Key), Value: textOf(r.Value)}
	for _, h := range r.Headers {
		if row.Headers == nil {
			row.Headers = map[string]any{}
		}
		row.Headers[h.Key] = textOf(h.Value)
	}
	text, err := json.Marshal(row)
	if err != nil { // nothing in a row can fail
		panic(err)
	}
	return append(append(dst, text...), '\n')
}

func textOf(b []byte) any {
	switch {
	case b == nil:
		return nil
	case utf8.Valid(b):
		return string(b)
	}
	return map[string][]byte{"base64": b}
}
