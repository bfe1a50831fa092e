package script

import (
	"strings"
	"sync"

	"partita/engine"
	"partita/engine/sim"
)

// Kafka's own tools may be typed into the console with their real flags. What they change
// they change by lines of script, and what they print has the shape of the real tools'.

// tool is one of Kafka's commands.
type tool struct {
	name  string
	flags string // name: takes a value; name! none; name* may be given again
	run   func(r *Runner, o *options)
}

var (
	tools     []tool
	toolsOnce sync.Once // rooms run side by side
)

func learnTools() { toolsOnce.Do(fillTools) }

func fillTools() {
	tools = []tool{
		{"kafka-topics", "create! delete! alter! describe! list! topic partitions replication-factor replica-assignment config* if-exists! if-not-exists! exclude-internal! under-replicated-partitions!", toolTopics},
		{"kafka-configs", "describe! alter! all! entity-type entity-name entity-default! topic broker add-config delete-config", toolConfigs},
		{"kafka-consumer-groups", "list! describe! delete! delete-offsets! reset-offsets! group* all-groups! topic* all-topics! members! offsets! state! verbose! execute! dry-run! to-earliest! to-latest! to-current! to-offset shift-by to-datetime by-duration", toolGroups},
		{"kafka-console-producer", "topic property* reader-property* request-required-acks sync! producer-property*", toolProducer},
		{"kafka-console-consumer", "topic partition offset from-beginning! max-messages property* formatter-property* isolation-level group timeout-ms consumer-property*", toolConsumer},
		{"kafka-leader-election", "election-type topic partition all-topic-partitions!", toolElection},
		{"kafka-transactions", "transactional-id topic partition", toolTransactions},
		{"kcat", "", toolKcat},
	}
}

// options is a tool's command line.
type options struct {
	tool  *tool
	verbs []string // words without dashes, as in kafka-transactions list
	names []string
	value []string
	input []string // lines of a here-string, or of echo before a pipe
}

func (o *options) has(name string) bool { _, ok := o.get(name); return ok }

func (o *options) get(name string) (value string, ok bool) {
	for i, n := range o.names {
		if n == name {
			return o.value[i], true
		}
	}
	return "", false
}

func (o *options) all(name string) (values []string) {
	for i, n := range o.names {
		if n == name {
			values = append(values, o.value[i])
		}
	}
	return values
}

// need gives the value of a flag that must be there.
func (o *options) need(r *Runner, name string) string {
	value, ok := o.get(name)
	if !ok {
		r.fail("Missing required argument \"[" + name + "]\"")
	}
	return value
}

// isTool reports whether a line is for one of Kafka's tools.
func isTool(line string) bool {
	line = strings.TrimLeft(line, " \t$")
	return strings.HasPrefix(line, "kafka-") || strings.HasPrefix(line, "kcat") || strings.HasPrefix(line, "echo ") || strings.HasPrefix(line, "bin/kafka-")
}

// runTool does a line of one of Kafka's tools.
func (r *Runner) runTool(line string) {
	if len(line) > MaxLine {
		r.fail(sim.Phrase("a line has at most ", itoa(MaxLine), " bytes, this one has ", itoa(int64(len(line)))))
		return
	}
	words := r.shellWords(strings.TrimLeft(line, " \t$"))
	o := &options{}
	if len(words) > 2 && words[0].text == "echo" {
		pipe := 1
		for pipe < len(words) && !words[pipe].is("|") {
			o.input = append(o.input, words[pipe].text)
			pipe++
		}
		o.input = strings.Split(strings.ReplaceAll(strings.Join(o.input, " "), `\n`, "\n"), "\n")
		words = words[min(pipe+1, len(words)):]
	}
	if len(words) == 0 {
		r.fail(sim.Mark + "echo needs a pipe to one of Kafka's tools, as in: echo hello | kafka-console-producer --topic orders")
		return
	}
	name := strings.TrimSuffix(strings.TrimPrefix(words[0].text, "bin/"), ".sh")
	learnTools()
	for i := range tools {
		if tools[i].name == name {
			o.tool = &tools[i]
		}
	}
	if o.tool == nil {
		list := ""
		for i := range tools {
			list += ", " + tools[i].name
		}
		r.fail(sim.Phrase("no tool called ", clip(name), " here: there are ", list[2:]))
		return
	}
	for _, w := range words[1:] {
		if w.text == "--help" || w.text == "-h" {
			r.toolHelp(o.tool)
			return
		}
	}
	o.read(r, words[1:])
	if r.err == nil {
		o.tool.run(r, o)
	}
}

