package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"partita/cmd/partita/remote"
)

func (p *program) consume() *cobra.Command {
	s := remote.Consumption{}
	cmd := &cobra.Command{
		Use: "consume TOPIC…", Short: "Write the records of topics to the output", Args: names(1, -1, "topic"),
		Example: `  partita consume orders --from-beginning --format full
  partita consume orders --group billing
  partita consume orders --partition 0 --offset 42 --max-messages 10 --format '%t-%p@%o %k=%s\n'`,
	}
	o := remoteFlags(cmd)
	cmd.ValidArgsFunction = topicNames(o)
	f := cmd.Flags()
	f.StringVar(&s.Group, "group", "", "join this group and commit what was written")
	f.BoolVar(&s.FromBeginning, "from-beginning", false, "start at the log start offset where nothing is committed")
	f.Int32Var(&s.Partition, "partition", -1, "only this partition")
	f.StringVar(&s.Offset, "offset", "", "of --partition: a number, earliest or latest")
	f.IntVar(&s.Most, "max-messages", 0, "stop after so many records; 0: never")
	f.DurationVar(&s.Idle, "idle", 0, "stop when nothing came for so long; 0: never")
	f.BoolVar(&s.Committed, "read-committed", false, "isolation.level=read_committed")
	f.StringVar(&s.Format, "format", "value", "value, key, full, json, or a template as kcat's: %t %p %o %k %s %h %T")
	offers(cmd, "format", "value", "key", "full", "json")
	offers(cmd, "offset", "earliest", "latest")
	_ = cmd.RegisterFlagCompletionFunc("group", groupNames(o))
	cmd.RunE = func(cmd *cobra.Command, topics []string) error {
		s.Topics = topics
		opts, err := s.Options()
		if err != nil {
			return err
		}
		return withCluster(cmd.Context(), o, func(c *remote.Cluster) error {
			read, err := c.Consume(cmd.Context(), p.out, s)
			fmt.Fprintf(p.errors, "Processed a total of %d messages\n", read)
			return err
		}, opts...)
	}
	return cmd
}
