package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// names is how many names a command wants: at least least, at most most (-1: any number),
// of what.
func names(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch n := len(args); {
		case n < least:
			return fmt.Errorf("%s needs the name of a %s, as in: %s", path(cmd), what, firstExample(cmd))
		case most >= 0 && n > most:
			return fmt.Errorf("%s takes one %s, and does not know what to do with %q. It is written like this: %s", path(cmd), what, args[most], firstExample(cmd))
		}
		return nil
	}
}

// path is a command without the name of the program: topics create.
func path(cmd *cobra.Command) string {
	_, rest, _ := strings.Cut(cmd.CommandPath(), " ")
	return rest
}

func firstExample(cmd *cobra.Command) string {
	line, _, _ := strings.Cut(strings.TrimSpace(cmd.Example), "\n")
	return line
}

// family makes a command that is only the first word of others: without one of them it
// shows which there are, and with a wrong one it says so.
func family(cmd *cobra.Command) *cobra.Command {
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		var there []string
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				there = append(there, c.Name())
			}
		}
		return fmt.Errorf("no command called %s %s: there are %s", path(cmd), args[0], strings.Join(there, ", "))
	}
	return cmd
}

// flagError says what is wrong with a flag, and how it is written.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var wrong *pflag.InvalidValueError
	var bare *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		text := "no flag called --" + unknown.GetSpecifiedName()
		if without := withoutDashes(cmd, unknown.GetSpecifiedName()); without != "" {
			return fmt.Errorf("%s: write `%s`", text, without)
		}
		if near := nearest(cmd, unknown.GetSpecifiedName()); near != "" {
			return fmt.Errorf("%s: did you mean --%s?", text, near)
		}
		return fmt.Errorf("%s: `%s --help` shows which there are", text, cmd.CommandPath())
	case errors.As(err, &wrong):
		how := map[string]string{
			"int": "a whole number", "int16": "a whole number", "int32": "a whole number", "int64": "a whole number", "uint64": "a whole number",
			"float64": "a number", "duration": "a time with its unit, as in 500ms, 30s or 1h30m", "bool": "true or false",
		}[wrong.GetFlag().Value.Type()]
		if how != "" {
			return fmt.Errorf("--%s %s: write %s", wrong.GetFlag().Name, wrong.GetValue(), how)
		}
	case errors.As(err, &bare):
		return fmt.Errorf("--%s needs a value: %s", bare.GetSpecifiedName(), bare.GetFlag().Usage)
	}
	return err
}

// withoutDashes is how a command is written whose user took the dashes from Kafka's tools:
// topics --list, consume --topic orders.
func withoutDashes(cmd *cobra.Command, name string) string {
	for _, c := range cmd.Commands() {
		if c.Name() == name {
			return c.CommandPath()
		}
	}
	if strings.Contains(cmd.Use, " "+strings.ToUpper(name)) || name == "topic" && strings.Contains(cmd.Use, " NAME") {
		return strings.TrimSpace(firstExample(cmd))
	}
	return ""
}

// nearest finds the flag whose name begins most like a name that is none.
func nearest(cmd *cobra.Command, name string) (near string) {
	most := 3
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		same := 0
		for same < min(len(name), len(f.Name)) && name[same] == f.Name[same] {
			same++
		}
		if same > most {
			near, most = f.Name, same
		}
	})
	return near
}