// read takes the flags apart. kcat reads its own.
func (o *options) read(r *Runner, words []shellWord) {
	for i := 0; i < len(words); i++ {
		w := words[i].text
		switch {
		case words[i].is("<<<"):
			if i++; i < len(words) {
				o.input = strings.Split(words[i].text, "\n")
			}
		case o.tool.flags == "":
			o.verbs = append(o.verbs, w)
		case !strings.HasPrefix(w, "--"):
			o.verbs = append(o.verbs, w)
		default:
			name, value, given := strings.Cut(w[2:], "=")
			kind := o.kind(name)
			switch {
			case kind == 0:
				r.fail(w + " is not a recognized option of " + o.tool.name)
				return
			case kind == '!':
			case !given && i+1 == len(words):
				r.fail("Option --" + name + " requires an argument")
				return
			case !given:
				i++
				value = words[i].text
			}
			if kind == '=' && o.has(name) {
				r.fail(sim.Phrase("Option --", name, " is given twice"))
			}
			o.names, o.value = append(o.names, name), append(o.value, value)
		}
	}
}

// kind is = for a flag with a value, * for one that may come again, ! for one without,
// and 0 for none of the tool's.
func (o *options) kind(name string) byte {
	for word := range strings.SplitSeq(o.tool.flags+" bootstrap-server command-config", " ") {
		switch strings.TrimPrefix(word, name) {
		case "":
			return '='
		case "!":
			return '!'
		case "*":
			return '*'
		}
	}
	return 0
}

// shellWord is a word of a command line; bare says that no part of it was quoted.
type shellWord struct {
	text string
	bare bool
}

func (w shellWord) is(sign string) bool { return w.bare && w.text == sign }

// shellWords takes a line apart as a shell would: 'as is', "with \" and \\", \escaped.
func (r *Runner) shellWords(line string) (words []shellWord) {
	var word []byte
	open, bare, quote := false, true, byte(0)
	end := func() {
		if open {
			words = append(words, shellWord{string(word), bare})
		}
		word, open, bare = nil, false, true
	}
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quote == 0 && blank(c):
			end()
			continue
		case quote == 0 && (c == '\'' || c == '"'):
			quote, open, bare = c, true, false
			continue
		case quote != 0 && c == quote:
			quote = 0
			continue
		case c == '\\' && quote != '\'' && i+1 < len(line) && (quote == 0 || line[i+1] == '"' || line[i+1] == '\\'):
			i++
			c, bare = line[i], false
		}
		word, open = append(word, c), true
	}
	end()
	if quote != 0 {
		r.fail(sim.Mark + "a quote is never closed")
	}
	return words
}

// also does a line of script on behalf of a tool: its error is the tool's.
func (r *Runner) also(line *Line) {
	r.touched = true
	if r.err == nil {
		r.do(line)
	}
}

// topicsOf finds the topics of --topic, or all that are not internal.
func (r *Runner) topicsOf(o *options) (list []engine.TopicView) {
	if name, ok := o.get("topic"); ok {
		for name := range strings.SplitSeq(name, ",") {
			t := r.topic(name)
			if t == nil {
				return nil
			}
			list = append(list, *t)
		}
		return list
	}
	r.World.Engine().Topics(func(t engine.TopicView) bool {
		if !t.Internal || !o.has("exclude-internal") && o.tool.name == "kafka-topics" {
			list = append(list, t)
		}
		return true
	})
	engine.SortBy(len(list), func(i, j int) bool { return list[i].Name < list[j].Name }, func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// columns prints a table as Kafka's tools do: to the left, each at least 15 wide.
func (r *Runner) columns(n int) {
	width := make([]int, n)
	for i, cell := range r.cells {
		width[i%n] = max(width[i%n], len(cell), 15)
	}
	line := ""
	for i, cell := range r.cells {
		if i%n == n-1 {
			r.say(line + cell)
			line = ""
		} else {
			line += cell + strings.Repeat(" ", width[i%n]-len(cell)+1)
		}
	}
	r.cells = r.cells[:0]
}
