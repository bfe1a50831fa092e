package script

import "partita/engine"

var groupVerbs = []verb{
	{words: "group delete", form: "w", run: deleteGroup, example: "group delete billing",
		same: same{text: kafkaGroups + " --delete --group @2"}},
	{words: "group reset", form: "gpw", run: resetGroup, example: "group reset billing orders-0 5", same: same{write: sameReset}},
}

const kafkaGroups = "kafka-consumer-groups" + server

func deleteGroup(r *Runner, a *args) {
	name := a.words[0]
	code := engine.None
	r.World.Call(&engine.DeleteGroups{Groups: []string{name}}, func(reply *engine.Reply) {
		code = reply.Body.(*engine.DeleteGroupsReply).Codes[0]
	})
	text := clip(name) + " still has members: let them leave first"
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
	switch to := a.words[2]; to {
	case "earliest":
	case "latest":
		offset = at.view.HighWatermark
	default:
		offset = engine.Offset(r.number("an offset", to, int64(offset), int64(at.view.HighWatermark)))
	}
	if g.MemberCount > 0 {
		r.refused(engine.UnknownMemberID, g.Name+" has members, and only they may commit: let them leave first")
	}
	if r.err == nil {
		r.refused(r.World.Call(&engine.OffsetCommit{Group: g.Name, Generation: -1, Offsets: []engine.CommitOffset{
			{Topic: at.Topic, Partition: at.Partition, Offset: offset, LeaderEpoch: -1}}}, nil), "the cluster refuses this")
	}
}

func sameReset(l *Line) string {
	s := same{text: kafkaGroups + " --group @2 --topic %3 --reset-offsets --to-offset @4 --execute"}
	if to := l.Words[4]; to == "earliest" || to == "latest" {
		s.text = kafkaGroups + " --group @2 --topic %3 --reset-offsets --to-@4 --execute"
	}
	return s.expand(l)
}
