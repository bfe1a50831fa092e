package main

import (
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"partita/web"
)

func (p *program) serve() *cobra.Command {
	var addr string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the playground and live rooms",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log := slog.New(slog.NewTextHandler(p.errors, nil))
			server, err := web.New(web.Config{Addr: addr, Log: log})
			if err != nil {
				return err
			}
			if err := server.Listen(); err != nil {
				return err
			}
			fmt.Fprintf(p.out, "Partita is at %s (stop it with Ctrl-C)\n", server.URL())
			if p.ready != nil {
				p.ready(server.URL())
			}
			return server.Serve(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&addr, "addr", web.DefaultAddr, "`host:port` to listen on; port 0 takes any free one")
	return cmd
}
