package referee

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// most bounds what one test may wait for.
const most = time.Minute

// how tells what is to do when something is missing.
const how = `"make test-kafka" installs it`

// jarList names the jars of Apache Kafka's, each with its hash.
var jarList = filepath.Join("testdata", "jars.sha256")

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
	list, err := os.ReadFile(jarList)
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
	flags := []string{"-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xlog:disable",
		"-Dorg.slf4j.simpleLogger.defaultLogLevel=error"}
	if archive := classes(); archive != "" {
		if _, err := os.Stat(archive); err == nil {
			flags = append(flags, "-XX:SharedArchiveFile="+archive)
		}
	}
	return exec.CommandContext(ctx, "java", slices.Concat(flags, []string{"-cp", path, class}, args)...), nil
}

// classes is the file in which Java keeps the classes of Kafka's tools as it has loaded them
// once: a tool starts in half the time with it. It stands beside the jars and goes with them.
// Java itself refuses an archive of another Java or of other jars and goes on without.
var classes = sync.OnceValue(func() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	version, err := exec.Command("java", "-version").CombinedOutput()
	if err != nil {
		return ""
	}
	list, err := os.ReadFile(jarList)
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "partita", "apache-kafka", fmt.Sprintf("classes-%.8x.jsa", sha256.Sum256(append(version, list...))))
})

// keepClasses makes that file, if it is not there: of kafka-configs, which knows the most
// classes. Without it everything works as well.
var keepClasses = sync.OnceFunc(func() {
	archive := classes()
	if _, err := os.Stat(archive); archive == "" || err == nil {
		return
	}
	a, err := theApache()
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), most)
	defer cancel()
	cmd, err := java(ctx, tools["kafka-configs"], "--bootstrap-server", a.addr, "--describe", "--entity-type", "brokers", "--entity-default")
	if err != nil {
		return
	}
	made := fmt.Sprintf("%s.%d", archive, os.Getpid()) // another run may do the same
	cmd.Args = slices.Insert(cmd.Args, 1, "-XX:ArchiveClassesAtExit="+made)
	if cmd.Run() == nil {
		os.Rename(made, archive)
	}
	os.Remove(made)
})

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
	keepClasses()
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
