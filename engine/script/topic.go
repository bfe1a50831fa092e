package script

import (
	"errors"
	"strings"

	"partita/engine"
)

// Bounds of a world.
const (
	maxTopics     = 64
	maxPartitions = 10_000 // of all topics
)

var topicVerbs = []verb{
	{words: "topic create", min: 3, max: 3, settings: []string{"*"}, run: createTopic, same: sameCreateTopic,
		example: "topic create orders partitions=3 retention.ms=60000"},
	{words: "topic delete", min: 3, max: 3, example: "topic delete orders",
		run: func(r *Runner, l *Line) error {
			return r.topicCall(&engine.DeleteTopic{Name: l.Words[2]}, l.Words[2], "")
		},
		same: func(l *Line) string { return kafkaTopics + "--delete --topic " + arg(l.Words[2]) }},
	{words: "topic partitions", min: 4, max: 4, run: addPartitions, example: "topic partitions orders 6",
		same: func(l *Line) string {
			return kafkaTopics + "--alter --topic " + arg(l.Words[2]) + " --partitions " + arg(l.Words[3])
		}},
	{words: "topic config", min: 3, max: 3, settings: []string{"*"}, run: configTopic, same: sameConfigTopic,
		example: "topic config orders retention.ms=60000"},
}

const (
	server       = " --bootstrap-server localhost:9092 "
	kafkaTopics  = "kafka-topics" + server
	kafkaConfigs = "kafka-configs" + server
)

// createTopic: partitions= and replication.factor= belong to the request, all other
// settings are the topic's own.
func createTopic(r *Runner, l *Line) error {
	cmd := engine.CreateTopic{Name: l.Words[2], Partitions: -1, ReplicationFactor: -1}
	for _, s := range l.Settings {
		var n int64
		var err error
		switch s.Name {
		case "partitions":
			n, err = number("partitions", s.Value, 1, engine.MaxPartitions)
			cmd.Partitions = int32(n)
		case "replication.factor":
			n, err = number("replication.factor", s.Value, 1, 1)
			cmd.ReplicationFactor = int16(n)
		default:
			cmd.Config = append(cmd.Config, entry(s))
		}
		if err != nil {
			return err
		}
	}
	topics, partitions := r.countTopics()
	switch {
	case topics >= maxTopics:
		return errors.New("64 topics are the most that one world holds: delete one first")
	case partitions+max(cmd.Partitions, 1) > maxPartitions:
		return errors.New("10,000 partitions are the most that one world holds, and there are " + itoa(int64(partitions)) + " already")
	}
	return r.topicCall(&cmd, cmd.Name, "")
}

func addPartitions(r *Runner, l *Line) error {
	n, err := number("the number of partitions", l.Words[3], 1, engine.MaxPartitions)
	if err != nil {
		return err
	}
	t, _ := r.World.Engine().Topic(l.Words[2])
	if _, partitions := r.countTopics(); int64(partitions-t.Partitions)+n > maxPartitions {
		return errors.New("10,000 partitions are the most that one world holds, and there are " + itoa(int64(partitions)) + " already")
	}
	return r.topicCall(&engine.CreatePartitions{Name: l.Words[2], Count: int32(n)}, l.Words[2],
		l.Words[2]+" has "+itoa(int64(t.Partitions))+" partitions, and that number can only grow")
}

func configTopic(r *Runner, l *Line) error {
	if len(l.Settings) == 0 {
		return errors.New("topic config needs a setting, as in: topic config orders retention.ms=60000")
	}
	cmd := engine.AlterConfig{Topic: l.Words[2]}
	for _, s := range l.Settings {
		cmd.Entries = append(cmd.Entries, entry(s))
	}
	return r.topicCall(&cmd, l.Words[2], "")
}

// entry takes times in words for the settings that are in milliseconds; an empty value
// goes back to the default.
func entry(s Setting) engine.ConfigEntry {
	value := s.Value
	if strings.HasSuffix(s.Name, ".ms") {
		if ms, err := duration(value); err == nil {
			value = itoa(ms)
		}
	}
	return engine.ConfigEntry{Name: s.Name, Value: value, Unset: value == ""}
}

func (r *Runner) countTopics() (topics int, partitions int32) {
	r.World.Engine().Topics(func(t engine.TopicView) bool {
		if !t.Internal {
			topics++
			partitions += t.Partitions
		}
		return true
	})
	return topics, partitions
}

// topicCall sends a command about a topic; partitions says why its number was refused.
func (r *Runner) topicCall(cmd engine.Command, topic, partitions string) error {
	code := r.World.Call(cmd, nil)
	text := "the cluster refuses this"
	switch code {
	case engine.TopicAlreadyExists:
		text = "there is a topic called " + clip(topic) + " already"
	case engine.UnknownTopicOrPartition:
		text = r.noTopic(topic)
	case engine.InvalidTopic:
		text = clip(topic) + " cannot be the name here: a topic's name has up to 249 letters, digits, dots, _ and -, and internal topics are left alone"
	case engine.InvalidPartitions:
		text = partitions
	case engine.InvalidConfig:
		text = "a setting is not known to this cluster, or its value is out of range"
	}
	return refused(code, text)
}

func (r *Runner) noTopic(name string) string {
	var list []string
	r.World.Engine().Topics(func(t engine.TopicView) bool {
		list = append(list, t.Name)
		return true
	})
	return missing("topic", name, list)
}

// missing says that there is nothing of that name, and what there is.
func missing(what, name string, list []string) string {
	text := "no " + what + " called " + clip(name) + ": "
	const most = 12
	switch {
	case len(list) == 0:
		return text + "there are none yet"
	case len(list) == 1:
		return text + "there is " + list[0]
	case len(list) > most:
		return text + "there are " + strings.Join(list[:most], ", ") + " and more"
	}
	return text + "there are " + strings.Join(list, ", ")
}

func sameCreateTopic(l *Line) string {
	text := kafkaTopics + "--create --topic " + arg(l.Words[2])
	for _, s := range l.Settings {
		switch s.Name {
		case "partitions":
			text += " --partitions " + arg(s.Value)
		case "replication.factor":
			text += " --replication-factor " + arg(s.Value)
		default:
			e := entry(s)
			text += " --config " + arg(e.Name+"="+e.Value)
		}
	}
	return text
}

func sameConfigTopic(l *Line) string {
	text := kafkaConfigs + "--alter --entity-type topics --entity-name " + arg(l.Words[2])
	var set, unset []string
	for _, s := range l.Settings {
		if e := entry(s); e.Unset {
			unset = append(unset, e.Name)
		} else {
			set = append(set, e.Name+"="+e.Value)
		}
	}
	if set != nil {
		text += " --add-config " + arg(strings.Join(set, ","))
	}
	if unset != nil {
		text += " --delete-config " + arg(strings.Join(unset, ","))
	}
	return text
}
