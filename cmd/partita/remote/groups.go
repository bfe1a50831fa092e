package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// GroupView is which table of a group to show.
type GroupView string

// The tables of kafka-consumer-groups --describe.
const (
	GroupOffsets GroupView = "offsets"
	GroupMembers GroupView = "members"
	GroupState   GroupView = "state"
)

// ListGroups writes the groups, one a line, with --state's columns when asked.
func (c *Cluster) ListGroups(ctx context.Context, out io.Writer, states []string, withState bool) error {
	groups, err := c.admin.ListGroups(ctx, states...)
	if err != nil {
		return c.explain(err)
	}
	if !withState && len(states) == 0 {
		for _, name := range groups.Groups() {
			fmt.Fprintln(out, name)
		}
		return nil
	}
	t := newTable("GROUP", "STATE")
	for _, g := range groups.Sorted() {
		t.add(g.Group, g.State)
	}
	return t.write(out)
}

// GroupNames gives the names of all groups in order.
func (c *Cluster) GroupNames(ctx context.Context) ([]string, error) {
	groups, err := c.admin.ListGroups(ctx)
	if err != nil {
		return nil, c.explain(err)
	}
	return groups.Groups(), nil
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
	lags, err := c.admin.Lag(ctx, names...)
	if err != nil {
		return c.explain(err)
	}
	var failed error
	for _, name := range names {
		g := lags[name]
		if err := errors.Join(g.DescribeErr, g.FetchErr); err != nil || g.State == "Dead" {
			if err == nil || errors.Is(err, kerr.GroupIDNotFound) {
				err = kerr.GroupIDNotFound
			}
			failed = errors.Join(failed, withMessage("group "+name, err, ""))
			continue
		}
		if err := describeGroup(out, &g, view, verbose); err != nil {
			return err
		}
	}
	return failed
}

func describeGroup(out io.Writer, g *kadm.DescribedGroupLag, view GroupView, verbose bool) error {
	if len(g.Members) == 0 && view != GroupState {
		fmt.Fprintf(out, "\nConsumer group '%s' has no active members.\n", g.Group)
	}
	fmt.Fprintln(out)
	switch view {
	case GroupMembers:
		return membersTable(g, verbose).write(out)
	case GroupState:
		t := newTable("GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE", "#MEMBERS")
		coordinator := fmt.Sprintf("%s:%d (%d)", g.Coordinator.Host, g.Coordinator.Port, g.Coordinator.NodeID)
		t.add(g.Group, coordinator, orDash(g.Protocol), g.State, fmt.Sprint(len(g.Members)))
		return t.write(out)
	}
	return offsetsTable(g).write(out)
}

func offsetsTable(g *kadm.DescribedGroupLag) *table {
	t := newTable("GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID")
	for _, l := range g.Lag.Sorted() {
		current, end, lag := "-", "-", "-"
		if l.Commit.At >= 0 {
			current = fmt.Sprint(l.Commit.At)
		}
		if l.End.Offset >= 0 && l.End.Err == nil {
			end = fmt.Sprint(l.End.Offset)
		}
		if l.Lag >= 0 && current != "-" {
			lag = fmt.Sprint(l.Lag)
		}
		id, host, client := "-", "-", "-"
		if m := l.Member; m != nil {
			id, host, client = m.MemberID, m.ClientHost, m.ClientID
		}
		t.add(g.Group, l.Topic, fmt.Sprint(l.Partition), current, end, lag, id, host, client)
	}
	return t
}

func membersTable(g *kadm.DescribedGroupLag, verbose bool) *table {
	header := []string{"GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "#PARTITIONS"}
	if verbose {
		header = append(header, "ASSIGNMENT")
	}
	t := newTable(header...)
	for _, m := range g.Members {
		count, list := 0, []string{}
		if a, ok := m.Assigned.AsConsumer(); ok {
			for _, topic := range a.Topics {
				count += len(topic.Partitions)
				list = append(list, topic.Topic+"("+numbers(topic.Partitions)+")")
			}
		}
		row := []string{g.Group, m.MemberID, m.ClientHost, m.ClientID, fmt.Sprint(count)}
		if verbose {
			row = append(row, orDash(strings.Join(list, ", ")))
		}
		t.add(row...)
	}
	return t
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// DeleteGroups removes groups that have no members, with their offsets.
func (c *Cluster) DeleteGroups(ctx context.Context, out io.Writer, names []string) error {
	gone, err := c.admin.DeleteGroups(ctx, names...)
	if err != nil {
		return c.explain(err)
	}
	var failed error
	var done []string
	for _, name := range slices.Sorted(maps.Keys(gone)) {
		if err := gone[name].Err; err != nil {
			failed = errors.Join(failed, withMessage("group "+name, err, ""))
		} else {
			done = append(done, "'"+name+"'")
		}
	}
	if len(done) > 0 {
		fmt.Fprintf(out, "Deletion of requested consumer groups (%s) was successful.\n", strings.Join(done, ", "))
	}
	return failed
}
