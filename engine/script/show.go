package script

import (
	"strconv"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/client"
	"partita/engine/sim"
)

var showVerbs = []verb{
	{words: "show group", min: 3, max: 3, run: showGroup, example: "show group billing",
		same: func(l *Line) string { return kafkaGroups + "--describe --group " + arg(l.Words[2]) }},
	{words: "show groups", min: 2, max: 2, run: showGroups, example: "show groups",
		same: func(*Line) string { return kafkaGroups + "--list --state" }},
	{words: "show topic", min: 3, max: 3, run: showTopic, example: "show topic orders",
		same: func(l *Line) string { return kafkaTopics + "--describe --topic " + arg(l.Words[2]) }},
	{words: "show topics", min: 2, max: 2, run: showTopics, example: "show topics",
		same: func(*Line) string { return kafkaTopics + "--list" }},
	{words: "show config", min: 3, max: 3, run: showConfig, example: "show config orders",
		same: func(l *Line) string {
			return kafkaConfigs + "--describe --all --entity-type topics --entity-name " + arg(l.Words[2])
		}},
	{words: "show records", min: 3, max: 4, run: showRecords, same: sameRecords, example: "show records orders-0 5"},
	{words: "show consumer", min: 3, max: 3, run: showConsumer, example: "show consumer c1"},
	{words: "show producers", min: 2, max: 2, run: showProducers, example: "show producers"},
	{words: "digest", min: 1, max: 1, run: digest, example: "digest"},
	{words: "help", min: 1, max: 2, run: help, example: "help consumer"},
}

// showGroup prints what kafka-consumer-groups --describe would, and who is idle.
func showGroup(r *Runner, l *Line) error {
	g, err := r.group(l.Words[2])
	if err != nil {
		return err
	}
	title := g.Name + " is " + g.State.String() + ", generation " + itoa(int64(g.Generation)) + ", " + plural(int64(g.MemberCount), "member")
	if g.State == engine.GroupStable {
		title += ", " + g.Protocol
	}
	r.say(title)
	list := r.standings(g)
	rows := [][]string{{"partition", "committed", "end", "lag", "owner"}}
	for i := range list {
		s := &list[i]
		rows = append(rows, []string{s.tp.String(), dash(s.committed), dash(s.end), itoa(s.lag), or(s.owner, "nobody")})
	}
	if len(list) > 0 {
		r.table(rows)
	}
	for _, m := range r.World.Engine().Members(g.ID, nil) {
		if a, _ := engine.ParseAssignment(m.Assignment); len(a.Partitions) == 0 {
			r.say(r.World.MemberName(m.ID) + " has no partition")
		}
	}
	return nil
}

func showGroups(r *Runner, _ *Line) error {
	rows := [][]string{{"group", "state", "assignor", "members", "lag"}}
	r.World.Engine().Groups(func(g engine.GroupView) bool {
		rows = append(rows, []string{g.Name, g.State.String(), or(g.Protocol, "none"), itoa(int64(g.MemberCount)), itoa(lagOf(r.standings(g)))})
		return true
	})
	r.table(rows)
	return nil
}

func showTopic(r *Runner, l *Line) error {
	t, err := r.topic(l.Words[2])
	if err != nil {
		return err
	}
	rows := [][]string{{"partition", "start", "end", "high watermark", "leader"}}
	for p := engine.Partition(0); p < engine.Partition(t.Partitions); p++ {
		v, _ := r.World.Engine().Partition(t.ID, p)
		rows = append(rows, []string{engine.TopicPartition{Topic: t.Name, Partition: p}.String(),
			dash(v.LogStart), dash(v.LogEnd), dash(v.HighWatermark), itoa(int64(v.Leader))})
	}
	r.table(rows)
	return nil
}

func showTopics(r *Runner, _ *Line) error {
	rows := [][]string{{"topic", "partitions", "records"}}
	r.World.Engine().Topics(func(t engine.TopicView) bool {
		rows = append(rows, []string{t.Name, itoa(int64(t.Partitions)), itoa(r.count(t))})
		return true
	})
	r.table(rows)
	return nil
}

