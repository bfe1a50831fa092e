package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"partita/engine/script"
	"partita/engine/sim"
)

func (p *program) script() *cobra.Command {
	var seed uint64
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Run a script in a world of its own and print its output",
		Long: "Run a script, line by line, in a world of its own whose time is virtual, and print what\n" +
			"the lines have to say. It stops at the first line that fails. FILE - is standard input.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := readFile(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			runner := script.Runner{World: sim.New(sim.Config{Seed: seed})}
			number := 0
			for line := range strings.Lines(text) {
				number++
				output, err := runner.Run(strings.TrimSpace(line))
				if output != "" {
					fmt.Fprintln(p.out, output)
				}
				if err != nil {
					return fmt.Errorf("%s:%d: %w", args[0], number, err)
				}
			}
			return nil
		},
	}
	cmd.Flags().Uint64Var(&seed, "seed", 1, "start of everything that is random")
	return cmd
}

func readFile(name string, in io.Reader) (string, error) {
	if name == "-" {
		text, err := io.ReadAll(in)
		return string(text), err
	}
	text, err := os.ReadFile(name)
	return string(text), err
}
