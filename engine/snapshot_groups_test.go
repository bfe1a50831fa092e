package engine

// Sets of partitions and topics are made anew, never changed in place.
func init() {
	for name, how := range map[string]string{
		"group.groupTarget.subscribed": shared,
		"group.groupTarget.owner":      copied,
		"member.memberTarget.topics":   shared,
		"member.memberTarget.assigned": shared,
		"member.memberTarget.revoking": shared,
		"member.memberTarget.target":   shared,
	} {
		snapshotFields[name] = how
	}
}
