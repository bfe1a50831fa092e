package engine

import "slices"

// Stages of a reassignment (Aux of KindReassignment).
const (
	reassignBegun = iota + 1
	reassignComplete
	reassignCancelled
)

func (c *AlterReassignments) apply(e *Engine, from Session, tok Token) {
	if e.controller < 0 {
		e.reply(from, tok, RequestTimedOut, &AlterReassignmentsReply{})
		return
	}
	body := &AlterReassignmentsReply{}
	for i := range c.Partitions {
		a := &c.Partitions[i]
		p := e.partitionNamed(a.Topic, a.Partition)
		code := UnknownTopicOrPartition
		if p != nil {
			code = e.reassign(p, slices.Clone(a.Replicas))
		}
		body.Partitions = append(body.Partitions, PartitionResult{a.Topic, a.Partition, code})
	}
	e.reply(from, tok, None, body)
}

// reassign begins to move a partition to other replicas, or cancels that (KIP-455). Until
// all new ones are in sync there are the old ones too.
func (e *Engine) reassign(p *partition, target []int32) Code {
	if target != nil && !e.validReplicas(target) {
		return InvalidReplicaAssignment
	}
	reg := p.replication().reg()
	next := *reg
	if target == nil {
		if len(reg.adding)+len(reg.removing) == 0 {
			return NoReassignmentInProgress
		}
		e.emitReassignment(p, reassignCancelled, without(reg.replicas, reg.removing))
		next.replicas, next.isr = without(reg.replicas, reg.adding), without(reg.isr, reg.adding)
		next.adding, next.removing = nil, nil
		if len(next.isr) == 0 {
			return InvalidReplicaAssignment
		}
		e.elect(p, &next, ElectedClean)
		return None
	}
	next.adding, next.removing = without(target, reg.replicas), without(reg.replicas, target)
	next.replicas = append(target, next.removing...)
	e.emitReassignment(p, reassignBegun, target)
	e.completeReassignment(p, &next)
	e.elect(p, &next, ElectedClean)
	return None
}

// completeReassignment drops the old replicas once all new ones are in sync.
func (e *Engine) completeReassignment(p *partition, next *registration) {
	if len(next.adding)+len(next.removing) == 0 {
		return
	}
	isr := without(next.isr, next.removing)
	if len(isr) == 0 || len(without(next.adding, isr)) > 0 {
		return
	}
	next.replicas, next.isr = without(next.replicas, next.removing), isr
	next.adding, next.removing = nil, nil
	e.emitReassignment(p, reassignComplete, next.replicas)
}

func (e *Engine) emitReassignment(p *partition, stage int64, target []int32) {
	e.emit(Event{Kind: KindReassignment, Topic: p.topic.id, Partition: p.index, Aux: stage, Bytes: brokerList(target)})
}

// without gives those of ids that are not in others.
func without(ids, others []int32) (kept []int32) {
	for _, id := range ids {
		if !slices.Contains(others, id) {
			kept = append(kept, id)
		}
	}
	return kept
}

func (c *ListReassignments) apply(e *Engine, from Session, tok Token) {
	body := &ListReassignmentsReply{}
	e.eachPartition(func(p *partition) {
		asked := len(c.Partitions) == 0 || slices.Contains(c.Partitions, TopicPartition{p.topic.name, p.index})
		if p.rep == nil || !asked {
			return
		}
		if reg := p.rep.reg(); len(reg.adding)+len(reg.removing) > 0 {
			body.Partitions = append(body.Partitions, OngoingReassignment{p.topic.name, p.index, reg.replicas, reg.adding, reg.removing})
		}
	})
	list := body.Partitions
	SortBy(len(list), func(i, j int) bool {
		return list[i].Topic < list[j].Topic || list[i].Topic == list[j].Topic && list[i].Partition < list[j].Partition
	}, func(i, j int) { list[i], list[j] = list[j], list[i] })
	e.reply(from, tok, None, body)
}
