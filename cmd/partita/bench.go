package main

import (
	"time"

	"github.com/spf13/cobra"

	"partita/cmd/partita/remote"
)

func (p *program) bench() *cobra.Command {
	b := remote.Bench{}
	cmd := &cobra.Command{
		Use: "bench", Short: "Measure how fast a cluster takes and gives records", Args: cobra.NoArgs,
		Long: "Produces records, consumes them again, and then measures latency at 1,000 records/s.\nThe topic is made for it and removed afterwards, unless it was there before.",
	}
	o := remoteFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return b.Run(cmd.Context(), *o, p.out) }
	f := cmd.Flags()
	f.StringVar(&b.Topic, "topic", "partita-bench", "where to")
	f.Int32Var(&b.Partitions, "partitions", 6, "of the topic, when it is made")
	f.IntVar(&b.Records, "records", 1_000_000, "how many")
	f.IntVar(&b.Size, "size", 100, "of each value, in bytes")
	f.StringVar(&b.Acks, "acks", "1", "0, 1 or all")
	f.DurationVar(&b.Latency, "latency", 3*time.Second, "how long to measure latency; 0: not")
	return cmd
}
