package engine

// SharePartitionView is what a share group knows of one partition.
type SharePartitionView struct {
	Topic     TopicID
	Partition Partition
	Start     Offset // share-partition start offset: what lies before is done with
	End       Offset // share-partition end offset: nothing from here on was given out yet
	Runs      []ShareRun
}

// ShareRun is some in-flight records that are in the same state.
type ShareRun struct {
	First, End Offset
	State      ShareState
	Deliveries int16
	Member     MemberID // who has acquired them, 0 for nobody
	Due        Time     // when the member's lock on them ends
}

// SharePartitions appends the partitions of a share group that were fetched so far, by
// topic and partition.
func (e *Engine) SharePartitions(id GroupID, dst []SharePartitionView) []SharePartitionView {
	g := e.groupAt(id)
	if g == nil {
		return dst
	}
	for _, sp := range g.shares {
		v := SharePartitionView{Topic: sp.at.topic(), Partition: sp.at.partition(), Start: sp.start, End: sp.end()}
		sp.runs(sp.start, sp.end(), sameShare, func(first, end Offset, r *shareRecord) {
			v.Runs = append(v.Runs, ShareRun{first, end, r.state, r.deliveries, r.member, r.due})
		})
		dst = append(dst, v)
	}
	return dst
}
