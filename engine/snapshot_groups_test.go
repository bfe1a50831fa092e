package engine

// Sets of partitions and topics are made anew, never changed in place.
func init() {
	for name, how := range map[string]string{
		"group.groupTarget.subscribed": shared,
		"group.groupTarget.owner":      copied,
		"group.groupTarget.shares":     copied,
		"sharePartition.records":       copied,
		"Engine.groupSettings":         copied,
		"Engine.shareSessions":         copied,
		"Engine.parkedShares":          copied,
		"Engine.waitingShares":         copied,
		"waitingShare.writes":          shared,
		"waitingShare.reply.Body":      shared,
		"parkedShare.writes":           shared,
		"shareSession.parts":           shared,
		"parkedShare.parts":            shared,
		"parkedShare.answers":          shared,
		"member.memberTarget.topics":   shared,
		"member.memberTarget.assigned": shared,
		"member.memberTarget.revoking": shared,
		"member.memberTarget.target":   shared,
	} {
		snapshotFields[name] = how
	}
}
