package script

import (
	"partita/engine"
	"partita/engine/sim"
)

var groupVerbs = []verb{
	{words: "group delete", form: "w", run: deleteGroup, example: "group delete billing",
		same: same{text: kafkaGroups + " --delete --group @2"}},
	{words: "group reset", form: "gp|w", settings: "time shift", run: resetGroup, example: "group reset billing orders-0 5", same: same{write: sameReset}},
	{words: "group forget", form: "gp", run: forgetOffset, example: "group forget billing orders-0",
		same: same{text: kafkaGroups + " --delete-offsets --group @2 --topic %3"}},
	{words: "group config", form: "w", settings: "*", run: configGroup, example: "group config crew share.auto.offset.reset=earliest",
		same: same{write: func(l *Line) string { return configText(l, "groups --entity-name "+arg(l.Words[2])) }}},
}

const kafkaGroups = "kafka-consumer-groups" + server

func deleteGroup(r *Runner, a *args) {
	name := a.words[0]
	code := engine.None
	r.World.Call(&engine.DeleteGroups{Groups: []string{name}}, func(reply *engine.Reply) {
		code = reply.Body.(*engine.DeleteGroupsReply).Codes[0]
	})
	text := sim.Phrase("", clip(name), " still has members: let them leave first")
	if code != engine.NonEmptyGroup {
		text = r.noGroup(name)
	}
	r.refused(code, text)
}

// resetGroup moves a committed offset of a group without members: to a number, or to
// the earliest or latest offset there is.
func resetGroup(r *Runner, a *args) {
	g, at := a.group, a.at
	offset := at.view.LogStart
	time, byTime := a.setting("time")
	shift, byShift := a.setting("shift")
	switch to := a.word(2); {
	case len(a.words) == 3 && len(a.Settings) > 0 || len(a.words) == 2 && len(a.Settings) != 1:
		r.fail(sim.Mark + "group reset needs one of an offset, earliest, latest, time=12s (since the beginning) and shift=-5")
	case byTime:
		r.World.Call(&engine.ListOffsets{Topic: at.id, Partition: at.Partition, Timestamp: r.duration(time)}, func(reply *engine.Reply) {
			if offset = reply.Offset; offset < 0 {
				offset = at.view.HighWatermark // there is nothing as late as that
			}
		})
	case byShift:
		by := engine.Offset(r.number("shift", shift, -1<<53, 1<<53))
		offset = min(max(r.standing(g, at).committed+by, at.view.LogStart), at.view.HighWatermark)
	case to == "earliest":
	case to == "latest":
		offset = at.view.HighWatermark
	default:
		offset = engine.Offset(r.number("an offset", to, int64(offset), int64(at.view.HighWatermark)))
	}
	if g.MemberCount > 0 {
		r.refused(engine.UnknownMemberID, sim.Phrase("", g.Name, " has members, and only they may commit: let them leave first"))
	}
	if r.err == nil {
		r.refused(r.World.Call(&engine.OffsetCommit{Group: g.Name, Generation: -1, Offsets: []engine.CommitOffset{
			{Topic: at.Topic, Partition: at.Partition, Offset: offset, LeaderEpoch: -1}}}, nil), refuses)
	}
}

// forgetOffset deletes a committed offset of a group that does not use its topic now.
func forgetOffset(r *Runner, a *args) {
	r.codesCall(&engine.OffsetDelete{Group: a.group.Name, Partitions: []engine.TopicPartition{a.at.TopicPartition}})
}

// configGroup changes settings of a consumer or share group, which need not exist yet.
func configGroup(r *Runner, a *args) {
	cmd := engine.AlterGroupConfig{Group: a.words[0]}
	for _, s := range a.Settings {
		cmd.Entries = append(cmd.Entries, entry(s))
	}
	if cmd.Entries == nil {
		r.fail(sim.Mark + "group config needs a setting, as in: group config crew share.auto.offset.reset=earliest")
	}
	if r.err == nil {
		r.refused(r.World.Call(&cmd, nil), sim.Mark+"a setting is not one of a group, or its value is out of range")
	}
}

func sameReset(l *Line) string {
	if by, ok := l.setting("shift"); ok {
		s := same{text: kafkaGroups + " --group @2 --topic %3 --reset-offsets --shift-by " + by + " --execute"}
		s.flags = []flag{{"shift", ""}}
		return s.expand(l)
	}
	if _, ok := l.setting("time"); ok || len(l.Words) < 5 {
		s := same{text: kafkaGroups + " --group @2 --topic %3 --reset-offsets --to-datetime (a time) --execute"}
		s.flags = []flag{{"time", ""}}
		return s.expand(l)
	}
	s := same{text: kafkaGroups + " --group @2 --topic %3 --reset-offsets --to-offset @4 --execute"}
	if to := l.Words[4]; to == "earliest" || to == "latest" {
		s.text = kafkaGroups + " --group @2 --topic %3 --reset-offsets --to-@4 --execute"
	}
	return s.expand(l)
}
