package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// described is a group of the classic protocol or of KIP-848's.
type described struct {
	name, state, assignor string
	coordinator           kadm.BrokerDetail
	members               []describedMember
	rows                  []describedRow
}

type describedMember struct {
	id, host, client string
	topics           kadm.TopicsSet
}

// describedRow is a partition that a member owns or that somebody has committed.
type describedRow struct {
	topic       string
	partition   int32
	commit, end int64            // -1: none
	member      *describedMember // nil: nobody owns it
}

// DescribeGroups writes a table for each group, as kafka-consumer-groups --describe does;
// without names, for all.
func (c *Cluster) DescribeGroups(ctx context.Context, out io.Writer, names []string, view GroupView, verbose bool) error {
	if len(names) == 0 {
		all, err := c.GroupNames(ctx)
		if err != nil || len(all) == 0 {
			return err
		}
		names = all
	}
	var failed error
	for _, name := range names {
		g, err := c.describe(ctx, name)
		if err != nil {
			failed = errors.Join(failed, withMessage("group "+name, c.explain(err), ""))
			continue
		}
		if err := g.write(out, view, verbose); err != nil {
			return err
		}
	}
	return failed
}

// describe asks about a group of KIP-848 first, as Kafka's tool does, and then about a
// classic one.
func (c *Cluster) describe(ctx context.Context, name string) (*described, error) {
	g, err := c.describeModern(ctx, name)
	if g == nil && err == nil {
		g, err = c.describeClassic(ctx, name)
	}
	if err != nil {
		return nil, err
	}
	return g, c.addOffsets(ctx, g)
}

// describeModern gives nil for a group of another kind, and for brokers without such groups.
func (c *Cluster) describeModern(ctx context.Context, name string) (*described, error) {
	groups, err := c.admin.DescribeConsumerGroups(ctx, name)
	if err == nil {
		err = groups[name].Err
	}
	var code *kerr.Error
	switch {
	case errors.As(err, &code) && code != kerr.GroupAuthorizationFailed, err != nil && strings.Contains(err.Error(), "does not support"):
		return nil, nil
	case err != nil:
		return nil, err
	}
	in := groups[name]
	g := &described{name: name, state: in.State, assignor: in.AssignorName, coordinator: in.Coordinator}
	for _, m := range in.Members {
		g.members = append(g.members, describedMember{m.MemberID, m.ClientHost, m.ClientID, m.Assignment})
	}
	return g, nil
}

func (c *Cluster) describeClassic(ctx context.Context, name string) (*described, error) {
	groups, err := c.admin.DescribeGroups(ctx, name)
	if err != nil {
		return nil, err
	}
	in := groups[name]
	switch {
	case in.Err != nil:
		return nil, in.Err
	case in.State == "Dead":
		return nil, kerr.GroupIDNotFound
	}
	g := &described{name: name, state: in.State, assignor: in.Protocol, coordinator: in.Coordinator}
	for _, m := range in.Members {
		topics := kadm.TopicsSet{}
		if a, ok := m.Assigned.AsConsumer(); ok {
			for _, t := range a.Topics {
				topics.Add(t.Topic, t.Partitions...)
			}
		}
		g.members = append(g.members, describedMember{m.MemberID, m.ClientHost, m.ClientID, topics})
	}
	return g, nil
}

// addOffsets adds a row for each partition that is owned or committed.
func (c *Cluster) addOffsets(ctx context.Context, g *described) error {
	committed, err := c.admin.FetchOffsets(ctx, g.name)
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) {
		return err
	}
	row := func(topic string, partition int32) *describedRow {
		at := slices.IndexFunc(g.rows, func(r describedRow) bool { return r.topic == topic && r.partition == partition })
		if at < 0 {
			at = len(g.rows)
			g.rows = append(g.rows, describedRow{topic: topic, partition: partition, commit: -1, end: -1})
		}
		return &g.rows[at]
	}
	committed.Each(func(o kadm.OffsetResponse) { row(o.Topic, o.Partition).commit = o.At })
	for i := range g.members {
		g.members[i].topics.Each(func(topic string, partition int32) { row(topic, partition).member = &g.members[i] })
	}
	var topics []string
	for i := range g.rows {
		topics = append(topics, g.rows[i].topic)
	}
	slices.Sort(topics)
	if topics = slices.Compact(topics); len(topics) > 0 {
		ends, err := c.admin.ListEndOffsets(ctx, topics...)
		if err != nil {
			return err
		}
		for i := range g.rows {
			if end, ok := ends.Lookup(g.rows[i].topic, g.rows[i].partition); ok && end.Err == nil {
				g.rows[i].end = end.Offset
			}
		}
	}
	slices.SortFunc(g.rows, func(a, b describedRow) int {
		return cmp.Or(strings.Compare(a.topic, b.topic), cmp.Compare(a.partition, b.partition))
	})
	return nil
}

func (g *described) write(out io.Writer, view GroupView, verbose bool) error {
	if len(g.members) == 0 && view != GroupState {
		fmt.Fprintf(out, "\nConsumer group '%s' has no active members.\n", g.name)
	}
	fmt.Fprintln(out)
	switch view {
	case GroupMembers:
		return g.membersTable(verbose).write(out)
	case GroupState:
		t := newTable("GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE", "#MEMBERS")
		coordinator := fmt.Sprintf("%s:%d (%d)", g.coordinator.Host, g.coordinator.Port, g.coordinator.NodeID)
		t.add(g.name, coordinator, orDash(g.assignor), g.state, fmt.Sprint(len(g.members)))
		return t.write(out)
	}
	return g.offsetsTable().write(out)
}

func (g *described) offsetsTable() *table {
	t := newTable("GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID")
	for _, r := range g.rows {
		lag := int64(-1)
		if r.commit >= 0 && r.end >= 0 {
			lag = max(0, r.end-r.commit)
		}
		id, host, client := "-", "-", "-"
		if m := r.member; m != nil {
			id, host, client = m.id, m.host, m.client
		}
		t.add(g.name, r.topic, fmt.Sprint(r.partition), countOrDash(r.commit), countOrDash(r.end), countOrDash(lag), id, host, client)
	}
	return t
}

func (g *described) membersTable(verbose bool) *table {
	header := []string{"GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "#PARTITIONS"}
	if verbose {
		header = append(header, "ASSIGNMENT")
	}
	t := newTable(header...)
	for _, m := range g.members {
		count, list := 0, []string{}
		for _, topic := range m.topics.Sorted() {
			count += len(topic.Partitions)
			list = append(list, topic.Topic+"("+numbers(topic.Partitions)+")")
		}
		row := []string{g.name, m.id, m.host, m.client, fmt.Sprint(count)}
		if verbose {
			row = append(row, orDash(strings.Join(list, ", ")))
		}
		t.add(row...)
	}
	return t
}

func countOrDash(n int64) string {
	if n < 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
