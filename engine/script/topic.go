package script

import (
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

// Bounds of a world.
const (
	maxTopics     = 64
	maxPartitions = 10_000 // of all topics
)

var topicVerbs = []verb{
	{words: "topic create", form: "w", settings: "*", run: createTopic, example: "topic create orders partitions=3 retention.ms=60000",
		same: same{text: "kafka-topics" + server + " --create --topic @2", props: " --config ",
			flags: []flag{{"partitions", " --partitions "}, {"replication", " --replication-factor "}, {"replicas", " --replica-assignment "}}}},
	{words: "topic delete", form: "w", example: "topic delete orders",
		run:  func(r *Runner, a *args) { r.topicCall(&engine.DeleteTopic{Name: a.words[0]}, a.words[0], "") },
		same: same{text: "kafka-topics" + server + " --delete --topic @2"}},
	{words: "topic partitions", form: "ww", run: addPartitions, example: "topic partitions orders 6",
		same: same{text: "kafka-topics" + server + " --alter --topic @2 --partitions @3"}},
	{words: "topic config", form: "w", settings: "*", run: configTopic, example: "topic config orders retention.ms=60000",
		same: same{write: sameConfig}},
}

// createTopic: partitions=, replication= and replicas= belong to the request, all other
// settings are the topic's own.
func createTopic(r *Runner, a *args) {
	cmd := engine.CreateTopic{Name: a.words[0], Partitions: -1, ReplicationFactor: -1}
	for _, s := range a.Settings {
		switch s.Name {
		case "partitions":
			cmd.Partitions = int32(r.number(s.Name, s.Value, 1, engine.MaxPartitions))
		case "replication":
			cmd.ReplicationFactor = int16(r.number(s.Name, s.Value, 1, maxBrokers))
		case "replicas":
			for list := range strings.SplitSeq(s.Value, ",") {
				cmd.Replicas = append(cmd.Replicas, r.brokers(strings.ReplaceAll(list, ":", ",")))
			}
		default:
			cmd.Config = append(cmd.Config, entry(s))
		}
	}
	if r.count(nil) >= maxTopics {
		r.fail(sim.Mark + "64 topics are the most that one world holds: delete one first")
	}
	r.roomFor(max(cmd.Partitions, int32(len(cmd.Replicas)), 1))
	r.topicCall(&cmd, cmd.Name, "")
}

func addPartitions(r *Runner, a *args) {
	cmd := engine.CreatePartitions{Name: a.words[0], Count: int32(r.number("the number of partitions", a.words[1], 1, engine.MaxPartitions))}
	t, _ := r.World.Engine().Topic(cmd.Name)
	r.roomFor(cmd.Count - t.Partitions)
	r.topicCall(&cmd, cmd.Name, sim.Phrase("", cmd.Name, " has ", itoa(int64(t.Partitions)), " partitions, and that number can only grow"))
}

func configTopic(r *Runner, a *args) {
	cmd := engine.AlterConfig{Topic: a.words[0]}
	for _, s := range a.Settings {
		cmd.Entries = append(cmd.Entries, entry(s))
	}
	if cmd.Entries == nil {
		r.fail(sim.Mark + "topic config needs a setting, as in: topic config orders retention.ms=60000")
	}
	r.topicCall(&cmd, cmd.Topic, "")
}

// entry is a setting of a topic; an empty value goes back to the default.
func entry(s Setting) engine.ConfigEntry {
	return engine.ConfigEntry{Name: s.Name, Value: kafkaValue(s), Unset: s.Value == ""}
}

// count is the number of topics that are not internal; partitions adds theirs up.
func (r *Runner) count(partitions *int32) (topics int) {
	r.World.Engine().Topics(func(t engine.TopicView) bool {
		if !t.Internal {
			topics++
			if partitions != nil {
				*partitions += t.Partitions
			}
		}
		return true
	})
	return topics
}

func (r *Runner) roomFor(more int32) {
	n := int32(0)
	if r.count(&n); n+more > maxPartitions {
		r.fail(sim.Phrase("10,000 partitions are the most that one world holds, and there are ", itoa(int64(n)), " already"))
	}
}

// topicCall sends a command about a topic; partitions says why its number was refused.
func (r *Runner) topicCall(cmd engine.Command, topic, partitions string) {
	if r.err != nil {
		return
	}
	reason := ""
	code := r.World.Call(cmd, func(reply *engine.Reply) { reason = reply.Reason })
	text := refuses
	switch code {
	case engine.TopicAlreadyExists:
		text = sim.Phrase("there is a topic called ", clip(topic), " already")
	case engine.UnknownTopicOrPartition:
		text = r.noTopic(topic)
	case engine.InvalidTopic:
		text = sim.Phrase("", clip(topic), " cannot be the name here: a topic's name has up to 249 letters, digits, dots, _ and -, and internal topics are left alone")
	case engine.InvalidPartitions:
		text = partitions
	case engine.InvalidReplicationFactor:
		text = sim.Mark + "a partition has at most one replica on each broker that is up"
	case engine.InvalidReplicaAssignment:
		text = sim.Mark + "replicas=101:102,102:103 names different brokers of this cluster for each partition, as many for one as for another"
	case engine.InvalidConfig:
		text = or(reason, sim.Mark+"a setting is not known to this cluster, or its value is out of range")
	}
	r.refused(code, text)
}

func sameConfig(l *Line) string { return configText(l, "topics --entity-name "+arg(l.Words[2])) }

// configText is what kafka-configs would be told to change settings of something.
func configText(l *Line, entity string) string {
	set, unset := "", ""
	for _, s := range l.Settings {
		if e := entry(s); e.Unset {
			unset += "," + e.Name
		} else {
			set += "," + e.Name + "=" + e.Value
		}
	}
	text := "kafka-configs" + server + " --alter --entity-type " + entity
	if set != "" {
		text += " --add-config " + arg(set[1:])
	}
	if unset != "" {
		text += " --delete-config " + arg(unset[1:])
	}
	return text
}

// writable finds a topic that people may write to.
func (r *Runner) writable(name string) *engine.TopicView {
	t := r.topic(name)
	if t != nil && t.Internal {
		r.fail(sim.Phrase("", name, " is the cluster's own: nobody else writes to it"))
		return nil
	}
	return t
}

// settingsText writes settings as people gave them.
func settingsText(settings []Setting) string {
	return strings.TrimLeft(string(appendSettings(nil, settings)), " ")
}
