package script

import (
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

func brokerVerbs() []verb {
	return []verb{
		{words: "cluster", settings: "*", run: cluster, time: true, example: "cluster brokers=3 racks=a,b,c",
			same: same{text: "kafka-storage format, and kafka-server-start for each broker"}},
		onBroker("crash", "|w", " unsynced", "kill -9, of the process of broker @2", func(a *args) engine.Command {
			return &engine.CrashBroker{Broker: a.broker, LoseUnsynced: a.word(1) == "unsynced"}
		}),
		onBroker("stop", "", "", "kafka-server-stop, on broker @2", func(a *args) engine.Command { return &engine.StopBroker{Broker: a.broker} }),
		onBroker("start", "", "", "kafka-server-start server.properties, on broker @2", func(a *args) engine.Command {
			return &engine.StartBroker{Broker: a.broker}
		}),
		onBroker("pause", "", "", "kill -STOP, of the process of broker @2", func(a *args) engine.Command {
			return &engine.PauseBroker{Broker: a.broker}
		}),
		onBroker("resume", "", "", "kill -CONT, of the process of broker @2", func(a *args) engine.Command {
			return &engine.ResumeBroker{Broker: a.broker}
		}),
		{words: "broker slow", form: "bw", run: slowBroker, example: "broker slow 102 200ms",
			same: same{text: "no Kafka setting: a slow disk, or a machine with too much to do"}},
		{words: "broker config", form: "w", settings: "*", run: configBroker, example: "broker config 102 replica.lag.time.max.ms=10s",
			same: same{write: sameBrokerConfig}},
		elect("preferred", false),
		elect("unclean", true),
		{words: "reassign", form: "pw", run: reassign, example: "reassign orders-0 102,103",
			same: same{text: "kafka-reassign-partitions" + server + " --execute --reassignment-json-file move.json  # @1 to @2"}},
		{words: "records delete", form: "pw", run: deleteRecords, example: "records delete orders-0 5",
			same: same{text: "kafka-delete-records" + server + " --offset-json-file before.json  # %2 before @3"}},
	}
}

// cluster makes the cluster what it says, before there is anything in it. brokers=,
// racks= and latency= are its shape; all other settings are those of every broker.
func cluster(r *Runner, a *args) {
	cfg := sim.Cluster{Brokers: 1}
	for _, s := range a.Settings {
		switch s.Name {
		case "brokers":
			cfg.Brokers = int(r.number(s.Name, s.Value, 1, maxBrokers))
		case "racks":
			cfg.Racks = strings.Split(s.Value, ",")
		case "latency":
			if cfg.LatencyMs = r.duration(s.Value); cfg.LatencyMs > maxLatency {
				r.fail(sim.Mark + "latency is at most 1m")
			}
		default:
			cfg.Settings = append(cfg.Settings, entry(s))
		}
	}
	if wrong := engine.CheckDefaults(cfg.Settings); wrong != "" {
		r.fail(wrong)
	}
	switch {
	case r.err != nil:
	case !r.World.SetCluster(cfg):
		r.fail(sim.Mark + "a cluster gets its shape before there is anything in it: clear comes first")
	}
}

// onBroker makes a verb that does something to a broker.
func onBroker(second, form, more, text string, cmd func(a *args) engine.Command) verb {
	words := "broker " + second
	return verb{words: words, form: "b" + form, example: words + " 102" + more, same: same{text: text}, run: func(r *Runner, a *args) {
		if a.word(1) != "" && a.word(1) != "unsynced" {
			r.fail(sim.Mark + "broker crash knows unsynced only: what was not flushed to its disk is gone")
		}
		r.brokerCall(cmd(a), second)
	}}
}

func slowBroker(r *Runner, a *args) {
	ms := r.duration(a.words[1])
	if ms > maxLatency {
		r.fail(sim.Mark + "a broker is slow by at most 1m")
	}
	r.brokerCall(&engine.SlowBroker{Broker: a.broker, DelayMs: ms}, "be slow")
}

// brokerCall sends a command about a broker; doing says what it cannot do.
func (r *Runner) brokerCall(cmd engine.Command, doing string) {
	if r.err != nil {
		return
	}
	reason := ""
	code := r.World.Call(cmd, func(reply *engine.Reply) { reason = reply.Reason })
	text := refuses
	switch code {
	case engine.BrokerNotAvailable, engine.InvalidRequest:
		text = sim.Phrase("there is no such broker, or it is not in a state to ", or(doing, "do this"))
	case engine.InvalidConfig:
		text = sim.Mark + "a setting is not known to this cluster, or its value is out of range"
	}
	r.refused(code, or(reason, text))
}

// allBrokers stands for every broker in a line.
const allBrokers = "all"

func configBroker(r *Runner, a *args) {
	cmd := engine.AlterBrokerConfig{}
	if a.words[0] != allBrokers {
		cmd.Broker = r.broker(a.words[0])
	}
	for _, s := range a.Settings {
		cmd.Entries = append(cmd.Entries, entry(s))
	}
	if cmd.Entries == nil {
		r.fail(sim.Mark + "broker config needs a setting, as in: broker config 102 replica.lag.time.max.ms=10s")
	}
	r.brokerCall(&cmd, "take this")
}

func sameBrokerConfig(l *Line) string {
	entity := " --entity-name " + arg(l.Words[2])
	if l.Words[2] == allBrokers {
		entity = " --entity-default"
	}
	return configText(l, "brokers"+entity)
}

// broker reads the id of a broker.
func (r *Runner) broker(text string) int32 {
	return int32(r.number("a broker", text, int64(engine.FirstBroker), int64(engine.FirstBroker)+maxBrokers-1))
}

// brokers reads 101,102.
func (r *Runner) brokers(text string) (list []int32) {
	for id := range strings.SplitSeq(text, ",") {
		list = append(list, r.broker(id))
	}
	return list
}

func elect(second string, unclean bool) verb {
	words := "elect " + second
	return verb{words: words, form: "|p", example: words + " orders-0",
		same: same{write: func(l *Line) string {
			s := same{text: "kafka-leader-election" + server + " --election-type " + second + " --all-topic-partitions"}
			if len(l.Words) > 2 {
				topic, p := new(Runner).splitPartition(l.Words[2])
				s.text = "kafka-leader-election" + server + " --election-type " + second + " --topic " + arg(topic) + " --partition " + itoa(int64(p))
			}
			return s.text
		}},
		run: func(r *Runner, a *args) {
			cmd := &engine.ElectLeaders{Unclean: unclean}
			if a.at != nil {
				cmd.Partitions = append(cmd.Partitions, a.at.TopicPartition)
			}
			r.partitionsCall(cmd)
		}}
}

// partitionsCall sends a command that is answered for each partition, and fails with
// the first refusal. An election that was not needed is none.
func (r *Runner) partitionsCall(cmd engine.Command) {
	var list []engine.PartitionResult
	code := r.World.Call(cmd, func(reply *engine.Reply) {
		switch body := reply.Body.(type) {
		case *engine.ElectLeadersReply:
			list = body.Partitions
		case *engine.AlterReassignmentsReply:
			list = body.Partitions
		}
	})
	r.refused(code, refuses)
	for _, p := range list {
		if p.Code != engine.ElectionNotNeeded || len(list) == 1 {
			r.refused(p.Code, sim.Phrase("", partitionRefusal(p.Code), " (", engine.TopicPartition{Topic: p.Topic, Partition: p.Partition}.String(), ")"))
		}
	}
}

func partitionRefusal(code engine.Code) string {
	switch code {
	case engine.ElectionNotNeeded:
		return sim.Mark + "the partition leader is the right one already"
	case engine.PreferredLeaderNotAvailable:
		return sim.Mark + "the preferred replica is not up and in sync"
	case engine.InvalidReplicaAssignment:
		return sim.Mark + "these are not different brokers of this cluster"
	case engine.NoReassignmentInProgress:
		return sim.Mark + "it is not being reassigned"
	}
	return sim.Mark + "no replica that may lead is up"
}

// reassign moves a partition to other replicas; cancel takes that back.
func reassign(r *Runner, a *args) {
	move := engine.Reassignment{Topic: a.at.Topic, Partition: a.at.Partition}
	if a.words[1] != "cancel" {
		move.Replicas = r.brokers(a.words[1])
	}
	if r.err == nil {
		r.partitionsCall(&engine.AlterReassignments{Partitions: []engine.Reassignment{move}})
	}
}

// deleteRecords moves a log start offset; latest stands for the high watermark.
func deleteRecords(r *Runner, a *args) {
	cmd := engine.DeleteRecords{Topic: a.at.id, Partition: a.at.Partition, Before: -1}
	if a.words[1] != "latest" {
		cmd.Before = engine.Offset(r.number("an offset", a.words[1], 0, 1<<53))
	}
	if r.err == nil {
		r.refused(r.World.Call(&cmd, nil), sim.Mark+"records go up to an offset between log start and high watermark, and not from a topic that is only compacted")
	}
}

const maxBrokers = 9
