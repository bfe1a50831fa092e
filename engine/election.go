package engine

import "slices"

func (c *ElectLeaders) apply(e *Engine, from Session, tok Token) {
	if e.controller < 0 {
		e.reply(from, tok, RequestTimedOut, &ElectLeadersReply{})
		return
	}
	body := &ElectLeadersReply{}
	for _, tp := range c.Partitions {
		p := e.partitionNamed(tp.Topic, tp.Partition)
		code := UnknownTopicOrPartition
		if p != nil {
			code = e.electFor(p, c.Unclean)
		}
		body.Partitions = append(body.Partitions, PartitionResult{tp.Topic, tp.Partition, code})
	}
	if len(c.Partitions) == 0 {
		e.eachPartition(func(p *partition) {
			if code := e.electFor(p, c.Unclean); code != ElectionNotNeeded {
				body.Partitions = append(body.Partitions, PartitionResult{p.topic.name, p.index, code})
			}
		})
	}
	e.reply(from, tok, None, body)
}

func (e *Engine) partitionNamed(topic string, index Partition) *partition {
	if t := e.topicNamed(topic); t != nil {
		return e.partitionAt(t.id, index)
	}
	return nil
}

// electFor elects one partition's leader because somebody asked.
func (e *Engine) electFor(p *partition, unclean bool) Code {
	if p.rep == nil {
		return ElectionNotNeeded
	}
	reg, how := p.rep.reg(), ElectedPreferred
	switch {
	case unclean && reg.leader >= 0, reg.leader == reg.replicas[0]:
		return ElectionNotNeeded
	case unclean:
		how = ElectedUnclean
	case !e.preferable(reg):
		return PreferredLeaderNotAvailable
	}
	e.change(p, how)
	if p.rep.reg().leader < 0 {
		return EligibleLeadersNotAvailable
	}
	return None
}

// preferable: the preferred replica does not lead, and could.
func (e *Engine) preferable(reg *registration) bool {
	first := reg.replicas[0]
	return reg.leader != first && e.eligible(first) && slices.Contains(reg.isr, first)
}

// planBalance sets a timer for the return of leaders to preferred replicas, when some are
// elsewhere (auto.leader.rebalance.enable), or not there at all.
func (e *Engine) planBalance() {
	if e.balancing {
		return
	}
	e.eachPartition(func(p *partition) {
		if !e.balancing && p.rep != nil && p.rep.reg().leader != p.rep.reg().replicas[0] {
			e.balancing = true
			e.timers.set(timer{at: e.now + 1000*e.ms(brkLeaderBalanceSeconds), kind: timerBalance})
		}
	})
}

func (e *Engine) balanceLeaders() {
	e.balancing = false
	if e.controller >= 0 {
		e.eachPartition(func(p *partition) {
			switch {
			case p.rep == nil:
			case p.rep.reg().leader < 0: // unclean.leader.election.enable may have been set
				e.change(p, ElectedClean)
			case e.preferable(p.rep.reg()) && e.broker.value[brkLeaderBalance] != 0:
				e.change(p, ElectedPreferred)
			}
		})
	}
	e.planBalance()
}
