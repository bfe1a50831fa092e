package engine

func (c *CrashBroker) apply(e *Engine, from Session, tok Token) {
	b := e.brokerAt(c.Broker)
	if b == nil || !b.up() {
		e.reply(from, tok, BrokerNotAvailable, nil)
		return
	}
	e.endBroker(b, BrokerCrashed)
	if c.LoseUnsynced {
		e.loseUnsynced(b)
	}
	e.reply(from, tok, None, nil)
}

// endBroker ends a broker's process: whoever waits for it finds the connection broken.
func (e *Engine) endBroker(b *broker, how BrokerChange) {
	heard := e.hears(b)
	b.state = BrokerDown
	b.epoch++
	e.emitBroker(0, b, how)
	e.dropHeld(b)
	b.late = nil
	e.dropFetches(b.id)
	e.eachReplica(b.id, func(p *partition, r *replica) { e.stopReplica(p, r, NetworkException) })
	if how == BrokerStopped && e.controller >= 0 && e.controller != b.id {
		e.fence(b) // it said so itself
	}
	e.lookAt(b, heard)
	e.checkController(how == BrokerStopped)
}

func (c *StopBroker) apply(e *Engine, from Session, tok Token) {
	b := e.brokerAt(c.Broker)
	if b == nil || b.state != BrokerRunning {
		e.reply(from, tok, BrokerNotAvailable, nil)
		return
	}
	e.reply(from, tok, None, nil)
	b.state = BrokerShutdown
	e.emitBroker(from, b, BrokerStopping)
	// The request to the controller and, with the metadata, its answer.
	wait := 2*e.latency + b.slow
	switch {
	case b.id == e.controller:
		e.checkController(true) // it resigns first, and the next one sees to the rest
		wait += e.latency
	case e.hears(b):
		e.leaveAll(b)
	}
	e.timers.set(timer{at: e.now + wait, kind: timerStop, owner: uint32(b.id), epoch: b.epoch})
}

func (c *StartBroker) apply(e *Engine, from Session, tok Token) {
	b := e.brokerAt(c.Broker)
	if b == nil || b.up() {
		e.reply(from, tok, BrokerNotAvailable, nil)
		return
	}
	b.state, b.since, b.fresh = BrokerRunning, e.now, true
	b.epoch++
	e.emitBroker(from, b, BrokerStarted)
	e.reply(from, tok, None, nil)
	e.checkController(false)
	e.lookAt(b, false)
	e.sendMetadata(b)
	e.kick(b.id)
}

func (c *PauseBroker) apply(e *Engine, from Session, tok Token) {
	b := e.brokerAt(c.Broker)
	if b == nil || b.state != BrokerRunning {
		e.reply(from, tok, BrokerNotAvailable, nil)
		return
	}
	heard := e.hears(b)
	b.state = BrokerSuspended
	e.emitBroker(from, b, BrokerPaused)
	e.reply(from, tok, None, nil)
	e.lookAt(b, heard)
	e.checkController(false)
}

func (c *ResumeBroker) apply(e *Engine, from Session, tok Token) {
	b := e.brokerAt(c.Broker)
	if b == nil || b.state != BrokerSuspended {
		e.reply(from, tok, BrokerNotAvailable, nil)
		return
	}
	b.state = BrokerRunning
	e.emitBroker(from, b, BrokerResumed)
	e.reply(from, tok, None, nil)
	late := b.late
	b.late = nil
	for _, t := range late {
		e.fire(t)
	}
	e.handleHeld(b)
	e.checkController(false)
	e.lookAt(b, false)
	e.sendMetadata(b)
	e.kick(b.id)
}

func (c *SlowBroker) apply(e *Engine, from Session, tok Token) {
	b := e.brokerAt(c.Broker)
	if b == nil || c.DelayMs < 0 {
		e.reply(from, tok, BrokerNotAvailable, nil)
		return
	}
	b.slow = Time(c.DelayMs)
	e.emitBroker(from, b, BrokerSlowed)
	e.reply(from, tok, None, nil)
}

func (c *CutLink) apply(e *Engine, from Session, tok Token) {
	e.changeLinks(from, tok, c.From, c.To, true)
}

func (c *HealLink) apply(e *Engine, from Session, tok Token) {
	e.changeLinks(from, tok, c.From, c.To, false)
}

func (e *Engine) changeLinks(session Session, tok Token, from, to int32, cut bool) {
	if from != 0 && e.brokerAt(from) == nil || to != 0 && e.brokerAt(to) == nil || from == to && from != 0 {
		e.reply(session, tok, BrokerNotAvailable, nil)
		return
	}
	var heard [MaxBrokers]bool
	for i := range e.brokers {
		heard[i] = e.hears(&e.brokers[i])
	}
	for i := range e.brokers {
		a := &e.brokers[i]
		for j := range e.brokers {
			b := &e.brokers[j]
			if i == j || from != 0 && from != a.id || to != 0 && to != b.id || (a.cut&b.bit() != 0) == cut {
				continue
			}
			a.cut ^= b.bit()
			ev := Event{Kind: KindLinkChanged, Session: session, Offset: Offset(a.id), End: Offset(b.id)}
			if cut {
				ev.Aux = 1
			}
			e.emit(ev)
		}
	}
	e.reply(session, tok, None, nil)
	e.checkController(false)
	for i := range e.brokers {
		b := &e.brokers[i]
		e.lookAt(b, heard[i])
		if !cut {
			e.sendMetadata(b)
			e.kick(b.id)
		}
	}
}

func (c *SetBrokerLatency) apply(e *Engine, from Session, tok Token) {
	if c.Ms < 0 {
		e.reply(from, tok, InvalidRequest, nil)
		return
	}
	e.latency = Time(c.Ms)
	e.emit(Event{Kind: KindLatencyChanged, Session: from, Aux: c.Ms})
	e.reply(from, tok, None, nil)
}
