package engine

// coordinatorFor says which broker coordinates a group, or the transactions of a
// transactional id, and why it cannot be asked now, or here.
func (e *Engine) coordinatorFor(key string, transactional bool) (int32, Code) {
	t := e.coordinatorTopic(transactional)
	p := t.partitions[CoordinatorPartition(key, int32(len(t.partitions)))]
	if p.rep == nil {
		if e.serving != 0 && e.serving != p.home {
			return p.home, NotCoordinator
		}
		return p.home, None
	}
	reg := p.rep.reg()
	if b := e.asked(); b != nil {
		if reg = p.rep.known(b); reg == nil {
			return -1, CoordinatorNotAvailable
		}
	}
	r, code := e.acting(p)
	switch code {
	case None:
		if r != p.rep.main {
			code = NotCoordinator // another has taken over, and this one does not know
		}
	case NotLeaderOrFollower, UnknownTopicOrPartition:
		code = NotCoordinator
	case LeaderNotAvailable:
		code = CoordinatorNotAvailable
	}
	return reg.leader, code
}

func (e *Engine) coordinatorTopic(transactional bool) *topic {
	if transactional {
		return e.transactionsTopic()
	}
	return e.offsetsTopic()
}

func (c *FindCoordinator) apply(e *Engine, from Session, tok Token) {
	id, _ := e.coordinatorFor(c.Key, c.Transactional)
	b := e.brokerAt(id)
	if at := e.asked(); b == nil || at != nil && at.alive&b.bit() == 0 {
		e.reply(from, tok, CoordinatorNotAvailable, nil)
		return
	}
	e.reply(from, tok, None, &FindCoordinatorReply{id})
}

// groupOf is the group whose coordinator a command is for. Commands about several groups
// go by the first. Those about transactions ask for their coordinator themselves.
func groupOf(cmd Command) (name string, ok bool) {
	first := func(list []string) (string, bool) {
		if len(list) == 0 {
			return "", false
		}
		return list[0], true
	}
	switch c := cmd.(type) {
	case *JoinGroup:
		return c.Group, true
	case *SyncGroup:
		return c.Group, true
	case *Heartbeat:
		return c.Group, true
	case *LeaveGroup:
		return c.Group, true
	case *OffsetCommit:
		return c.Group, true
	case *OffsetFetch:
		return c.Group, true
	case *OffsetDelete:
		return c.Group, true
	case *TxnOffsetCommit:
		return c.Group, true
	case *ConsumerGroupHeartbeat:
		return c.Group, true
	case *ShareGroupHeartbeat:
		return c.Group, true
	case *DescribeGroups:
		return first(c.Groups)
	case *ConsumerGroupDescribe:
		return first(c.Groups)
	case *ShareGroupDescribe:
		return first(c.Groups)
	case *DeleteGroups:
		return first(c.Groups)
	}
	return "", false
}

// handle applies a command. Those for a coordinator are refused by any other broker, and
// their replies wait until what was stored is replicated.
func (e *Engine) handle(from Session, tok Token, cmd Command) {
	if len(e.brokers) == 1 && e.brokers[0].epoch == 0 { // it is right for everything
		cmd.apply(e, from, tok)
		return
	}
	group, ok := groupOf(cmd)
	if !ok {
		cmd.apply(e, from, tok)
		return
	}
	_, code := e.coordinatorFor(group, false)
	p := e.offsetsPartition(group)
	n, end := len(e.ready.Replies), p.end
	e.coordinator = code
	cmd.apply(e, from, tok)
	e.coordinator = None
	e.holdReplies(p, end, n)
}

// coordinatorTimeoutMs is how long a coordinator waits for its records to be replicated
// (offsets.commit.timeout.ms).
const coordinatorTimeoutMs = 5_000

// holdReplies keeps back the replies from index n on, when records have been appended to
// a coordinator's log since it ended at end, until these are replicated.
func (e *Engine) holdReplies(p *partition, end Offset, n int) {
	if p.rep == nil || p.end == end || p.rep.main.lead == nil || p.rep.main.hw >= p.end {
		return
	}
	for i := n; i < len(e.ready.Replies); i++ {
		e.await(p, p.rep.main, waiter{end: p.end, group: true, reply: e.ready.Replies[i]}, coordinatorTimeoutMs)
	}
	e.ready.Replies = e.ready.Replies[:n]
}

// served: the partition's own log has a leader that runs. A coordinator's is there.
func (e *Engine) served(p *partition) bool {
	return p.rep == nil || p.rep.main.lead != nil && e.brokerAt(p.rep.main.broker).runs()
}

// coordinated says whether a timer of a coordinator's groups or transactions may fire.
// While the coordinator is paused it waits; of one that has ended it means nothing.
func (e *Engine) coordinated(p *partition, t timer) bool {
	ok := e.served(p)
	if !ok && p.rep.main.lead != nil {
		b := e.brokerAt(p.rep.main.broker)
		b.late = append(b.late, t)
	}
	return ok
}

// loadPartition makes the broker that now leads a partition of a coordinator's topic the
// coordinator of what is in it.
func (e *Engine) loadPartition(p *partition) {
	if e.recovering { // all in the end
		return
	}
	if p.topic.id == e.offsets {
		e.loadGroups(p)
	} else if p.topic.id == e.transactions {
		e.loadTransactions(p.index)
	} else if p.topic.id == e.shareStates {
		e.timers.set(timer{at: e.now, kind: timerShareRewrite, owner: uint32(p.index)}) // once the broker knows all
	}
}

// unloadPartition forgets what the coordinator of a partition knew, and answers whom it
// kept waiting.
func (e *Engine) unloadPartition(p *partition, code Code) {
	switch p.topic.id {
	case e.transactions:
		e.unloadTransactions(p.index)
	case e.shareStates:
		e.sharesWritten(p.index, 0)
	}
	for _, g := range e.groups {
		if g == nil || g.log != p {
			continue
		}
		for _, m := range g.members {
			e.answer(&m.join, code, &JoinGroupReply{Generation: -1})
			e.answer(&m.sync, code, &SyncGroupReply{})
		}
	}
}

// fireTxnAt fires a timer of the transaction coordinators, if the one that it is for runs.
func (e *Engine) fireTxnAt(t timer) {
	if t.kind == timerTxnExpiry || t.kind == timerTxnDeferred || int(t.owner) >= len(e.txns) || e.txns[t.owner] == nil {
		e.fireTxn(t)
		return
	}
	p := e.transactionsTopic().partitions[e.txns[t.owner].log]
	if e.coordinated(p, t) {
		e.fireTxn(t)
	}
}

// coordinates says whether a broker is the coordinator of a group.
func (e *Engine) coordinates(broker int32, g *group) bool {
	if p := g.log; p.rep != nil {
		return p.rep.main.lead != nil && p.rep.main.broker == broker
	}
	return g.log.home == broker
}
