package script

import (
	"strings"

	"partita/engine"
	"partita/engine/client"
)

// Candidate is one way to go on with a line.
type Candidate struct {
	Text string // of the word at hand, whole; a setting ends in =
	Hint string // what it does, or what its default is
}

// candidatesMost bounds a completion.
const candidatesMost = 60

// Complete lists how the last word of a line may go on, best known first; word is what
// stands there now. It knows verbs and tools, what there is in the world, and the names
// and words of settings.
func (r *Runner) Complete(line string) (word string, list []Candidate) {
	learn.Do(learnVerbs)
	learnTools()
	c := completion{r: r, e: r.World.Engine()}
	line = strings.TrimPrefix(strings.TrimLeft(line, " \t$"), "fails ")
	tool := isTool(line)
	plain, open := withoutQuotes(line, tool)
	if open {
		return "", nil // in the midst of a text
	}
	words := strings.FieldsFunc(plain, func(c rune) bool { return c < 0x80 && blank(byte(c)) })
	if line != "" && !blank(plain[len(plain)-1]) {
		c.word = line[len(line)-len(words[len(words)-1]):]
		words = words[:len(words)-1]
	}
	switch {
	case len(words) == 0:
		c.nouns()
	case tool:
		c.tool(words)
	default:
		c.verb(words)
	}
	return c.word, c.list
}

// withoutQuotes is a line of the same length in which nothing quoted, with its quotes, ends
// a word or is a sign; open says that the line ends within quotes. A tool's line is a
// shell's, where ' is a quote too.
func withoutQuotes(line string, tool bool) (plain string, open bool) {
	bytes, quote := []byte(line), byte(0)
	for i := 0; i < len(bytes); i++ {
		c := bytes[i]
		switch {
		case quote == 0 && (c == '"' || tool && c == '\''):
			quote = c
		case quote == 0:
			continue
		case c == quote:
			quote = 0
		case c == '\\' && quote == '"' && i+1 < len(bytes):
			bytes[i] = '_'
			i++
		}
		bytes[i] = '_'
	}
	return string(bytes), quote != 0
}

// look finds a word in a table; empty when it is not there. A table that is no map costs
// nothing until somebody looks.
func look(table [][2]string, word string) string {
	for i := range table {
		if table[i][0] == word {
			return table[i][1]
		}
	}
	return ""
}

// completion is a completion in the making.
type completion struct {
	r    *Runner
	e    *engine.Engine
	word string // so far
	list []Candidate
}

// add takes what begins with the word at hand, once.
func (c *completion) add(text, hint string) {
	if !strings.HasPrefix(text, c.word) || text == c.word || len(c.list) == candidatesMost {
		return
	}
	for i := range c.list {
		if c.list[i].Text == text {
			return
		}
	}
	c.list = append(c.list, Candidate{text, hint})
}

func (c *completion) addAll(before string, words []string) {
	for _, w := range words {
		c.add(before+w, "")
	}
}

func (c *completion) nouns() {
	for i := range verbs {
		c.add(verbs[i].noun(), verbs[i].example)
	}
	for i := range tools {
		c.add(tools[i].name, look(helps[:], tools[i].name))
	}
}

// verb completes a line of this language.
func (c *completion) verb(words []string) {
	var v *verb
	for i := range verbs {
		first, second, _ := strings.Cut(verbs[i].words, " ")
		switch {
		case first != words[0]:
		case len(words) == 1 && second != "":
			c.add(second, verbs[i].example)
		case second == "" && (v == nil || v.words == first) || len(words) > 1 && second == words[1]:
			if v == nil || second != "" {
				v = &verbs[i]
			}
		}
	}
	if v == nil {
		return
	}
	given := words[v.count():]
	n := 0
	for n < len(given) && !strings.Contains(given[n], "=") {
		n++
	}
	least, more, _ := strings.Cut(v.form, "|")
	if n < len(least)+len(more) && n == len(given) && !strings.Contains(c.word, "=") {
		kind := (least + more)[n]
		kinds := look(wordKinds[:], v.words)
		if v.words == "why" && n > 0 {
			kinds = "?" + look(whyKinds[:], given[0])
		}
		if n < len(kinds) {
			kind = kinds[n]
		}
		c.names(kind, v.noun())
	}
	if n >= len(least) {
		c.settings(v, given)
	}
}

