package referee

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// most bounds what one test may wait for.
const most = time.Minute

// how tells what is to do when something is missing.
const how = `"make test-kafka" installs it`

// classpath is every jar of Apache Kafka's, as testdata/jars.sha256 lists them; cmd/check
// fetches them and compares the hashes.
var classpath = sync.OnceValues(func() (string, error) {
	if _, err := exec.LookPath("java"); err != nil {
		return "", fmt.Errorf("Java is missing: %s", how)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	list, err := os.ReadFile(filepath.Join("testdata", "jars.sha256"))
	if err != nil {
		return "", err
	}
	var jars []string
	for line := range strings.Lines(string(list)) {
		jar := filepath.Join(cache, "partita", "apache-kafka", strings.Fields(line)[1])
		if _, err := os.Stat(jar); err != nil {
			return "", fmt.Errorf("Apache Kafka is missing: %s (%w)", how, err)
		}
		jars = append(jars, jar)
	}
	return strings.Join(jars, string(os.PathListSeparator)), nil
})

// java is a Java program of Apache Kafka's, quick to start and small.
func java(ctx context.Context, class string, args ...string) (*exec.Cmd, error) {
	path, err := classpath()
	if err != nil {
		return nil, err
	}
	flags := []string{"-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
		"-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", path, class}
	return exec.CommandContext(ctx, "java", append(flags, args...)...), nil
}

// tools are the classes that Kafka's shell scripts of the same names run.
var tools = map[string]string{
	"kafka-topics":                 "org.apache.kafka.tools.TopicCommand",
	"kafka-configs":                "kafka.admin.ConfigCommand",
	"kafka-acls":                   "kafka.admin.AclCommand",
	"kafka-console-producer":       "org.apache.kafka.tools.ConsoleProducer",
	"kafka-console-consumer":       "org.apache.kafka.tools.consumer.ConsoleConsumer",
	"kafka-console-share-consumer": "org.apache.kafka.tools.consumer.ConsoleShareConsumer",
	"kafka-consumer-groups":        "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
	"kafka-share-groups":           "org.apache.kafka.tools.consumer.group.ShareGroupCommand",
	"kafka-groups":                 "org.apache.kafka.tools.GroupsCommand",
	"kafka-producer-perf-test":     "org.apache.kafka.tools.ProducerPerformance",
	"kafka-consumer-perf-test":     "org.apache.kafka.tools.ConsumerPerformance",
	"kafka-transactions":           "org.apache.kafka.tools.TransactionsCommand",
	"kafka-leader-election":        "org.apache.kafka.tools.LeaderElectionCommand",
	"kafka-reassign-partitions":    "org.apache.kafka.tools.reassign.ReassignPartitionsCommand",
	"kafka-get-offsets":            "org.apache.kafka.tools.GetOffsetShell",
	"kafka-delete-records":         "org.apache.kafka.tools.DeleteRecordsCommand",
	"kafka-broker-api-versions":    "org.apache.kafka.tools.BrokerApiVersionsCommand",
}

// printed is what a tool printed, line by line and without blanks at the ends, and how it
// ended.
type printed struct {
	out, errs string
	status    int
}

// tool runs one of Kafka's tools at a cluster to its end.
func tool(t testing.TB, at *target, input, name string, args ...string) printed {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), most)
	defer cancel()
	cmd, err := java(ctx, tools[name], append([]string{"--bootstrap-server", at.addr}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	err = cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("%s %s at %s did not end\n%s%s", name, strings.Join(args, " "), at.name, out.String(), errs.String())
	}
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return printed{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}
