package referee

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"partita/engine"
)

// firstBroker is the id of the first broker everywhere, so that tools print the same.
const firstBroker = 101

// settings are what all clusters are started with: what Partita's live rooms set, small
// internal topics, and no waiting for a group's second member.
var settings = []engine.ConfigEntry{
	{Name: "log.retention.bytes", Value: "8388608"},
	{Name: "log.segment.bytes", Value: "1048576"},
	{Name: "offsets.topic.segment.bytes", Value: "1048576"},
	{Name: "log.retention.check.interval.ms", Value: "10000"},

	{Name: "group.initial.rebalance.delay.ms", Value: "0"},
	{Name: "offsets.topic.num.partitions", Value: "4"},
	{Name: "offsets.topic.replication.factor", Value: "1"},
	{Name: "transaction.state.log.num.partitions", Value: "4"},
	{Name: "transaction.state.log.replication.factor", Value: "1"},
	{Name: "transaction.state.log.min.isr", Value: "1"},
	{Name: "share.coordinator.state.topic.num.partitions", Value: "4"},
	{Name: "share.coordinator.state.topic.replication.factor", Value: "1"},
	{Name: "group.consumer.heartbeat.interval.ms", Value: "500"},
	{Name: "group.consumer.session.timeout.ms", Value: "6000"},
	{Name: "log.cleaner.backoff.ms", Value: "500"},
	{Name: "authorizer.class.name", Value: "org.apache.kafka.metadata.authorizer.StandardAuthorizer"},
	{Name: "super.users", Value: "User:ANONYMOUS"},
	{Name: "allow.everyone.if.no.acl.found", Value: "true"}, // scripts in a room have no name
}

// apache is a cluster of Apache Kafka's with one broker, which is the controller as well.
type apache struct {
	addr string
	stop func()
	log  *bytes.Buffer // to be read after stop

	config, dir string
	in          io.WriteCloser // of the shell that the broker runs under
	cmd         *exec.Cmd
}

// freePort is a port of this machine that nobody uses.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// startApache formats a new cluster and waits until its broker answers.
func startApache(ctx context.Context) (*apache, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	control, err := freePort()
	if err != nil {
		return nil, err
	}
	a, err := newApache(ctx, firstBroker, port, control, fmt.Sprintf("%d@127.0.0.1:%d", firstBroker, control))
	if err != nil {
		return nil, err
	}
	return a, errors.Join(a.serve(ctx), a.wait(ctx))
}

// newApache makes a broker, with its log formatted.
func newApache(ctx context.Context, id, port, control int, voters string) (*apache, error) {
	dir, err := os.MkdirTemp("", "partita-referee")
	if err != nil {
		return nil, err
	}
	a := &apache{addr: fmt.Sprintf("127.0.0.1:%d", port), log: new(bytes.Buffer), dir: dir, config: filepath.Join(dir, "server.properties")}
	a.stop = func() { os.RemoveAll(dir) }
	if err := os.WriteFile(a.config, properties(id, port, control, voters, filepath.Join(dir, "data")), 0o600); err != nil {
		return nil, err
	}
	format, err := java(ctx, "kafka.tools.StorageTool", "format", "--cluster-id", "cGFydGl0YS1yZWZlcmVlMQ", "--config", a.config,
		"--feature", "eligible.leader.replicas.version=0") // not modelled
	if err != nil {
		return nil, err
	}
	if text, err := format.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("formatting: %w\n%s", err, text)
	}
	return a, nil
}

// properties is a broker's file of settings.
func properties(id, port, control int, voters, data string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "process.roles=broker,controller\nnode.id=%d\ncontroller.quorum.voters=%s\n", id, voters)
	fmt.Fprintf(&b, "listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d\ncontroller.listener.names=CONTROLLER\n", port, control)
	fmt.Fprintf(&b, "log.dirs=%s\nshare.coordinator.state.topic.min.isr=1\ngroup.consumer.min.heartbeat.interval.ms=500\ngroup.consumer.min.session.timeout.ms=6000\n", data)
	fmt.Fprintf(&b, "log.cleaner.dedupe.buffer.size=4194304\nlog.initial.task.delay.ms=500\ntransaction.abort.timed.out.transaction.cleanup.interval.ms=500\nnum.network.threads=1\nnum.io.threads=2\n")
	for _, s := range settings {
		fmt.Fprintf(&b, "%s=%s\n", s.Name, s.Value)
	}
	return b.Bytes()
}

// serve runs the broker under a shell that kills it when this process ends, however it
// ends: then the shell's input is closed.
func (a *apache) serve(ctx context.Context) error {
	broker, err := java(ctx, "kafka.Kafka", a.config)
	if err != nil {
		return err
	}
	cmd := exec.Command("sh", append([]string{"-c", `"$@" & read -r how; kill -${how:-9} $!; wait`, "sh"}, broker.Args...)...)
	cmd.Stdout, cmd.Stderr = a.log, a.log
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	a.in, a.cmd = in, cmd
	a.stop = func() {
		if in != nil {
			in.Close()
			cmd.Wait()
		}
		os.RemoveAll(a.dir)
	}
	return err
}

// shutDown stops the broker in good order; serve starts it again.
func (a *apache) shutDown() error {
	_, err := io.WriteString(a.in, "TERM\n")
	a.cmd.Wait() // its status says that it was told to
	return err
}

// wait waits until the broker takes connections, or ctx is done.
func (a *apache) wait(ctx context.Context) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := net.Dial("tcp", a.addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			a.stop()
			log, _ := io.ReadAll(a.log)
			return fmt.Errorf("Apache Kafka did not start: %w\n%s", ctx.Err(), strings.TrimSpace(string(log)))
		}
	}
}