// Kinds of words beyond those that the forms of verbs know.
const (
	isClient    = 'x' // a consumer or a producer
	isPlace     = 'y' // a client or a broker
	isNew       = 'n' // a name that is free
	isSwitch    = '!'
	isNoun      = 'h'
	isWhy       = '?'
	isOperation = '@'
	isResource  = ':'
)

// wordKinds says what the words of some verbs are that their forms do not know.
var wordKinds = [...][2]string{
	{"topic delete", "t"}, {"topic partitions", "t"}, {"topic config", "t"}, {"group delete", "g"}, {"broker config", "b"},
	{"consumer add", "n"}, {"producer add", "n"}, {"share add", "n"}, {"link cut", "yy"}, {"link heal", "yy"}, {"link drop", "xb"}, {"link duplicate", "xb"}, {"link reorder", "xb"},
	{"link delay", "xb"}, {"link jitter", "xb"}, {"skew", "x"}, {"user", "x"}, {"quota", "x"}, {"trace", "!"}, {"help", "h"}, {"why", "?"}, {"acl allow", "w@:"}, {"acl deny", "w@:"}, {"acl remove", "w@:"},
}

// whyKinds says what follows the first word of why.
var whyKinds = [...][2]string{{"record", "p"}, {"partition", "p"}, {"hw", "p"}, {"leo", "p"}, {"lso", "p"}, {"start", "p"}, {"place", "gp"}, {"group", "g"}, {"member", "gc"}, {"owned", "gp"},
	{"topic", "t"}, {"producer", "d"}, {"broker", "b"}}

// names lists what a word may name.
func (c *completion) names(kind byte, noun string) {
	w := c.r.World
	switch kind {
	case isTopic, isPartition:
		c.e.Topics(func(t engine.TopicView) bool {
			for p := range min(t.Partitions, candidatesMost) {
				if t.Internal && c.word == "" || kind == isTopic {
					break
				}
				c.add(engine.TopicPartition{Topic: t.Name, Partition: engine.Partition(p)}.String(), "")
			}
			if kind == isTopic && !t.Internal {
				c.add(t.Name, plural(int64(t.Partitions), "partition"))
			}
			return true
		})
	case isGroup:
		c.e.Groups(func(g engine.GroupView) bool {
			c.add(g.Name, g.State.String())
			return true
		})
	case isConsumer, isProducer, isClient, isPlace:
		for _, o := range w.Consumers() {
			if kind != isProducer && (noun == "consumer" || !w.Hidden(o)) {
				c.add(o.Name, o.Group+", "+state(o))
			}
		}
		for _, p := range w.Producers() {
			if kind != isConsumer {
				c.add(p.Name, p.Generator().Topic)
			}
		}
		if kind == isPlace {
			c.names(isBroker, noun)
		}
	case isBroker:
		for _, b := range c.e.Brokers(nil) {
			c.add(brokerText(b.ID), brokerStates[b.State])
		}
	case isNew:
		c.add(c.free(noun), "")
	case isSwitch:
		c.addAll("", []string{"on", "off"})
	case isNoun:
		for i := range verbs {
			c.add(verbs[i].noun(), "")
		}
		for i := range tools {
			c.add(tools[i].name, "")
		}
	case isWhy:
		c.addAll("", strings.Fields("record partition hw leo lso start place topic group member producer broker note verdict"))
	case isOperation:
		c.addAll("", strings.Fields("All Read Write Create Delete Alter Describe ClusterAction DescribeConfigs AlterConfigs IdempotentWrite"))
	case isResource:
		c.e.Topics(func(t engine.TopicView) bool {
			c.add("topic:"+t.Name, "")
			return true
		})
		c.addAll("", []string{"topic:", "group:", "transactional-id:", "cluster"})
	}
}

