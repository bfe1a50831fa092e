package script

import (
	"strconv"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/client"
	"partita/engine/sim"
)

var showVerbs = []verb{
	{words: "show group", form: "g", run: showGroup, example: "show group billing", same: same{text: kafkaGroups + " --describe --group @2"}},
	{words: "show groups", run: showGroups, example: "show groups", same: same{text: kafkaGroups + " --list --state"}},
	{words: "show topic", form: "t", run: showTopic, example: "show topic orders",
		same: same{text: "kafka-topics" + server + " --describe --topic @2"}},
	{words: "show topics", run: showTopics, example: "show topics", same: same{text: "kafka-topics" + server + " --list"}},
	{words: "show config", form: "t", run: showConfig, example: "show config orders",
		same: same{text: "kafka-configs" + server + " --describe --all --entity-type topics --entity-name @2"}},
	{words: "show records", form: "p|o", run: showRecords, same: same{write: sameRecords}, example: "show records orders-0 5"},
	{words: "show consumer", form: "c", run: showConsumer, example: "show consumer c1"},
	{words: "show producers", run: showProducers, example: "show producers"},
	{words: "why", form: "ww|wwww", run: askWhy, example: "why record orders-0 5"},
	{words: "digest", run: digest, example: "digest"},
	{words: "help", form: "|w", run: help, example: "help consumer"},
}

// showGroup prints what kafka-consumer-groups --describe would, and who is idle.
func showGroup(r *Runner, a *args) {
	g := a.group
	title := g.Name + " is " + g.State.String() + ", generation " + itoa(int64(g.Generation)) + ", " + plural(int64(g.MemberCount), "member")
	if g.State == engine.GroupStable {
		title += ", " + g.Protocol
	}
	r.say(title)
	r.row("partition", "committed", "end", "lag", "owner")
	list := r.standings(g)
	for i := range list {
		s := &list[i]
		r.row(s.String(), offset(s.committed), offset(s.end), itoa(s.lag), or(s.owner, "nobody"))
	}
	r.table(5)
	for _, m := range r.World.Engine().Members(g.ID, nil) {
		if given, _ := engine.ParseAssignment(m.Assignment); len(given.Partitions) == 0 {
			r.say(r.World.MemberName(m.ID) + " has no partition")
		}
	}
}

func showGroups(r *Runner, _ *args) {
	r.row("group", "state", "assignor", "members", "lag")
	r.World.Engine().Groups(func(g engine.GroupView) bool {
		r.row(g.Name, g.State.String(), or(g.Protocol, "none"), itoa(int64(g.MemberCount)), itoa(r.lag(&g)))
		return true
	})
	r.table(5)
}

func showTopic(r *Runner, a *args) {
	t := a.topic
	r.row("partition", "start", "end", "high watermark", "leader")
	for p := range engine.Partition(t.Partitions) {
		v, _ := r.World.Engine().Partition(t.ID, p)
		r.row(engine.TopicPartition{Topic: t.Name, Partition: p}.String(),
			offset(v.LogStart), offset(v.LogEnd), offset(v.HighWatermark), itoa(int64(v.Leader)))
	}
	r.table(5)
}

func showTopics(r *Runner, _ *args) {
	r.row("topic", "partitions", "records")
	r.World.Engine().Topics(func(t engine.TopicView) bool {
		r.row(t.Name, itoa(int64(t.Partitions)), itoa(r.offsets(&t)))
		return true
	})
	r.table(3)
}

func showConfig(r *Runner, a *args) {
	r.World.Call(&engine.DescribeConfigs{Topic: a.topic.Name}, func(reply *engine.Reply) {
		for _, c := range reply.Body.(*engine.DescribeConfigsReply).Entries {
			text := c.Name + "=" + c.Value
			if !c.Default {
				text += "  (set on the topic)"
			}
			r.say(text)
		}
	})
}

const maxRecords = 50

// showRecords prints up to 50 records of a partition, from an offset or from its log
// start offset on.
func showRecords(r *Runner, a *args) {
	at := a.at
	from := max(a.offset, at.view.LogStart)
	r.row("offset", "key", "value")
	r.records(at.id, at.Partition, from, func(o engine.Offset, _ int64, rec *batch.Record) bool {
		r.row(offset(o), text(rec.Key), text(rec.Value))
		return len(r.cells) <= 3*maxRecords
	})
	r.table(3)
}

func sameRecords(l *Line) string {
	var r Runner
	topic, p := r.splitPartition(l.Words[2])
	return "kafka-console-consumer" + server + " --topic " + arg(topic) + " --partition " + itoa(int64(p)) +
		" --offset " + arg(or(l.word(3), "earliest")) + " --property print.offset=true --property print.key=true"
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

func showConsumer(r *Runner, a *args) {
	c := a.consumer
	v := c.View()
	r.say(c.Name + " is " + state(c) + ", generation " + itoa(int64(v.Generation)) + ", " + plural(int64(v.InHand), "record") + " in hand")
	r.row("partition", "position", "processed", "committed", "high watermark")
	for i := range v.Partitions {
		p := &v.Partitions[i]
		r.row(engine.TopicPartition{Topic: p.Topic, Partition: p.Partition}.String(),
			offset(p.Position), offset(p.Processed), offset(p.Committed), offset(p.HighWatermark))
	}
	r.table(5)
}

func showProducers(r *Runner, _ *args) {
	r.row("producer", "topic", "sent", "failed")
	for _, p := range r.World.Producers() {
		r.row(p.Name, p.Generator().Topic, itoa(p.Sent()), itoa(p.Failed()))
	}
	r.table(4)
}

// digest prints a hash of every event so far: two runs with the same digest had the
// same events.
func digest(r *Runner, _ *args) {
	text := strconv.FormatUint(r.World.Engine().Digest(), 16)
	r.say("0000000000000000"[len(text):] + text)
}

// help prints an example of every verb, or of those of one noun.
func help(r *Runner, a *args) {
	learnTools()
	for i := range tools {
		if len(a.words) > 0 && tools[i].name == a.words[0] {
			r.toolHelp(&tools[i])
			return
		}
	}
	for i := range verbs {
		if v := &verbs[i]; len(a.words) == 0 || v.noun() == a.words[0] {
			r.say(v.example)
		}
	}
}
