package script

import (
	"errors"
	"strings"

	"partita/engine"
)

// send writes one record from the console's own producer. key=null, or no key at all,
// is a null key; value=null instead of a value is a tombstone.
var sendVerbs = []verb{
	{words: "send", min: 2, max: 3, settings: []string{"key", "partition", "value"}, run: send, same: sameSend,
		example: "send orders \"a value\" key=truck-7 partition=1"},
}

func send(r *Runner, l *Line) error {
	t, err := r.topic(l.Words[1])
	if err != nil {
		return err
	}
	if t.Internal {
		return errors.New(t.Name + " is the cluster's own: nobody else writes to it")
	}
	p := int64(-1)
	if text, ok := l.setting("partition"); ok {
		if p, err = number("partition", text, 0, int64(t.Partitions)-1); err != nil {
			return err
		}
	}
	value := []byte(l.word(2))
	if text, ok := l.setting("value"); ok == (len(l.Words) == 3) || ok && text != "null" {
		return errors.New("send needs one value: a word or \"some words\", or value=null for a tombstone")
	} else if ok {
		value = nil
	}
	var key []byte
	if text, ok := l.setting("key"); ok && text != "null" {
		key = append([]byte{}, text...)
	}
	return r.World.Send(t.Name, engine.Partition(p), key, value)
}

func sameSend(l *Line) string {
	tool := " | kafka-console-producer" + server + "--topic " + arg(l.Words[1])
	key, keyed := l.setting("key")
	if !keyed || key == "null" {
		return "echo " + shellQuoted(l.word(2)) + tool
	}
	tool += " --reader-property parse.key=true --reader-property key.separator=:"
	if len(l.Words) < 3 {
		return "echo " + shellQuoted(key+":null") + tool + " --reader-property null.marker=null"
	}
	return "echo " + shellQuoted(key+":"+l.Words[2]) + tool
}

// arg writes a word as a shell takes it.
func arg(s string) string {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("._-,=:/", c) >= 0) {
			return shellQuoted(s)
		}
	}
	return s
}

func shellQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// topic finds a topic by name.
func (r *Runner) topic(name string) (engine.TopicView, error) {
	t, ok := r.World.Engine().Topic(name)
	if !ok {
		return t, errors.New(r.noTopic(name))
	}
	return t, nil
}

// partition finds a partition written as orders-0.
func (r *Runner) partition(text string) (t engine.TopicView, p engine.Partition, v engine.PartitionView, err error) {
	name, p, err := partition(text)
	if err != nil {
		return t, p, v, err
	}
	if t, err = r.topic(name); err != nil {
		return t, p, v, err
	}
	v, ok := r.World.Engine().Partition(t.ID, p)
	if !ok {
		err = errors.New("there is no " + clip(text) + ": " + name + " has the partitions 0 to " + itoa(int64(t.Partitions)-1))
	}
	return t, p, v, err
}
