package script

import (
	"partita/engine"
	"partita/engine/sim"
)

// send writes one record from the console's own producer. key=null, or no key at all,
// is a null key; value=null instead of a value is a tombstone.
var sendVerbs = []verb{
	{words: "send", form: "t|w", settings: "key partition value", run: send, same: same{write: sameSend},
		example: "send orders \"a value\" key=truck-7 partition=1"},
}

func send(r *Runner, a *args) {
	t := a.topic
	r.writable(t.Name)
	if p, key, value := r.record(a, t); r.err == nil {
		r.check(r.World.Send(t.Name, p, key, value))
	}
}

// record reads the record of a line: its second word, or value=null, key= and partition=.
func (r *Runner) record(a *args, t *engine.TopicView) (p engine.Partition, key, value []byte) {
	p = -1
	if text, ok := a.setting("partition"); ok {
		p = engine.Partition(r.number("partition", text, 0, int64(t.Partitions)-1))
	}
	value = []byte(a.word(1))
	if text, ok := a.setting("value"); ok == (len(a.words) == 2) || ok && text != "null" {
		r.fail(sim.Mark + "send needs one value: a word or \"some words\", or value=null for a tombstone")
	} else if ok {
		value = nil
	}
	if text, ok := a.setting("key"); ok && text != "null" {
		key = append([]byte{}, text...)
	}
	return p, key, value
}

func sameSend(l *Line) string {
	text, options := l.word(2), ""
	if key, ok := l.setting("key"); ok && key != "null" {
		options = " --property parse.key=true --property key.separator=:"
		if len(l.Words) < 3 {
			text = "null"
			options += " --property null.marker=null"
		}
		text = key + ":" + text
	}
	return "echo " + shellQuoted(text) + " | kafka-console-producer" + server + " --topic " + arg(l.Words[1]) + options
}
