package main

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"partita/engine"
	"partita/web"
)

func (p *program) serve() *cobra.Command {
	var addr string
	var clients kafkaFlags
	var brokers int
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the playground and live rooms",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if brokers < 1 || brokers > engine.MaxBrokers {
				return fmt.Errorf("--brokers is 1 to %d, not %d", engine.MaxBrokers, brokers)
			}
			log := slog.New(slog.NewTextHandler(p.errors, nil))
			server, err := web.New(web.Config{Addr: addr, Log: log, Brokers: brokers, Settings: clients.settings()})
			if err != nil {
				return err
			}
			if err := server.Listen(); err != nil {
				return err
			}
			end, err := clients.serve(server.Rooms(), log)
			if err != nil {
				return errors.Join(err, server.Close())
			}
			defer end()
			fmt.Fprintf(p.out, "Partita is at %s (stop it with Ctrl-C)\n", server.URL())
			if p.ready != nil {
				p.ready(server.URL())
			}
			return server.Serve(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&addr, "addr", web.DefaultAddr, "`host:port` to listen on; port 0 takes any free one")
	clients.register(cmd.Flags())
	cmd.Flags().IntVar(&brokers, "brokers", 1, "how many brokers each room has, 1 to 9")
	return cmd
}
