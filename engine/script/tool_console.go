package script

import (
	"strings"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/sim"
)

// toolProducer is kafka-console-producer: each line of its input is a record.
func toolProducer(r *Runner, o *options) {
	topic := o.need(r, "topic")
	p := keyed{separator: "\t"}
	for _, text := range append(o.all("property"), o.all("reader-property")...) {
		switch name, value, _ := strings.Cut(text, "="); name {
		case "parse.key":
			p.keys = value == "true"
		case "key.separator":
			p.separator = value
		case "null.marker":
			p.null, p.nulls = value, true
		case "ignore.error":
		default:
			r.fail(sim.Phrase("--property ", clip(name), ": here there are ", "parse.key, key.separator, null.marker"))
		}
	}
	r.sendLines(o, topic, -1, &p)
}

// keyed says how lines become records.
type keyed struct {
	keys      bool
	separator string
	nulls     bool
	null      string
}

func (r *Runner) sendLines(o *options, topic string, partition int64, p *keyed) {
	if len(o.input) == 0 {
		r.fail(sim.Phrase("there is no keyboard behind this tool: give it lines as in: echo 'k:v' | ", o.tool.name, " …, or … <<< 'k:v'"))
	}
	for _, line := range o.input {
		l := Line{Words: []string{"send", topic}}
		value := line
		if p.keys {
			key, rest, ok := strings.Cut(line, p.separator)
			if !ok {
				r.fail("No key separator found on line " + clip(line))
			}
			if value = rest; !p.nulls || key != p.null {
				l.Settings = append(l.Settings, Setting{Name: "key", Value: key})
			}
		}
		if partition >= 0 {
			l.Settings = append(l.Settings, Setting{Name: "partition", Value: itoa(partition)})
		}
		if p.nulls && value == p.null {
			l.Settings = append(l.Settings, Setting{Name: "value", Value: "null"})
		} else {
			l.Words = append(l.Words, value)
		}
		r.also(&l)
	}
}

// recordsMost bounds what a tool prints at once.
const recordsMost = 500

// toolConsumer is kafka-console-consumer. It prints what can be read now and ends: a
// console cannot wait while the world stands still.
func toolConsumer(r *Runner, o *options) {
	if group, ok := o.get("group"); ok {
		r.fail(sim.Phrase("a member of a group has to keep running: add it with ", "consumer add c9 group="+group+" topics="+or(o.need(r, "topic"), "orders")))
	}
	s := &shown{most: recordsMost}
	for _, text := range append(o.all("property"), o.all("formatter-property")...) {
		name, value, _ := strings.Cut(text, "=")
		on := value == "true"
		switch name {
		case "print.key":
			s.key = on
		case "print.offset":
			s.offset = on
		case "print.partition":
			s.partition = on
		case "print.timestamp":
			s.time = on
		case "print.value":
			s.noValue = !on
		case "key.separator":
			s.separator = value
		default:
			r.fail(sim.Phrase("--property ", clip(name), ": here there are ", "print.key, print.offset, print.partition, print.timestamp, print.value, key.separator"))
		}
	}
	s.separator = or(s.separator, "\t")
	if most, ok := o.get("max-messages"); ok {
		s.most = int(r.number("--max-messages", most, 1, recordsMost))
	}
	partition, offset := int64(-1), ""
	if text, ok := o.get("partition"); ok {
		partition = r.number("--partition", text, 0, engine.MaxPartitions-1)
	}
	if text, ok := o.get("offset"); ok {
		if offset = text; partition < 0 {
			r.fail("The partition is required when offset is specified.")
		}
	} else if o.has("from-beginning") {
		offset = "earliest"
	}
	isolation, _ := o.get("isolation-level")
	r.printRecords(o.need(r, "topic"), partition, offset, isolation == "read_committed", s)
	if r.err == nil {
		r.say("Processed a total of " + itoa(int64(s.count)) + " messages")
	}
}

// shown says how records are printed.
type shown struct {
	key, offset, partition, time, noValue bool
	separator                             string
	format                                string // kcat's, instead of all that
	most, count                           int
}

