package sim

import (
	"strconv"

	"partita/engine"
	"partita/engine/client"
)

// Tones of a sentence, as a picture shows them.
const (
	TonePlain uint8 = iota
	ToneGood
	ToneWarn
	ToneBad
)

// removals has no word for RemovedFenced: KindMemberReplaced tells of it.
var removals = [...]string{
	engine.RemovedSessionTimeout:   " missed its session timeout. The coordinator takes it out of ",
	engine.RemovedRebalanceTimeout: " did not rejoin in time. The coordinator takes it out of ",
	engine.RemovedSyncTimeout:      " did not fetch its assignment in time. The coordinator takes it out of ",
	engine.RemovedPending:          " was given a member id and never joined with it. The coordinator forgets it in ",
}

var causes = [...]string{
	engine.CauseMemberJoined:   " is new.",
	engine.CauseMemberLeft:     " left.",
	engine.CauseMemberExpired:  " is gone.",
	engine.CauseMetadata:       " joins again with a changed subscription (its topics, or what it owns).",
	engine.CauseLeaderRejoined: ", the group leader, asks for a new assignment.",
	engine.CauseStaticReplaced: " came back with a changed subscription.",
}

// Sentence says what an event means, in one plain sentence or two; empty for an event
// that a picture shows by itself, such as an append. Text of users is in it as they
// wrote it: whoever shows it must not take it for markup.
func Sentence(w *World, ev *engine.Event) (text string, tone uint8) {
	who, group, topic := w.MemberName(ev.Member), w.GroupName(ev.Group), w.engine.TopicName(ev.Topic)
	switch ev.Kind {
	case engine.KindTopicCreated:
		if topic == engine.OffsetsTopic {
			return "The first group is here: the cluster makes " + topic + ", the topic of committed offsets.", TonePlain
		}
		return "Topic " + string(ev.Bytes) + " is created with " + count(ev.Aux, "partition") + ".", TonePlain
	case engine.KindTopicDeleted:
		return "Topic " + string(ev.Bytes) + " is deleted, with all its records.", ToneWarn
	case engine.KindPartitionsCreated:
		return topic + " has " + count(ev.Aux, "partition") + " now. New records of a key may go to another partition than the old ones.", ToneWarn
	case engine.KindConfigAltered:
		return "Topic " + topic + " is set to " + string(ev.Bytes) + ".", TonePlain
	case engine.KindLogStartMoved:
		return "Retention deletes the oldest records of " + partitionName(topic, ev.Partition) +
			": its log starts at offset " + itoa(int64(ev.End)) + " now.", TonePlain
	case engine.KindGroupDeleted:
		return "Group " + string(ev.Bytes) + " is deleted, with its committed offsets.", ToneWarn
	case engine.KindMemberJoined:
		return who + " joins " + group + ".", TonePlain
	case engine.KindMemberReplaced:
		if old := w.MemberName(engine.MemberID(ev.Aux)); old != who {
			return who + " takes the place of " + old + " in " + group + ": both have the same group.instance.id, and the newer one wins.", ToneWarn
		}
		return who + " is back in " + group + " under its group.instance.id and keeps its partitions: nobody else notices.", ToneGood
	case engine.KindMemberLeft:
		return who + " leaves " + group + ".", TonePlain
	case engine.KindMemberRemoved:
		if ev.Aux > 0 && int(ev.Aux) < len(removals) && removals[ev.Aux] != "" {
			return who + removals[ev.Aux] + group + ".", ToneBad
		}
	case engine.KindRebalance:
		if ev.Aux > 0 && int(ev.Aux) < len(causes) {
			return group + " rebalances: " + who + causes[ev.Aux], ToneWarn
		}
	case engine.KindGeneration:
		return "Generation " + itoa(int64(ev.Epoch)) + " of " + group + ": " + count(ev.Aux, "member") + ". " +
			who + ", the group leader, assigns by " + string(ev.Bytes) + ".", TonePlain
	case engine.KindAssigned:
		return w.assigned(who, ev.Bytes)
	case engine.KindGroupEmpty:
		return group + " has no members now. Its committed offsets stay.", TonePlain
	}
	return "", TonePlain
}

