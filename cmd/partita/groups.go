package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"partita/cmd/partita/remote"
)

func (p *program) groups() *cobra.Command {
	cmd := family(&cobra.Command{Use: "groups", Short: "List, describe, reset and delete consumer groups of a cluster"})
	o := remoteFlags(cmd)
	cmd.AddCommand(p.groupsList(o), p.groupsDescribe(o), p.groupsReset(o), p.groupsDelete(o))
	return cmd
}

func (p *program) groupsList(o *remote.Options) *cobra.Command {
	var states []string
	cmd := &cobra.Command{
		Use: "list", Short: "List groups",
		RunE: func(cmd *cobra.Command, more []string) error {
			withState := cmd.Flags().Changed("state")
			switch {
			case len(more) > 0 && withState: // --state Stable, as Kafka's tool takes it
				states = strings.Split(strings.Join(more, ","), ",")
			case len(more) > 0:
				return fmt.Errorf("groups list takes no name: `partita groups describe %s` shows one group", more[0])
			}
			if len(states) == 1 && states[0] == allStates {
				states = nil
			}
			return withCluster(cmd.Context(), o, func(c *remote.Cluster) error {
				return c.ListGroups(cmd.Context(), p.out, states, withState)
			})
		},
	}
	cmd.Flags().StringSliceVar(&states, "state", nil, "show states; with a list only groups in them, as in --state=Stable,Empty")
	cmd.Flags().Lookup("state").NoOptDefVal = allStates
	return cmd
}

// allStates is what --state means without a list.
const allStates = "all"

func (p *program) groupsDescribe(o *remote.Options) *cobra.Command {
	var members, state, verbose bool
	cmd := &cobra.Command{
		Use: "describe [GROUP…]", Short: "Show committed offsets and lag, members or the state; of all groups without a name",
		ValidArgsFunction: groupNames(o),
		RunE: func(cmd *cobra.Command, names []string) error {
			view := remote.GroupOffsets
			switch {
			case members && state:
				return fmt.Errorf("--members and --state are two tables: ask for one")
			case members:
				view = remote.GroupMembers
			case state:
				view = remote.GroupState
			}
			return withCluster(cmd.Context(), o, func(c *remote.Cluster) error {
				return c.DescribeGroups(cmd.Context(), p.out, names, view, verbose)
			})
		},
	}
	cmd.Flags().BoolVar(&members, "members", false, "the members")
	cmd.Flags().BoolVar(&state, "state", false, "the group's state and coordinator")
	cmd.Flags().BoolVar(&verbose, "verbose", false, "with --members: their partitions too")
	return cmd
}

func (p *program) groupsReset(o *remote.Options) *cobra.Command {
	var r remote.Reset
	var at string
	cmd := &cobra.Command{
		Use: "reset-offsets GROUP", Short: "Commit other offsets for a group without members", Args: names(1, 1, "group"),
		Example: `  partita groups reset-offsets billing --topic orders --to-earliest --execute
  partita groups reset-offsets billing --topic orders:0,1 --shift-by -10`,
		ValidArgsFunction: groupNames(o),
		RunE: func(cmd *cobra.Command, args []string) error {
			r.HasOffset, r.HasShift = cmd.Flags().Changed("to-offset"), cmd.Flags().Changed("shift-by")
			if at != "" {
				var err error
				if r.Time, err = parseTime(at); err != nil {
					return err
				}
			}
			return withCluster(cmd.Context(), o, func(c *remote.Cluster) error {
				return c.ResetOffsets(cmd.Context(), p.out, args[0], r)
			})
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&r.Topics, "topic", nil, "a topic, or some of its partitions as in orders:0,1; may be given again")
	f.BoolVar(&r.AllTopics, "all-topics", false, "all partitions for which the group has committed")
	f.BoolVar(&r.Execute, "execute", false, "do it; without it the table shows what would be done")
	f.BoolVar(&r.Earliest, "to-earliest", false, "the log start offset")
	f.BoolVar(&r.Latest, "to-latest", false, "the log end offset")
	f.BoolVar(&r.Current, "to-current", false, "what is committed now")
	f.Int64Var(&r.Offset, "to-offset", 0, "this offset")
	f.Int64Var(&r.Shift, "shift-by", 0, "so many further, or back when negative")
	f.StringVar(&at, "to-datetime", "", "the first record from then on: 2006-01-02T15:04:05")
	f.DurationVar(&r.Ago, "by-duration", 0, "the first record of the last so long: 1h30m")
	return cmd
}

// parseTime reads a time as Kafka's tool takes it, in local time unless it says otherwise.
func parseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.000", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--to-datetime %s: write it as 2006-01-02T15:04:05", text)
}

func (p *program) groupsDelete(o *remote.Options) *cobra.Command {
	return &cobra.Command{
		Use: "delete GROUP…", Short: "Remove groups without members, with their offsets", Args: names(1, -1, "group"),
		Example:           "partita groups delete billing",
		ValidArgsFunction: groupNames(o),
		RunE: func(cmd *cobra.Command, names []string) error {
			return withCluster(cmd.Context(), o, func(c *remote.Cluster) error { return c.DeleteGroups(cmd.Context(), p.out, names) })
		},
	}
}
