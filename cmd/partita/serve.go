package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"partita/engine"
	"partita/web"
	"partita/web/host"
	"partita/web/kafka"
)

// kafkaEnd is how long Kafka clients' connections may take to end.
const kafkaEnd = 5 * time.Second

func (p *program) serve() *cobra.Command {
	var addr, kafkaAddr string
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
			server, err := web.New(web.Config{Addr: addr, Log: log, Brokers: brokers})
			if err != nil {
				return err
			}
			if err := server.Listen(); err != nil {
				return err
			}
			clients := p.kafkaClients(server.Rooms(), kafkaAddr, log)
			defer clients()
			fmt.Fprintf(p.out, "Partita is at %s (stop it with Ctrl-C)\n", server.URL())
			if p.ready != nil {
				p.ready(server.URL())
			}
			return server.Serve(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&addr, "addr", web.DefaultAddr, "`host:port` to listen on; port 0 takes any free one")
	cmd.Flags().StringVar(&kafkaAddr, "kafka", kafka.DefaultAddr, "`host:port` where Kafka clients find the first broker; the others have the ports after it; empty for none")
	cmd.Flags().IntVar(&brokers, "brokers", 1, "how many brokers each room has, 1 to 9")
	return cmd
}

// kafkaClients lets Kafka clients in, if it can: the pages are served without them too. It
// returns what ends it.
func (p *program) kafkaClients(rooms *host.Rooms, addr string, log *slog.Logger) (end func()) {
	if addr == "" {
		return func() {}
	}
	server := kafka.New(rooms, kafka.Config{Addr: addr, Log: log})
	if err := server.Listen(); err != nil {
		log.Warn("no Kafka clients: " + err.Error())
		return func() {}
	}
	server.Serve()
	log.Info("Kafka clients are welcome", "bootstrap.servers", server.Addr())
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), kafkaEnd)
		defer cancel()
		if err := server.Close(ctx); err != nil {
			log.Warn("some Kafka clients' connections were cut")
		}
	}
}