// printRecords prints records of one partition, or of all with -1, from an offset on:
// earliest, latest, a number, or -n for the last n.
func (r *Runner) printRecords(topic string, only int64, from string, committed bool, s *shown) {
	t := r.topic(topic)
	if t == nil {
		return
	}
	for p := range engine.Partition(t.Partitions) {
		if only >= 0 && int64(p) != only {
			continue
		}
		v, _ := r.World.Engine().Partition(t.ID, p)
		end := v.HighWatermark
		if committed {
			end = v.LastStable
		}
		at := end
		switch from {
		case "earliest", "beginning":
			at = v.LogStart
		case "", "latest", "end":
		default:
			if at = engine.Offset(r.number("an offset", from, -1<<53, 1<<53)); at < 0 {
				at = max(v.LogStart, end+at)
			}
		}
		if r.err == nil && at < end {
			r.records(t.ID, p, at, func(o engine.Offset, time int64, rec *batch.Record) bool {
				if o >= end || s.count == s.most {
					return false
				}
				s.count++
				r.say(s.line(topic, p, o, time, rec))
				return s.count < s.most
			})
		}
	}
}

func (s *shown) line(topic string, p engine.Partition, o engine.Offset, time int64, rec *batch.Record) string {
	if s.format != "" {
		return s.fill(topic, p, o, time, rec)
	}
	line := ""
	add := func(on bool, text string) {
		if on {
			line += s.separator + text
		}
	}
	add(s.time, "CreateTime:"+itoa(time))
	add(s.partition, "Partition:"+itoa(int64(p)))
	add(s.offset, "Offset:"+itoa(int64(o)))
	add(s.key, nullable(rec.Key))
	add(!s.noValue, nullable(rec.Value))
	return strings.TrimPrefix(line, s.separator)
}

// fill is kcat's format: %t %p %o %k %s %T, \n and \t.
func (s *shown) fill(topic string, p engine.Partition, o engine.Offset, time int64, rec *batch.Record) string {
	return sim.Swap(s.format, "%t", topic, "%p", itoa(int64(p)), "%o", itoa(int64(o)), "%k", nullable(rec.Key),
		"%s", nullable(rec.Value), "%T", itoa(time), "%%", "%", `\n`, "", `\t`, "\t")
}

func nullable(b []byte) string {
	if b == nil {
		return "null"
	}
	return string([]rune(string(b)))
}

// toolKcat is kcat: -P produces, -C consumes, -L lists.
func toolKcat(r *Runner, o *options) {
	mode, topic, from, count, key := byte(0), "", "end", "", ""
	partition := int64(-1)
	s := &shown{most: recordsMost, format: "%s"}
	for i := 0; i < len(o.verbs); i++ {
		w := o.verbs[i]
		if len(w) < 2 || w[0] != '-' {
			r.fail(sim.Phrase("kcat does not know what to do with ", clip(w)))
			return
		}
		value := w[2:]
		if strings.IndexByte("PCLeqDuJ", w[1]) < 0 && value == "" {
			if i++; i == len(o.verbs) {
				r.fail(sim.Phrase("kcat: ", w, " needs a value"))
				return
			}
			value = o.verbs[i]
		}
		switch w[1] {
		case 'P', 'C', 'L':
			mode = w[1]
		case 't':
			topic = value
		case 'p':
			partition = r.number("-p", value, 0, engine.MaxPartitions-1)
		case 'o':
			from = value
		case 'c':
			count = value
		case 'K':
			key = value
		case 'f':
			s.format = value
		case 'b', 'X', 'e', 'q', 'u':
		default:
			r.fail(sim.Phrase("kcat ", w[:2], " is not known here: there are ", "-P, -C, -L, -t, -p, -o, -c, -K, -f"))
			return
		}
	}
	if count != "" {
		s.most = int(r.number("-c", count, 1, recordsMost))
	}
	switch {
	case mode == 'L':
		r.kcatList(o)
	case topic == "":
		r.fail(sim.Mark + "kcat needs a topic: -t orders")
	case mode == 'P' || mode == 0 && len(o.input) > 0:
		r.sendLines(o, topic, partition, &keyed{keys: key != "", separator: key})
	default:
		if key != "" && s.format == "%s" {
			s.format = "%k" + key + "%s"
		}
		r.printRecords(topic, partition, from, false, s)
	}
}

func (r *Runner) kcatList(o *options) {
	list := r.topicsOf(o)
	r.say(" " + plural(int64(len(list)), "topic") + ":")
	for i := range list {
		t := &list[i]
		r.say("  topic \"" + t.Name + "\" with " + plural(int64(t.Partitions), "partition") + ":")
		r.World.Call(&engine.Metadata{Names: []string{t.Name}}, func(reply *engine.Reply) {
			for p, m := range reply.Body.(*engine.MetadataReply).Topics[0].Partitions {
				r.say("    partition " + itoa(int64(p)) + ", leader " + itoa(int64(m.Leader)) + ", replicas: " + ids(m.Replicas) + ", isrs: " + ids(m.ISR))
			}
		})
	}
}
