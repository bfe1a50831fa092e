package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"partita/engine"
	"partita/engine/sim"
	"partita/web/host"
	"partita/web/kafka"
)

// kafkaEnd is how long Kafka clients' connections may take to end.
const kafkaEnd = 5 * time.Second

// kafkaFlags say how Kafka clients come in.
type kafkaFlags struct {
	addr, users, cert, key string
	super                  []string
	open                   bool
}

func (k *kafkaFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&k.addr, "kafka", kafka.DefaultAddr, "`host:port` where Kafka clients find the first broker; the others have the ports after it; empty for none")
	flags.StringVar(&k.users, "kafka-users", "", "`file` of users for SASL PLAIN and SCRAM, a line each: a room's code, or one with a slash and a name, a blank, and a password")
	flags.StringSliceVar(&k.super, "kafka-super-users", nil, "`users` who may do everything; then the others may do only what access rules allow. Without it everybody may do what no rule is about")
	flags.StringVar(&k.cert, "kafka-tls-cert", "", "`file` of the certificate that Kafka clients' connections are encrypted with")
	flags.StringVar(&k.key, "kafka-tls-key", "", "`file` of the key of that certificate")
	flags.BoolVar(&k.open, "kafka-open", false, "let Kafka clients of other machines in without a password")
}

// settings are the brokers' settings by which access rules hold: they do as soon as clients
// have users. Whoever types into a room's console may do everything.
func (k *kafkaFlags) settings() []engine.ConfigEntry {
	if k.users == "" {
		return nil
	}
	super := sim.Admin
	for _, user := range k.super {
		super += ";User:" + user
	}
	return []engine.ConfigEntry{
		{Name: "authorizer.class.name", Value: "StandardAuthorizer"},
		{Name: "super.users", Value: super},
		{Name: "allow.everyone.if.no.acl.found", Value: strconv.FormatBool(len(k.super) == 0)},
	}
}

func (k *kafkaFlags) config(log *slog.Logger) (kafka.Config, error) {
	c := kafka.Config{Addr: k.addr, Log: log, Open: k.open}
	if k.users != "" {
		f, err := os.Open(k.users)
		if err != nil {
			return c, err
		}
		defer f.Close()
		if c.Users, err = kafka.ReadUsers(f); err != nil {
			return c, fmt.Errorf("%s: %w", k.users, err)
		}
	}
	if k.cert != "" || k.key != "" {
		pair, err := tls.LoadX509KeyPair(k.cert, k.key)
		if err != nil {
			return c, fmt.Errorf("--kafka-tls-cert and --kafka-tls-key: %w", err)
		}
		c.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	}
	return c, nil
}

// serve lets Kafka clients in and returns what ends that. A port that is taken is no
// reason not to serve pages.
func (k *kafkaFlags) serve(rooms *host.Rooms, log *slog.Logger) (end func(), err error) {
	if k.addr == "" {
		return func() {}, nil
	}
	config, err := k.config(log)
	if err != nil {
		return nil, err
	}
	server := kafka.New(rooms, config)
	if err := server.Listen(); errors.Is(err, syscall.EADDRINUSE) {
		log.Warn(err.Error())
		return func() {}, nil
	} else if err != nil {
		return nil, err
	}
	server.Serve()
	log.Info("Kafka clients are welcome", "bootstrap.servers", server.Addr())
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), kafkaEnd)
		defer cancel()
		if err := server.Close(ctx); err != nil {
			log.Warn("some Kafka clients' connections were cut")
		}
	}, nil
}