// count is the number of offsets of a topic from log start to log end.
func (r *Runner) count(t engine.TopicView) (n int64) {
	for p := engine.Partition(0); p < engine.Partition(t.Partitions); p++ {
		v, _ := r.World.Engine().Partition(t.ID, p)
		n += int64(v.LogEnd - v.LogStart)
	}
	return n
}

func showConfig(r *Runner, l *Line) error {
	if _, err := r.topic(l.Words[2]); err != nil {
		return err
	}
	r.World.Call(&engine.DescribeConfigs{Topic: l.Words[2]}, func(reply *engine.Reply) {
		for _, c := range reply.Body.(*engine.DescribeConfigsReply).Entries {
			text := c.Name + "=" + c.Value
			if !c.Default {
				text += "  (set on the topic)"
			}
			r.say(text)
		}
	})
	return nil
}

const maxRecords = 50

// showRecords prints up to 50 records of a partition, from an offset or from its log
// start offset on.
func showRecords(r *Runner, l *Line) error {
	t, p, v, err := r.partition(l.Words[2])
	if err != nil {
		return err
	}
	from := int64(v.LogStart)
	if len(l.Words) == 4 {
		if from, err = number("an offset", l.Words[3], from, int64(v.LogEnd)); err != nil {
			return err
		}
	}
	rows := [][]string{{"offset", "key", "value"}}
	err = r.records(t.ID, p, engine.Offset(from), func(o engine.Offset, _ int64, rec *batch.Record) bool {
		rows = append(rows, []string{dash(o), text(rec.Key), text(rec.Value)})
		return len(rows) <= maxRecords
	})
	r.table(rows)
	return err
}

func sameRecords(l *Line) string {
	topic, p, err := partition(l.Words[2])
	if err != nil {
		return ""
	}
	return "kafka-console-consumer" + server + "--topic " + arg(topic) + " --partition " + itoa(int64(p)) +
		" --offset " + or(l.word(3), "earliest") + " --formatter-property print.offset=true --formatter-property print.key=true"
}

var machineStates = [...]string{client.Starting: "starting", client.Joining: "joining", client.Syncing: "syncing",
	client.Stable: "stable", client.OutOfGroup: "out-of-group", client.Fenced: "fenced", client.Closing: "closing",
	client.Closed: "left", client.Failed: "failed"}

// state is what a consumer is doing, in one word.
func state(c *sim.Consumer) string {
	if s := c.State(); s == sim.Frozen || s == sim.Crashed {
		return stateNames[s]
	}
	return machineStates[c.View().State]
}

func showConsumer(r *Runner, l *Line) error {
	c, err := r.consumer(l.Words[2])
	if err != nil {
		return err
	}
	v := c.View()
	r.say(c.Name + " is " + state(c) + ", generation " + strconv.Itoa(int(v.Generation)) + ", " +
		plural(int64(v.InHand), "record") + " in hand")
	rows := [][]string{{"partition", "position", "processed", "committed", "high watermark"}}
	for i := range v.Partitions {
		p := &v.Partitions[i]
		rows = append(rows, []string{engine.TopicPartition{Topic: p.Topic, Partition: p.Partition}.String(),
			dash(p.Position), dash(p.Processed), dash(p.Committed), dash(p.HighWatermark)})
	}
	if len(rows) > 1 {
		r.table(rows)
	}
	return nil
}

func showProducers(r *Runner, _ *Line) error {
	rows := [][]string{{"producer", "topic", "sent", "failed"}}
	for _, p := range r.World.Producers() {
		rows = append(rows, []string{p.Name, p.Generator().Topic, itoa(p.Sent()), itoa(p.Failed())})
	}
	r.table(rows)
	return nil
}

// digest prints a hash of every event so far: two runs with the same digest had the
// same events.
func digest(r *Runner, _ *Line) error {
	text := strconv.FormatUint(r.World.Engine().Digest(), 16)
	r.say("0000000000000000"[len(text):] + text)
	return nil
}

// help prints an example of every verb, or of those of one noun.
func help(r *Runner, l *Line) error {
	for _, v := range verbs {
		if noun := v.noun(); len(l.Words) == 1 || noun == l.Words[1] {
			r.say(v.example)
		}
	}
	return nil
}

func dash(o engine.Offset) string {
	if o < 0 {
		return "-"
	}
	return itoa(int64(o))
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return itoa(n) + " " + what + "s"
}
