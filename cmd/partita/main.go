// Command partita is the program: it serves the pages and live rooms, runs scripts, and
// works with any cluster over the network as Kafka's own tools do.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := program{in: os.Stdin, out: os.Stdout, errors: os.Stderr}
	if err := p.run(ctx, os.Args[1:]...); err != nil {
		fmt.Fprintln(os.Stderr, "partita:", err)
		os.Exit(1)
	}
}

// program is one run of partita. Tests make their own, without a process.
type program struct {
	in     io.Reader
	out    io.Writer
	errors io.Writer
	ready  func(url string) // called when serve listens; may be nil
}

// run runs one command line until it is done or ctx is.
func (p *program) run(ctx context.Context, args ...string) error {
	root := &cobra.Command{
		Use:           "partita",
		Short:         "A Kafka you can watch",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetOut(p.out)
	root.SetErr(p.errors)
	root.SetArgs(args)
	root.AddCommand(p.serve(), p.export(), p.script(), p.trace(), p.version(), p.topics(), p.produce(), p.consume(), p.groups(), p.bench())
	root.SetIn(p.in)
	root.SetFlagErrorFunc(flagError)
	return root.ExecuteContext(ctx)
}
