package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// Reset says to which offsets a group goes back, or ahead. One of the ways is set.
type Reset struct {
	Topics    []string // topic, or topic:0,1 for some partitions
	AllTopics bool     // all for which the group has committed
	Execute   bool     // else it only shows what it would do

	Earliest  bool
	Latest    bool
	Current   bool
	Offset    int64         // when HasOffset
	HasOffset bool          //
	Shift     int64         // when HasShift; negative goes back
	HasShift  bool          //
	Time      time.Time     // the first record from then on
	Ago       time.Duration // the first record of the last so long
}

func (r Reset) check() error {
	ways := 0
	for _, set := range []bool{r.Earliest, r.Latest, r.Current, r.HasOffset, r.HasShift, !r.Time.IsZero(), r.Ago > 0} {
		if set {
			ways++
		}
	}
	switch {
	case ways != 1:
		return errors.New("say once where to: --to-earliest, --to-latest, --to-current, --to-offset, --shift-by, --to-datetime or --by-duration")
	case !r.AllTopics && len(r.Topics) == 0:
		return errors.New("say which partitions: --topic orders, --topic orders:0,1, or --all-topics")
	}
	return nil
}

// ResetOffsets commits other offsets for a group without members, and writes the table of
// kafka-consumer-groups --reset-offsets.
func (c *Cluster) ResetOffsets(ctx context.Context, out io.Writer, group string, r Reset) error {
	if err := r.check(); err != nil {
		return err
	}
	committed, err := c.admin.FetchOffsets(ctx, group)
	if errors.Is(err, kerr.GroupIDNotFound) { // a group that committed nothing, as some brokers put it
		committed, err = kadm.OffsetResponses{}, nil
	}
	if err != nil {
		return c.explain(err)
	}
	wanted, err := c.resetPartitions(ctx, committed, r)
	if err != nil {
		return err
	}
	target, err := c.resetTargets(ctx, wanted, committed, r)
	if err != nil {
		return err
	}
	if r.Execute {
		if err := c.checkEmpty(ctx, group); err != nil {
			return err
		}
		if err := c.admin.CommitAllOffsets(ctx, group, target); err != nil {
			return c.explain(err)
		}
	}
	t := newTable("GROUP", "TOPIC", "PARTITION", "NEW-OFFSET")
	for _, o := range target.Sorted() {
		t.add(group, o.Topic, strconv.Itoa(int(o.Partition)), strconv.FormatInt(o.At, 10))
	}
	fmt.Fprintln(out)
	if err := t.write(out); err != nil {
		return err
	}
	if !r.Execute {
		fmt.Fprintln(out, "\nNothing was changed: --execute does it.")
	}
	return nil
}

func (c *Cluster) checkEmpty(ctx context.Context, group string) error {
	described, err := c.admin.DescribeGroups(ctx, group)
	if err != nil {
		return c.explain(err)
	}
	if g := described[group]; len(g.Members) > 0 {
		return fmt.Errorf("offsets can only be reset if the group '%s' is inactive, but the current state is %s: stop its %d consumers first", group, g.State, len(g.Members))
	}
	return nil
}

// resetPartitions is which partitions are meant.
func (c *Cluster) resetPartitions(ctx context.Context, committed kadm.OffsetResponses, r Reset) (kadm.TopicsSet, error) {
	wanted := kadm.TopicsSet{}
	if r.AllTopics {
		committed.Each(func(o kadm.OffsetResponse) { wanted.Add(o.Topic, o.Partition) })
		if len(wanted) == 0 {
			return nil, errors.New("the group has committed no offsets: name the topics with --topic")
		}
		return wanted, nil
	}
	for _, text := range r.Topics {
		name, list, some := strings.Cut(text, ":")
		topics, err := c.admin.ListTopicsWithInternal(ctx, name)
		if err != nil {
			return nil, c.explain(err)
		}
		if err := topics[name].Err; err != nil {
			return nil, withMessage("topic "+name, err, "")
		}
		if !some {
			wanted.Add(name, topics[name].Partitions.Numbers()...)
			continue
		}
		for part := range strings.SplitSeq(list, ",") {
			n, err := strconv.ParseInt(part, 10, 32)
			if _, there := topics[name].Partitions[int32(n)]; err != nil || !there {
				return nil, fmt.Errorf("--topic %s: topic %s has partitions 0 to %d", text, name, len(topics[name].Partitions)-1)
			}
			wanted.Add(name, int32(n))
		}
	}
	return wanted, nil
}

// resetTargets finds the new offsets: never outside the log.
func (c *Cluster) resetTargets(ctx context.Context, wanted kadm.TopicsSet, committed kadm.OffsetResponses, r Reset) (kadm.Offsets, error) {
	names := wanted.Topics()
	starts, err := c.admin.ListStartOffsets(ctx, names...)
	if err != nil {
		return nil, c.explain(err)
	}
	ends, err := c.admin.ListEndOffsets(ctx, names...)
	if err != nil {
		return nil, c.explain(err)
	}
	times := kadm.ListedOffsets{}
	if at := r.instant(); !at.IsZero() {
		if times, err = c.admin.ListOffsetsAfterMilli(ctx, at.UnixMilli(), names...); err != nil {
			return nil, c.explain(err)
		}
	}
	target := kadm.Offsets{}
	for _, name := range names {
		for part := range wanted[name] {
			start, ok := starts.Lookup(name, part)
			end, there := ends.Lookup(name, part)
			if !ok || !there || start.Err != nil || end.Err != nil {
				return nil, fmt.Errorf("partition %s-%d: %w", name, part, explainCode(errors.Join(start.Err, end.Err)))
			}
			current, found := committed.Lookup(name, part)
			at, err := r.at(start.Offset, end.Offset, current.At, found && current.At >= 0)
			if err != nil {
				return nil, fmt.Errorf("partition %s-%d: %w", name, part, err)
			}
			if t, ok := times.Lookup(name, part); ok && !r.instant().IsZero() {
				at = t.Offset
			}
			target.AddOffset(name, part, min(max(at, start.Offset), end.Offset), -1)
		}
	}
	return target, nil
}

func (r Reset) instant() time.Time {
	if r.Ago > 0 {
		return time.Now().Add(-r.Ago)
	}
	return r.Time
}

func (r Reset) at(start, end, current int64, committed bool) (int64, error) {
	switch {
	case r.Earliest:
		return start, nil
	case r.HasOffset:
		return r.Offset, nil
	case (r.HasShift || r.Current) && !committed:
		return end, nil // as Kafka's tool: without a committed offset it goes to the end
	case r.HasShift:
		return current + r.Shift, nil
	case r.Current:
		return current, nil
	}
	return end, nil
}
