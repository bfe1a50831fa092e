package engine

// Producer ids: who gets one, and when partitions forget one.

func (c *InitProducerID) apply(e *Engine, from Session, tok Token) {
	switch {
	case c.TransactionalID != "":
		body := &InitProducerIDReply{ProducerID: -1, Epoch: -1}
		x, code := c.initTxn(e, from)
		if code == None {
			body.ProducerID, body.Epoch = x.producer, x.epoch
		}
		e.answerStored(from, tok, c.TransactionalID, code, body)
	case c.Transactional:
		e.reply(from, tok, InvalidRequest, nil)
	default:
		id := e.newProducerID()
		e.emit(Event{Kind: KindProducerID, Session: from, Aux: id})
		e.reply(from, tok, None, &InitProducerIDReply{ProducerID: id})
	}
}

// newProducerID gives an id that no producer has had. Kafka's brokers take them from
// the controller in blocks of 1000; here they are given one after the other.
func (e *Engine) newProducerID() int64 {
	id := e.nextProducerID
	e.nextProducerID++
	return id
}

// watchProducers sets the timer that looks for producers to forget.
func (e *Engine) watchProducers() {
	if !e.expiring {
		e.expiring = true
		e.timers.set(timer{at: e.now + Time(e.broker.value[brkProducerCheckMs]), kind: timerProducers})
	}
}

// expireProducers forgets the producers that a partition has not heard of for
// producer.id.expiration.ms, and tells whether any partition knows one still.
func (e *Engine) expireProducers(now Time) (left bool) {
	for _, t := range e.topics {
		if t == nil {
			continue
		}
		for _, p := range t.partitions {
			ms, _ := e.broker.at(p.actor(), brkProducerExpirationMs)
			if p.producers.expire(int64(now) - ms) {
				left = true
			}
		}
	}
	return left
}
