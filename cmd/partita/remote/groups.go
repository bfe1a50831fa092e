package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// GroupView is which table of a group to show.
type GroupView string

// The tables of kafka-consumer-groups --describe.
const (
	GroupOffsets GroupView = "offsets"
	GroupMembers GroupView = "members"
	GroupState   GroupView = "state"
)

// groupStates are the states that a group may be in.
var groupStates = []string{"PreparingRebalance", "CompletingRebalance", "Assigning", "Reconciling", "Stable", "Empty", "Dead"}

// ListGroups writes the groups, one a line, with --state's columns when asked.
func (c *Cluster) ListGroups(ctx context.Context, out io.Writer, states []string, withState bool) error {
	for i, state := range states {
		at := slices.IndexFunc(groupStates, func(s string) bool { return strings.EqualFold(s, strings.TrimSpace(state)) })
		if at < 0 {
			return fmt.Errorf("--state %s: there are %s", state, strings.Join(groupStates, ", "))
		}
		states[i] = groupStates[at]
	}
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
