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

// loadPartition makes what a coordinator knows from its partition's records: its broker
// has just become the leader.
func (e *Engine) loadPartition(p *partition) {
	if p.topic.id == e.transactions {
		e.loadTransactions(p.index)
	}
}

// unloadPartition forgets what the coordinator of a partition knew, unless another has
// taken over already.
func (e *Engine) unloadPartition(p *partition, code Code) {
	if p.topic.id == e.transactions && p.rep.main.lead == nil {
		e.unloadTransactions(p.index)
	}
}

// unloadCoordinator does the same for all partitions that a broker led: its process ended.
func (e *Engine) unloadCoordinator(broker int32, code Code) {
	if t := e.topicAt(e.transactions); t != nil {
		for _, p := range t.partitions {
			if p.rep != nil && p.rep.main.broker == broker {
				e.unloadPartition(p, code)
			}
		}
	}
}
