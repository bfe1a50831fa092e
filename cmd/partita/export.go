package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"partita/web"
)

func (p *program) export() *cobra.Command {
	return &cobra.Command{
		Use:   "export FOLDER",
		Short: "Write the playground as files that any web server can serve",
		Long: "Write the playground as files into a folder. Any web server can serve them, under any path:\n" +
			"the engine runs in the page. Links to a run work there as they do here. There are no live\n" +
			"rooms in it, which need a server of Partita's.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := web.Export(cmd.Context(), args[0]); err != nil {
				return err
			}
			fmt.Fprintf(p.out, "The site is in %s: serve that folder as it is.\n", filepath.Clean(args[0]))
			return nil
		},
	}
}
