package script

import "partita/engine"

// send writes one record from the console's own producer. key=null, or no key at all,
// is a null key; value=null instead of a value is a tombstone.
var sendVerbs = []verb{
	{words: "send", min: 2, max: 3, settings: "key partition value", run: send, same: same{write: sameSend},
		example: "send orders \"a value\" key=truck-7 partition=1"},
}

func send(r *Runner, l *Line) {
	t := r.writable(l.Words[1])
	if t == nil {
		return
	}
	p := int64(-1)
	if text, ok := l.setting("partition"); ok {
		p = r.number("partition", text, 0, int64(t.Partitions)-1)
	}
	value := []byte(l.word(2))
	if text, ok := l.setting("value"); ok == (len(l.Words) == 3) || ok && text != "null" {
		r.fail("send needs one value: a word or \"some words\", or value=null for a tombstone")
	} else if ok {
		value = nil
	}
	var key []byte
	if text, ok := l.setting("key"); ok && text != "null" {
		key = append([]byte{}, text...)
	}
	if r.err == nil {
		r.check(r.World.Send(t.Name, engine.Partition(p), key, value))
	}
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
