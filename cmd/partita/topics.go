package main

import (
	"errors"

	"github.com/spf13/cobra"

	"partita/cmd/partita/remote"
)

func (p *program) topics() *cobra.Command {
	cmd := family(&cobra.Command{Use: "topics", Short: "Create, list, describe, alter and delete topics of a cluster"})
	o := remoteFlags(cmd)
	cmd.AddCommand(p.topicsCreate(o), p.topicsList(o), p.topicsDescribe(o), p.topicsAlter(o), p.topicsDelete(o))
	return cmd
}

func (p *program) topicsCreate(o *remote.Options) *cobra.Command {
	var t remote.NewTopic
	cmd := &cobra.Command{
		Use: "create NAME…", Short: "Make topics", Args: names(1, -1, "topic"),
		Example: "partita topics create orders --partitions 6 --config retention.ms=60000",
		RunE: func(cmd *cobra.Command, names []string) error {
			return withCluster(cmd.Context(), o, func(c *remote.Cluster) error {
				return c.CreateTopics(cmd.Context(), p.out, names, t)
			})
		},
	}
	cmd.Flags().Int32Var(&t.Partitions, "partitions", -1, "how many; -1: the broker's num.partitions")
	cmd.Flags().Int16Var(&t.Replication, "replication-factor", -1, "copies of each; -1: the broker's default.replication.factor")
	cmd.Flags().StringArrayVar(&t.Configs, "config", nil, "a setting, name=value; may be given again")
	cmd.Flags().BoolVar(&t.IfNotExists, "if-not-exists", false, "say nothing about topics that are there already")
	return cmd
}

func (p *program) topicsList(o *remote.Options) *cobra.Command {
	var internal bool
	cmd := &cobra.Command{
		Use: "list", Short: "List topics", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withCluster(cmd.Context(), o, func(c *remote.Cluster) error { return c.ListTopics(cmd.Context(), p.out, internal) })
		},
	}
	cmd.Flags().BoolVar(&internal, "internal", false, "internal topics too")
	return cmd
}

func (p *program) topicsDescribe(o *remote.Options) *cobra.Command {
	return &cobra.Command{
		Use: "describe [NAME…]", Short: "Show partitions, leaders and replicas; of all topics without a name",
		ValidArgsFunction: topicNames(o),
		RunE: func(cmd *cobra.Command, names []string) error {
			return withCluster(cmd.Context(), o, func(c *remote.Cluster) error { return c.DescribeTopics(cmd.Context(), p.out, names) })
		},
	}
}

func (p *program) topicsAlter(o *remote.Options) *cobra.Command {
	var a remote.Alteration
	cmd := &cobra.Command{
		Use: "alter NAME", Short: "Add partitions, change settings", Args: names(1, 1, "topic"),
		Example:           "partita topics alter orders --partitions 12 --config retention.ms=60000 --delete-config segment.ms",
		ValidArgsFunction: topicNames(o),
		RunE: func(cmd *cobra.Command, names []string) error {
			if a.Partitions == 0 && len(a.Set)+len(a.Delete) == 0 {
				return errors.New("say what to change: --partitions, --config or --delete-config")
			}
			return withCluster(cmd.Context(), o, func(c *remote.Cluster) error { return c.AlterTopic(cmd.Context(), p.out, names[0], a) })
		},
	}
	cmd.Flags().IntVar(&a.Partitions, "partitions", 0, "the new total")
	cmd.Flags().StringArrayVar(&a.Set, "config", nil, "a setting, name=value; may be given again")
	cmd.Flags().StringArrayVar(&a.Delete, "delete-config", nil, "a setting that goes back to its default")
	return cmd
}

func (p *program) topicsDelete(o *remote.Options) *cobra.Command {
	return &cobra.Command{
		Use: "delete NAME…", Short: "Remove topics and their records", Args: names(1, -1, "topic"),
		Example:           "partita topics delete orders",
		ValidArgsFunction: topicNames(o),
		RunE: func(cmd *cobra.Command, names []string) error {
			return withCluster(cmd.Context(), o, func(c *remote.Cluster) error { return c.DeleteTopics(cmd.Context(), p.out, names) })
		},
	}
}