func (w *World) assigned(who string, bytes []byte) (string, uint8) {
	a, err := engine.ParseAssignment(bytes)
	if err != nil {
		return "", TonePlain
	}
	var list names
	for _, t := range a.Partitions {
		for _, p := range t.Partitions {
			list.add(t.Topic, engine.Partition(p))
		}
	}
	if list.n == 0 {
		return who + " gets no partition for now: it is idle.", ToneWarn
	}
	return who + " gets " + list.text() + ".", ToneGood
}

// FactSentence says what a consumer did, in one plain sentence; empty where the
// cluster's events tell it, or nobody would want to read it each time. Facts is a run
// of facts of one kind.
func FactSentence(w *World, c *Consumer, facts []client.Fact) (text string, tone uint8) {
	f := &facts[0]
	var list names
	for i := range facts {
		list.add(facts[i].Topic, facts[i].Partition)
	}
	switch f.Kind {
	case client.FactRevoked:
		return c.Name + " gives up " + list.text() + ".", TonePlain
	case client.FactLost:
		return c.Name + " has lost " + list.text() + " without a chance to commit.", ToneBad
	case client.FactCommitFailed:
		return c.Name + " cannot commit: " + f.Code.String() + ". What it processed since its last commit will be processed again.", ToneBad
	case client.FactOffsetReset:
		text = c.Name + " finds no valid committed offset for " + list.text() + " and starts at "
		if len(facts) == 1 {
			return text + "offset " + itoa(int64(f.Offset)) + " (auto.offset.reset=" + c.cfg.AutoOffsetReset + ").", TonePlain
		}
		return text + "the " + c.cfg.AutoOffsetReset + " offsets (auto.offset.reset).", TonePlain
	case client.FactPollTimeout:
		return c.Name + " has not polled for " + itoa(c.cfg.MaxPollIntervalMs) + " ms (max.poll.interval.ms): it leaves " + c.Group + ".", ToneBad
	case client.FactRejoining:
		if f.Code != engine.RebalanceInProgress && f.Code != engine.None {
			return c.Name + " hears " + f.Code.String() + ": it is not a member any more, and joins again.", ToneWarn
		}
	case client.FactFatal:
		if f.Code == engine.OffsetOutOfRange {
			return c.Name + " has no valid offset to start at, and auto.offset.reset=none: it stops for good.", ToneBad
		}
		return c.Name + " stops for good: " + f.Code.String() + ".", ToneBad
	}
	return "", TonePlain
}

// movedSentence tells of a partition that another consumer had before.
func movedSentence(c *Consumer, v *client.PartitionView, again bool) string {
	text := partitionName(v.Topic, v.Partition) + " moves to " + c.Name + ", which starts "
	if again {
		text += "again "
	}
	return text + "at offset " + itoa(int64(v.Position)) + "."
}

func sendFailedSentence(p *Producer, f *client.Fact) string {
	return p.Name + " gives up " + count(int64(f.End), "record") + ": " + f.Code.String() + "."
}

// names lists partitions: "orders-0, orders-1 and 4 more".
type names struct {
	list string
	n    int
}

const namesMost = 6

func (l *names) add(topic string, p engine.Partition) {
	l.n++
	if l.n > namesMost {
		return
	}
	if l.n > 1 {
		l.list += ", "
	}
	l.list += partitionName(topic, p)
}

func (l *names) text() string {
	if l.n > namesMost {
		return l.list + " and " + strconv.Itoa(l.n-namesMost) + " more"
	}
	return l.list
}

func partitionName(topic string, p engine.Partition) string {
	return engine.TopicPartition{Topic: topic, Partition: p}.String()
}

// count gives "1 member", "3 members".
func count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return itoa(n) + " " + what + "s"
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
