package script

import (
	"strings"

	"partita/engine"
)

// helps has a line for each tool and for each of their flags.
var helps = [...][2]string{
	{"kafka-topics", "creates, changes, describes and deletes topics"},
	{"kafka-configs", "describes and changes settings of topics and brokers"},
	{"kafka-consumer-groups", "lists and describes groups, and resets their offsets"},
	{"kafka-console-producer", "writes each line of its input as a record"},
	{"kafka-console-consumer", "prints the records of a topic"},
	{"kafka-leader-election", "elects partition leaders"},
	{"kafka-transactions", "lists and describes transactions"},
	{"kcat", "-P writes records, -C prints them, -L lists topics"},

	{"topic", "a topic's name"}, {"group", "a group's name"}, {"partition", "a partition's number"}, {"partitions", "how many partitions"},
	{"replication-factor", "replicas of each partition"}, {"replica-assignment", "101:102,102:103: brokers of each partition, the preferred leader first"},
	{"config", "name=value of a new topic"}, {"create", "a new topic"}, {"delete", "deletes it"}, {"alter", "changes it"}, {"describe", "prints it"}, {"list", "prints all names"},
	{"if-exists", "only if it is there"}, {"if-not-exists", "only if it is not there"}, {"exclude-internal", "without internal topics"},
	{"under-replicated-partitions", "only those with replicas out of sync"}, {"all", "defaults too"}, {"entity-type", "topics or brokers"}, {"entity-name", "its name"},
	{"entity-default", "of all brokers"}, {"add-config", "name=value,…"}, {"delete-config", "names: back to the defaults"},
	{"delete-offsets", "forgets committed offsets of a topic"}, {"reset-offsets", "moves committed offsets of a group without members"}, {"all-groups", "every group"}, {"all-topics", "every topic of the group"},
	{"members", "who is in the group"}, {"offsets", "where it stands (the default)"}, {"state", "coordinator, assignor, state"}, {"verbose", "with assignments"},
	{"execute", "does it"}, {"dry-run", "only shows it (the default)"}, {"to-earliest", "to the log start"}, {"to-latest", "to the high watermark"}, {"to-current", "to where it is"},
	{"to-offset", "to an offset"}, {"shift-by", "so many on, or back"}, {"to-datetime", "to a time"}, {"by-duration", "so long ago: PT1H30M"},
	{"property", "name=value: parse.key, key.separator, print.key …"}, {"reader-property", "as --property"}, {"formatter-property", "as --property"},
	{"request-required-acks", "acks"}, {"sync", "one batch at a time"}, {"producer-property", "name=value"}, {"consumer-property", "name=value"},
	{"offset", "earliest, latest or a number"}, {"from-beginning", "from the log start"}, {"max-messages", "so many, then it ends"}, {"isolation-level", "read_uncommitted or read_committed"},
	{"timeout-ms", "ends when nothing came for so long"}, {"election-type", "preferred or unclean"}, {"all-topic-partitions", "every partition"}, {"transactional-id", "whose transactions"},
	{"bootstrap-server", "there is one cluster here: localhost:9092"}, {"command-config", "is taken and not read"}, {"broker", "a broker's id"}, {"help", "prints this"},
}

// toolHelp prints what a tool can do.
func (r *Runner) toolHelp(t *tool) {
	r.say(t.name + ": " + look(helps[:], t.name))
	if t.flags == "" {
		r.say("-t TOPIC  -p PARTITION  -o beginning|end|OFFSET|-N  -c COUNT  -K SEPARATOR (keys)  -f FORMAT (%t %p %o %k %s %T)  -b BROKERS")
		return
	}
	r.row("Option", "Description")
	for word := range strings.FieldsSeq(t.flags + " bootstrap-server help!") {
		name := strings.TrimRight(word, "!*")
		option := "--" + name
		if name == word {
			option += " <value>"
		} else if strings.HasSuffix(word, "*") {
			option += " <value>, again"
		}
		r.row(option, look(helps[:], name))
	}
	r.columns(2)
}

// tool completes a line of one of Kafka's tools, which a pipe may feed.
func (c *completion) tool(words []string) {
	if words[0] == "echo" {
		pipe := 1
		for pipe < len(words) && words[pipe] != "|" {
			pipe++
		}
		if pipe >= len(words) {
			if len(words) > 1 {
				c.add("|", "")
			}
			return
		}
		words = words[pipe+1:]
	}
	if len(words) == 0 {
		c.addAll("", []string{"kafka-console-producer", "kcat"})
		return
	}
	for i, w := range words {
		if w == "<<<" { // its text is no flag; more flags may follow it
			if i+1 == len(words) {
				return
			}
			words = append(words[:i:i], words[i+2:]...)
			break
		}
	}
	name := strings.TrimSuffix(strings.TrimPrefix(words[0], "bin/"), ".sh")
	for i := range tools {
		if tools[i].name == name {
			c.flags(&tools[i], words[1:])
		}
	}
}

