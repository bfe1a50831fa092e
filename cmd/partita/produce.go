package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"partita/cmd/partita/remote"
)

func (p *program) produce() *cobra.Command {
	r := remote.Production{}
	var file string
	cmd := &cobra.Command{
		Use: "produce TOPIC", Short: "Send each line of the input as a record", Args: names(1, 1, "topic"),
		Example: `  echo hello | partita produce orders
  partita produce orders --file orders.txt --key-separator : --acks all --rate 10`,
	}
	o := remoteFlags(cmd)
	cmd.ValidArgsFunction = topicNames(o)
	f := cmd.Flags()
	f.StringVar(&file, "file", "-", "where lines come from; - is the standard input")
	f.StringVar(&r.KeySeparator, "key-separator", "", "splits a line into key and value")
	f.StringVar(&r.Key, "key", "", "one key for all records")
	f.StringArrayVar(&r.Headers, "header", nil, "a header, name=value; may be given again")
	f.StringVar(&r.NullMarker, "null-marker", "", "a key or value that is exactly this is null")
	f.Int32Var(&r.Partition, "partition", -1, "send to this partition; -1: the partitioner's choice")
	f.StringVar(&r.Acks, "acks", "all", "0, 1 or all")
	f.StringVar(&r.Partitioner, "partitioner", "default", "default, roundrobin or sticky")
	f.StringVar(&r.Compression, "compression-codec", "none", "none, gzip, snappy, lz4 or zstd")
	f.Float64Var(&r.Rate, "rate", 0, "records a second; 0: as fast as they come")
	f.BoolVar(&r.Idempotent, "idempotent", true, "enable.idempotence; only with --acks all")
	offers(cmd, "acks", "all", "1", "0")
	offers(cmd, "partitioner", "default", "roundrobin", "sticky")
	offers(cmd, "compression-codec", "none", "gzip", "snappy", "lz4", "zstd")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		r.Topic, r.HasKey = args[0], cmd.Flags().Changed("key")
		if r.Acks != "all" && r.Acks != "-1" && r.Idempotent && cmd.Flags().Changed("idempotent") {
			return fmt.Errorf("--idempotent needs --acks all: other producers cannot know what was written")
		}
		in, err := p.input(file)
		if err != nil {
			return err
		}
		defer in.Close()
		opts, err := r.Options()
		if err != nil {
			return err
		}
		return withCluster(cmd.Context(), o, func(c *remote.Cluster) error {
			sent, err := c.Produce(cmd.Context(), in, r)
			fmt.Fprintf(p.errors, "%d records acknowledged\n", sent)
			return err
		}, opts...)
	}
	return cmd
}

// input is a file, or the standard input for "-".
func (p *program) input(file string) (io.ReadCloser, error) {
	if file == "-" {
		return io.NopCloser(p.in), nil
	}
	in, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("--file: %w", err)
	}
	return in, nil
}
