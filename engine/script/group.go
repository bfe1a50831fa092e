package script

import (
	"errors"

	"partita/engine"
)

var groupVerbs = []verb{
	{words: "group delete", min: 3, max: 3, run: deleteGroup, example: "group delete billing",
		same: func(l *Line) string { return kafkaGroups + "--delete --group " + arg(l.Words[2]) }},
	{words: "group reset", min: 5, max: 5, run: resetGroup, same: sameReset,
		example: "group reset billing orders-0 5"},
}

const kafkaGroups = "kafka-consumer-groups" + server

func deleteGroup(r *Runner, l *Line) error {
	name := l.Words[2]
	code := engine.None
	r.World.Call(&engine.DeleteGroups{Groups: []string{name}}, func(reply *engine.Reply) {
		code = reply.Body.(*engine.DeleteGroupsReply).Codes[0]
	})
	text := "the cluster refuses this"
	switch code {
	case engine.NonEmptyGroup:
		text = clip(name) + " still has members: let them leave first"
	case engine.GroupIDNotFound:
		text = r.noGroup(name)
	}
	return refused(code, text)
}

// resetGroup moves a committed offset of a group without members: to a number, or to
// the earliest or latest offset there is. A whole topic is written without a number.
func resetGroup(r *Runner, l *Line) error {
	name, to := l.Words[2], l.Words[4]
	t, p, v, err := r.partition(l.Words[3])
	if err != nil {
		return err
	}
	offset := int64(v.LogStart)
	switch to {
	case "earliest":
	case "latest":
		offset = int64(v.HighWatermark)
	default:
		if offset, err = number("an offset", to, int64(v.LogStart), int64(v.HighWatermark)); err != nil {
			return errors.New(err.Error() + " (or earliest, or latest)")
		}
	}
	g, ok := r.World.Engine().Group(name)
	if !ok {
		return errors.New(r.noGroup(name))
	}
	if g.MemberCount > 0 {
		return refused(engine.UnknownMemberID, name+" has members, and only they may commit: let them leave first")
	}
	code := r.World.Call(&engine.OffsetCommit{Group: name, Generation: -1,
		Offsets: []engine.CommitOffset{{Topic: t.Name, Partition: p, Offset: engine.Offset(offset), LeaderEpoch: -1}}}, nil)
	return refused(code, "the cluster refuses this")
}

func (r *Runner) noGroup(name string) string {
	var list []string
	r.World.Engine().Groups(func(g engine.GroupView) bool {
		list = append(list, g.Name)
		return true
	})
	return missing("group", name, list)
}

func (r *Runner) group(name string) (engine.GroupView, error) {
	g, ok := r.World.Engine().Group(name)
	if !ok {
		return g, errors.New(r.noGroup(name))
	}
	return g, nil
}

func sameReset(l *Line) string {
	topic, p, err := partition(l.Words[3])
	if err != nil {
		return ""
	}
	to := "--to-offset " + arg(l.Words[4])
	if l.Words[4] == "earliest" || l.Words[4] == "latest" {
		to = "--to-" + l.Words[4]
	}
	return kafkaGroups + "--group " + arg(l.Words[2]) + " --topic " + arg(topic) + ":" + itoa(int64(p)) + " --reset-offsets " + to + " --execute"
}