// free is the next free name of a kind: c3, p2.
func (c *completion) free(noun string) string {
	for n := int64(1); ; n++ {
		name := noun[:1] + itoa(n)
		if c.r.World.Consumer(name) == nil && c.r.World.Producer(name) == nil {
			return name
		}
	}
}

// settings completes name=value.
func (c *completion) settings(v *verb, given []string) {
	name, value, is := strings.Cut(c.word, "=")
	if is {
		prefix, last := "", strings.LastIndexByte(value, ',')
		if last >= 0 {
			prefix = value[:last+1]
		}
		c.values(v.noun(), name, name+"="+prefix)
		return
	}
	used := " " + strings.Join(given, " ")
	c.keys(v, func(name, hint string) {
		if !strings.Contains(used, " "+name+"=") {
			c.add(name+"=", hint)
		}
	})
}

// ours are the settings of verbs that are not Kafka's; the rest of "*" is.
var ours = [...][2]string{
	{"consumer add", "group topics process commit sink host"}, {"share add", "group topics process acknowledge"},
	{"producer add", "topic rate keys value transaction"}, {"topic create", "partitions replication replicas"}, {"cluster", "brokers racks latency"},
}

// keys calls visit for the settings of a verb: its own, then Kafka's with their defaults.
func (c *completion) keys(v *verb, visit func(name, hint string)) {
	if v.settings != "*" {
		for name := range strings.FieldsSeq(v.settings) {
			visit(name, "")
		}
		return
	}
	for name := range strings.FieldsSeq(look(ours[:], v.words)) {
		visit(name, noKafkaSetting)
	}
	c.kafka(v.noun(), visit)
}

const noKafkaSetting = "no Kafka setting"

// kafka calls visit for Kafka's settings of something, with their defaults.
func (c *completion) kafka(noun string, visit func(name, hint string)) {
	switch noun {
	case "consumer", "share":
		cfg := client.DefaultConsumerConfig()
		for _, s := range cfg.Settings() {
			visit(s.Name, s.Default)
		}
	case "producer":
		cfg := client.DefaultProducerConfig()
		for _, s := range cfg.Settings() {
			visit(s.Name, s.Default)
		}
	case "topic":
		for _, s := range engine.TopicRules() {
			visit(s.Name, s.Kafka)
		}
	case "broker", "cluster", "compare":
		for _, s := range c.e.BrokerConfigs(0) {
			visit(s.Name, s.Kafka)
		}
	}
}

// values lists what a setting may be; before is what stands before each.
func (c *completion) values(noun, name, before string) {
	was := c.word
	rest := strings.TrimPrefix(c.word, before)
	c.word = rest
	from := len(c.list)
	switch name {
	case "topics", "topic", "output":
		c.names(isTopic, noun)
	case "group":
		c.names(isGroup, noun)
	case "sink":
		c.addAll("", []string{"plain", "idempotent"})
	case "direction":
		c.addAll("", []string{"out", "in"})
	case "keys", "value":
		c.add("null", "")
	}
	switch noun {
	case "consumer", "share":
		cfg := client.DefaultConsumerConfig()
		c.addAll("", cfg.Choices(name))
	case "producer":
		cfg := client.DefaultProducerConfig()
		c.addAll("", cfg.Choices(name))
	case "topic":
		c.words(engine.TopicRules(), name)
	default:
		c.words(c.e.BrokerConfigs(0), name)
	}
	for i := from; i < len(c.list); i++ {
		c.list[i].Text = before + c.list[i].Text
	}
	c.word = was
}

func (c *completion) words(list []engine.DescribedConfig, name string) {
	for i := range list {
		if list[i].Name == name {
			c.addAll("", list[i].Words)
		}
	}
}
