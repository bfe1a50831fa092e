package engine

import "slices"

// The invariants of brokers and replicas.
const (
	ISRWithinReplicas  Invariant = "isr-within-replicas"
	ISRHasCommitted    Invariant = "isr-has-committed"
	LeaderEpochsAscend Invariant = "leader-epochs-ascend"
	ReplicaBounds      Invariant = "replica-bounds"
	OneLog             Invariant = "one-log"
)

// checkReplicas: what replicas have fits the partition's own log.
func (e *Engine) checkReplicas() error {
	for _, t := range e.topics {
		if t == nil {
			continue
		}
		for _, p := range t.partitions {
			if p.rep == nil {
				continue
			}
			for _, check := range [...]func(*Engine, *partition) error{(*Engine).checkRegistrations, (*Engine).checkCopies, (*Engine).checkCommitted} {
				if err := check(e, p); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (e *Engine) checkRegistrations(p *partition) error {
	reg := p.rep.reg()
	if len(reg.isr) == 0 || len(without(reg.isr, reg.replicas)) > 0 || reg.leader >= 0 && !slices.Contains(reg.isr, reg.leader) {
		return p.broken(ISRWithinReplicas, "leader "+itoa(Offset(reg.leader))+", ISR "+string(brokerList(reg.isr))+", replicas "+string(brokerList(reg.replicas)))
	}
	for i, r := range p.rep.regs {
		if i > 0 && (r.epoch < p.rep.regs[i-1].epoch || r.version <= p.rep.regs[i-1].version) {
			return p.broken(LeaderEpochsAscend, "registration "+itoa(Offset(r.version)))
		}
	}
	return nil
}

func (e *Engine) checkCopies(p *partition) error {
	reg, main := p.rep.reg(), p.rep.main
	for _, r := range p.rep.replicas {
		who := "replica " + itoa(Offset(r.broker))
		if r.start > r.hw || r.hw > r.leo {
			return p.broken(ReplicaBounds, who+": log start "+itoa(r.start)+", high watermark "+itoa(r.hw)+", log end "+itoa(r.leo))
		}
		if r.epoch > reg.epoch || r.lead != nil && r.leader != r.broker {
			return p.broken(LeaderEpochsAscend, who+" is ahead of the controller")
		}
		for i, s := range r.epochs {
			if s.start > r.leo || i > 0 && (s.epoch <= r.epochs[i-1].epoch || s.start <= r.epochs[i-1].start) {
				return p.broken(LeaderEpochsAscend, who+" to "+itoa(r.leo)+": epoch "+itoa(Offset(s.epoch))+" at "+itoa(s.start))
			}
		}
		if r.tail != nil && (r.tail.end != r.leo || r.tail.start > p.end) || r.tail == nil && r.leo > p.end {
			return p.broken(OneLog, who+" has more than it has got")
		}
	}
	if main.lead != nil && (main.tail != nil || main.leo != p.end || main.epoch != p.epoch) {
		return p.broken(OneLog, "the leader's log is not the partition's")
	}
	return nil
}

// checkCommitted: every member of the ISR that is there has what the leader, if it is
// the one that the controller chose, takes for committed.
func (e *Engine) checkCommitted(p *partition) error {
	reg, main := p.rep.reg(), p.rep.main
	if main.lead == nil || main.epoch != reg.epoch {
		return nil
	}
	for _, id := range reg.isr {
		r := p.rep.at(id)
		if r != nil && r.epoch < 0 {
			continue // it has started, perhaps with less, and does not fetch yet
		}
		if e.brokerAt(id).up() && (r == nil || r.shared() < main.hw) {
			return p.broken(ISRHasCommitted, "replica "+itoa(Offset(id))+" does not have all below the high watermark "+itoa(main.hw))
		}
	}
	return nil
}