func (c *completion) flags(t *tool, given []string) {
	if t.flags == "" {
		c.kcat(given)
		return
	}
	o := options{tool: t}
	if n := len(given); n > 0 && strings.HasPrefix(given[n-1], "--") {
		if kind := o.kind(given[n-1][2:]); kind == '=' || kind == '*' {
			c.flagValue(given[n-1][2:], given)
			return
		}
	}
	if name, _, is := strings.Cut(c.word, "="); is && strings.HasPrefix(name, "--") {
		word := c.word
		c.word = word[len(name)+1:]
		from := len(c.list)
		c.flagValue(name[2:], given)
		for i := from; i < len(c.list); i++ {
			c.list[i].Text = name + "=" + c.list[i].Text
		}
		c.word = word
		return
	}
	if t.name == "kafka-transactions" && len(given) == 0 {
		c.addAll("", []string{"list", "describe", "describe-producers"})
	}
	used := " " + strings.Join(given, " ") + " "
	for word := range strings.FieldsSeq(t.flags + " bootstrap-server help!") {
		flag := strings.TrimRight(word, "!*")
		if strings.HasSuffix(word, "*") || !strings.Contains(used, " --"+flag+" ") {
			c.add("--"+flag, look(helps[:], flag))
		}
	}
}

// flagValue completes what follows a flag.
func (c *completion) flagValue(flag string, given []string) {
	after := func(name string) string {
		for i, w := range given {
			if w == "--"+name && i+1 < len(given) {
				return given[i+1]
			}
		}
		return ""
	}
	switch flag {
	case "topic":
		c.names(isTopic, "")
	case "group":
		c.names(isGroup, "")
	case "broker":
		c.names(isBroker, "")
	case "entity-type":
		c.addAll("", []string{"topics", "brokers"})
	case "entity-name":
		if after("entity-type") == "brokers" {
			c.names(isBroker, "")
		} else {
			c.names(isTopic, "")
		}
	case "election-type":
		c.addAll("", []string{"preferred", "unclean"})
	case "isolation-level":
		c.addAll("", []string{"read_uncommitted", "read_committed"})
	case "offset":
		c.addAll("", []string{"earliest", "latest"})
	case "bootstrap-server":
		c.add("localhost:9092", "")
	case "property", "reader-property", "formatter-property":
		c.addAll("", strings.Fields("parse.key=true key.separator=: null.marker= print.key=true print.offset=true print.partition=true print.timestamp=true print.value="))
	case "partition":
		if t, ok := c.e.Topic(after("topic")); ok {
			for p := range t.Partitions {
				c.add(itoa(int64(p)), "")
			}
		}
	case "transactional-id":
		c.e.Transactions(func(t engine.TransactionView) bool {
			c.add(t.TransactionalID, t.State.String())
			return true
		})
	case "add-config", "delete-config", "config", "producer-property", "consumer-property":
		noun := "topic"
		if after("entity-type") == "brokers" || after("broker") != "" {
			noun = "broker"
		}
		c.configs(flag, noun)
	}
}

// configs completes name=value, or several of them.
func (c *completion) configs(flag, noun string) {
	if flag == "producer-property" || flag == "consumer-property" {
		noun = strings.TrimSuffix(flag, "-property")
	}
	before := c.word[:strings.LastIndexByte(c.word, ',')+1]
	name, _, is := strings.Cut(c.word[len(before):], "=")
	if is {
		c.values(noun, name, before+name+"=")
		return
	}
	equals := "="
	if flag == "delete-config" {
		equals = ""
	}
	c.kafka(noun, func(name, hint string) { c.add(before+name+equals, hint) })
}

func (c *completion) kcat(given []string) {
	if n := len(given); n > 0 && given[n-1] == "-t" {
		c.names(isTopic, "")
		return
	}
	for i, flag := range []string{"-P", "-C", "-L", "-t", "-p", "-o", "-c", "-K", "-f", "-b"} {
		c.add(flag, []string{"writes records", "prints records", "lists topics", "a topic", "a partition", "beginning, end, an offset, or the last -N", "how many", "separator of keys", "format: %t %p %o %k %s %T", "brokers"}[i])
	}
}
