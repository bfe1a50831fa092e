package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"partita/cmd/partita/remote"
)

// remoteFlags adds the flags that every command has which talks to a cluster.
func remoteFlags(cmd *cobra.Command) *remote.Options {
	o := &remote.Options{}
	f := cmd.PersistentFlags()
	f.StringSliceVar(&o.Servers, "bootstrap-server", []string{"127.0.0.1:9092"}, "brokers to ask first, host:port,…")
	f.DurationVar(&o.Timeout, "timeout", 10*time.Second, "how long to wait for an answer")
	f.StringVar(&o.ClientID, "client-id", "partita", "client.id, as brokers and viewers see it")
	f.StringVar(&o.User, "user", "", "SASL user; empty: none")
	f.StringVar(&o.Password, "password", "", "its password")
	f.StringVar(&o.Mechanism, "sasl-mechanism", "PLAIN", strings.Join(remote.Mechanisms, ", "))
	f.BoolVar(&o.TLS, "tls", false, "talk TLS")
	f.StringVar(&o.CAFile, "tls-ca", "", "file of the certificates to trust, PEM; implies --tls")
	offers(cmd, "sasl-mechanism", remote.Mechanisms...)
	return o
}

// offers makes the shell offer the values of a flag.
func offers(cmd *cobra.Command, flag string, values ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// withCluster runs one command against a cluster.
func withCluster(ctx context.Context, o *remote.Options, do func(c *remote.Cluster) error, more ...remote.Opt) error {
	c, err := remote.Dial(ctx, *o, more...)
	if err != nil {
		return err
	}
	defer c.Close()
	return do(c)
}

// completer offers names that a cluster knows; none when it does not answer.
func completer(o *remote.Options, names func(c *remote.Cluster, ctx context.Context) ([]string, error)) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		quick := *o
		quick.Timeout = time.Second
		var list []string
		_ = withCluster(cmd.Context(), &quick, func(c *remote.Cluster) (err error) {
			list, err = names(c, cmd.Context())
			return err
		})
		return list, cobra.ShellCompDirectiveNoFileComp
	}
}

func topicNames(o *remote.Options) cobra.CompletionFunc {
	return completer(o, func(c *remote.Cluster, ctx context.Context) ([]string, error) { return c.TopicNames(ctx, false) })
}

func groupNames(o *remote.Options) cobra.CompletionFunc {
	return completer(o, func(c *remote.Cluster, ctx context.Context) ([]string, error) { return c.GroupNames(ctx) })
}
