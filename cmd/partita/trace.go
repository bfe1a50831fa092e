package main

import (
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"partita/engine"
	"partita/engine/swarm"
)

func (p *program) trace() *cobra.Command {
	var seed, seeds uint64
	var script bool
	cmd := &cobra.Command{
		Use:   "trace",
		Short: "Run a seed of the swarm and tell what happens",
		Long: "Run what a seed draws: a cluster, its settings, clients, load and faults. Every invariant\n" +
			"is checked all the time; at the end everything is mended and has to come to rest. It prints\n" +
			"a sentence for each thing worth telling and a digest of all events, and fails when a promise\n" +
			"was broken. With --seeds it runs many, quietly, up to the first that fails.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if seeds > 0 {
				return p.swarm(seed, seeds)
			}
			o := swarm.Options{Keep: script}
			if !script {
				o.Note = func(at engine.Time, text string) { fmt.Fprintf(p.out, "%7d.%03d %s\n", at/1000, at%1000, text) }
			}
			r := swarm.Run(seed, o)
			for _, line := range r.Script {
				fmt.Fprintln(p.out, line)
			}
			if !script {
				fmt.Fprintf(p.out, "seed %d: %d steps, %d events, %d records, digest %016x\n", seed, r.Steps, r.Events, r.Records, r.Digest)
			}
			return r.Err
		},
	}
	cmd.Flags().Uint64Var(&seed, "seed", 1, "the seed, or the first of --seeds")
	cmd.Flags().Uint64Var(&seeds, "seeds", 0, "run so many seeds, and print what they add up to")
	cmd.Flags().BoolVar(&script, "script", false, "print the run as a script instead")
	return cmd
}

// swarm runs seeds up to the first that breaks a promise, and says what it ran.
func (p *program) swarm(from, seeds uint64) error {
	debug.SetGCPercent(1000) // each seed leaves all it had behind
	var steps, events, records, ran int64
	excused := map[string]int64{}
	var err error
	for seed := from; seed < from+seeds && err == nil; seed++ {
		r := swarm.Run(seed, swarm.Options{})
		ran, steps, events, records = ran+1, steps+r.Steps, events+r.Events, records+r.Records
		for setting, n := range r.Excused {
			excused[setting] += n
		}
		if r.Err != nil {
			err = fmt.Errorf("seed %d: %w\nsee it: go run ./cmd/partita trace --seed %d", seed, r.Err, seed)
		}
	}
	var settings []string
	for setting := range excused {
		settings = append(settings, setting)
	}
	slices.Sort(settings)
	for _, setting := range settings {
		who := setting
		if who == "" {
			who = "a client that is gone" // with its settings
		}
		fmt.Fprintf(p.out, "%8d times something was lost, doubled or out of order, as %s permits\n", excused[setting], who)
	}
	found := "nothing broken"
	if err != nil {
		found = "one broken"
	}
	fmt.Fprintf(p.out, "%d seeds from %d: %d steps, %d events, %d records: %s\n", ran, from, steps, events, records, found)
	return err
}
