package client

import "partita/engine"

// validate looks at a partition that has got another leader, or the same one in a new
// leader epoch: its log may end before the position, because an unclean election, or
// acks below all, let records go. The leader is asked where the epoch of the last
// record ends (KIP-320).
func (c *Consumer) validate(p *part) {
	if p.state == positioned {
		if p.lead == p.seen || p.lead.broker < 0 {
			return
		}
		p.seen, p.preferred = p.lead, 0
		if p.epoch < 0 || p.lead.epoch < 0 {
			return // nothing to ask for
		}
		c.drop(p)
		p.state, p.retryAt, p.failures = validating, 0, 0
	}
	if p.finding || p.gone || !c.reachable(p, p.lead.broker) {
		return
	}
	p.finding, p.seen = true, p.lead
	c.send(call{kind: callValidate, to: p.lead.broker, part: p}, &engine.OffsetForLeaderEpoch{Topic: p.id, Partition: p.index,
		Epoch: p.epoch, CheckEpoch: true, Current: p.lead.epoch})
}

// validated takes the answer to an OffsetForLeaderEpoch.
func (c *Consumer) validated(p *part, r *engine.Reply) {
	p.finding = false
	if p.revoked || p.state != validating {
		return
	}
	body, ok := r.Body.(*engine.OffsetForLeaderEpochReply)
	switch {
	case r.Code == engine.UnsupportedVersion:
		p.state = positioned // an old broker: nothing can be known
	case r.Code != engine.None || !ok:
		c.partFailed(p, r.Code)
	case body.End >= p.position:
		p.state = positioned
	default:
		f := Fact{Kind: FactTruncated, Topic: p.topic, ID: p.id, Partition: p.index, Offset: p.position, End: body.End, Epoch: p.epoch}
		c.fact(f)
		if body.End < 0 || body.Epoch < 0 || c.cfg.AutoOffsetReset == "none" {
			c.resetPosition(p)
			return
		}
		c.moveTo(p, body.End) // where the logs diverge
		p.epoch = body.Epoch
	}
}
