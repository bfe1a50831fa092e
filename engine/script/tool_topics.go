package script

import (
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

// toolTopics is kafka-topics.
func toolTopics(r *Runner, o *options) {
	switch {
	case o.has("list"):
		for _, t := range r.topicsOf(o) {
			r.say(t.Name)
		}
	case o.has("describe"):
		list := r.topicsOf(o)
		if r.err != nil && o.has("if-exists") {
			r.err = nil
		}
		for i := range list {
			r.describeTopic(&list[i], o.has("under-replicated-partitions"))
		}
	case o.has("create"):
		r.toolCreate(o)
	case o.has("alter"):
		name := o.need(r, "topic")
		if o.has("config") {
			r.fail(sim.Phrase("kafka-topics --alter no longer changes settings: use ", "kafka-configs --alter --entity-type topics --entity-name "+name+" --add-config …"))
		}
		r.also(&Line{Words: []string{"topic", "partitions", name, o.need(r, "partitions")}})
	case o.has("delete"):
		name := o.need(r, "topic")
		if _, ok := r.World.Engine().Topic(name); ok || !o.has("if-exists") {
			r.also(&Line{Words: []string{"topic", "delete", name}})
		}
	default:
		r.fail("Command must include exactly one action: --list, --describe, --create, --alter or --delete")
	}
}

func (r *Runner) toolCreate(o *options) {
	name := o.need(r, "topic")
	if _, ok := r.World.Engine().Topic(name); ok && o.has("if-not-exists") {
		return
	}
	l := Line{Words: []string{"topic", "create", name}}
	set := func(name, flag string) {
		if value, ok := o.get(flag); ok {
			l.Settings = append(l.Settings, Setting{Name: name, Value: value})
		}
	}
	set("partitions", "partitions")
	set("replication", "replication-factor")
	set("replicas", "replica-assignment")
	for _, config := range o.all("config") {
		name, value, ok := strings.Cut(config, "=")
		if !ok {
			r.fail(sim.Phrase("", "--config", " ", clip(config), " is not name=value"))
		}
		l.Settings = append(l.Settings, Setting{Name: name, Value: value})
	}
	r.also(&l)
	if r.err == nil {
		r.say("Created topic " + name + ".")
	}
}

// describeTopic prints a topic as kafka-topics --describe does.
func (r *Runner) describeTopic(t *engine.TopicView, under bool) {
	var set []string
	r.World.Call(&engine.DescribeConfigs{Topic: t.Name}, func(reply *engine.Reply) {
		body, _ := reply.Body.(*engine.DescribeConfigsReply)
		if body == nil {
			return
		}
		for _, c := range body.Entries {
			if !c.Default {
				set = append(set, c.Name+"="+c.Value)
			}
		}
	})
	r.World.Call(&engine.Metadata{Names: []string{t.Name}}, func(reply *engine.Reply) {
		body, _ := reply.Body.(*engine.MetadataReply)
		if body == nil || len(body.Topics) == 0 {
			return
		}
		parts := body.Topics[0].Partitions
		replicas := 0
		if len(parts) > 0 {
			replicas = len(parts[0].Replicas)
		}
		if !under {
			r.say("Topic: " + t.Name + "\tPartitionCount: " + itoa(int64(len(parts))) + "\tReplicationFactor: " + itoa(int64(replicas)) + "\tConfigs: " + strings.Join(set, ","))
		}
		for i := range parts {
			p := &parts[i]
			if under && len(p.ISR) >= len(p.Replicas) {
				continue
			}
			leader := "none"
			if p.Leader >= 0 {
				leader = itoa(int64(p.Leader))
			}
			r.say("\tTopic: " + t.Name + "\tPartition: " + itoa(int64(i)) + "\tLeader: " + leader +
				"\tReplicas: " + ids(p.Replicas) + "\tIsr: " + ids(p.ISR))
		}
	})
}

func ids(list []int32) string {
	text := ""
	for _, id := range list {
		text += "," + itoa(int64(id))
	}
	return strings.TrimPrefix(text, ",")
}

// toolConfigs is kafka-configs.
func toolConfigs(r *Runner, o *options) {
	kind, name := o.entity(r)
	if r.err != nil {
		return
	}
	switch {
	case o.has("describe") && kind == "topics":
		r.say("Dynamic configs for topic " + name + " are:")
		r.describeConfigs(&engine.DescribeConfigs{Topic: name}, o.has("all"))
	case o.has("describe"):
		broker := r.brokerNamed(name)
		r.say("Dynamic configs for broker " + name + " are:")
		r.describeConfigs(&engine.DescribeBrokerConfigs{Broker: broker}, o.has("all"))
	case o.has("alter"):
		r.alterConfigs(o, kind, name)
	default:
		r.fail("Command must include exactly one action: --describe or --alter")
	}
}

// entity is whose settings are meant.
func (o *options) entity(r *Runner) (kind, name string) {
	for _, short := range []string{"topic", "broker"} {
		if name, ok := o.get(short); ok {
			return short + "s", name
		}
	}
	kind = o.need(r, "entity-type")
	if kind != "topics" && kind != "brokers" && r.err == nil {
		r.fail(sim.Phrase("--entity-type ", clip(kind), ": here there are topics and brokers"))
	}
	if o.has("entity-default") {
		return kind, ""
	}
	return kind, o.need(r, "entity-name")
}

func (r *Runner) brokerNamed(name string) int32 {
	if name == "" {
		return 0
	}
	return int32(r.number("a broker", name, int64(engine.FirstBroker), int64(engine.FirstBroker)+8))
}

func (r *Runner) describeConfigs(cmd engine.Command, all bool) {
	if r.err != nil {
		return
	}
	code := r.World.Call(cmd, func(reply *engine.Reply) {
		body, _ := reply.Body.(*engine.DescribeConfigsReply)
		if body == nil {
			return
		}
		for _, c := range body.Entries {
			if all || !c.Default {
				r.say("  " + c.Name + "=" + c.Value)
			}
		}
	})
	r.refused(code, sim.Mark+"there is nothing of that name")
}

func (r *Runner) alterConfigs(o *options, kind, name string) {
	l := Line{Words: []string{"topic", "config", name}}
	if kind == "brokers" {
		l.Words = []string{"broker", "config", or(name, "all")}
	}
	add, _ := o.get("add-config")
	for add != "" {
		var one string
		one, add = nextConfig(add)
		key, value, ok := strings.Cut(one, "=")
		if !ok {
			r.fail(sim.Phrase("", "--add-config", " ", clip(one), " is not name=value"))
		}
		l.Settings = append(l.Settings, Setting{Name: key, Value: strings.Trim(value, "[]")})
	}
	if gone, ok := o.get("delete-config"); ok {
		for key := range strings.SplitSeq(gone, ",") {
			l.Settings = append(l.Settings, Setting{Name: key})
		}
	}
	if len(l.Settings) == 0 {
		r.fail("At least one of --add-config and --delete-config must be specified with --alter")
	}
	r.also(&l)
	if r.err == nil {
		r.say("Completed updating config for " + strings.TrimSuffix(kind, "s") + " " + or(name, "default") + ".")
	}
}

// nextConfig cuts one name=value from a list; commas in [brackets] do not count.
func nextConfig(list string) (one, rest string) {
	depth := 0
	for i := range len(list) {
		switch list[i] {
		case '[':
			depth++
		case ']':
			depth--
		case ',':
			if depth == 0 {
				return list[:i], list[i+1:]
			}
		}
	}
	return list, ""
}
