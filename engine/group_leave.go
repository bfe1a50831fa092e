package engine

func (c *Heartbeat) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, e.heartbeat(c), nil)
}

func (e *Engine) heartbeat(c *Heartbeat) Code {
	code, g := e.closed(c.Group), e.groupNamed(c.Group)
	switch {
	case code == CoordinatorLoadInProgress:
		return None // nobody shall lose its session over a coordinator's start
	case code != None:
		return code
	case g == nil:
		return UnknownMemberID
	case g.state == GroupDead:
		return CoordinatorNotAvailable
	}
	if g.kind != GroupClassic {
		return e.heartbeatConsumer(g, c)
	}
	m, code := g.check(c.Member, c.Instance)
	switch {
	case code != None:
		return code
	case c.Generation != g.generation && planted != bugOldGeneration:
		return IllegalGeneration
	}
	e.keepAlive(g, m, m.sessionTimeoutMs)
	if g.state == GroupPreparingRebalance {
		return RebalanceInProgress
	}
	return None
}

func (c *LeaveGroup) apply(e *Engine, from Session, tok Token) {
	code, g := e.closed(c.Group), e.groupNamed(c.Group)
	if code == None && g != nil && g.state == GroupDead {
		code = CoordinatorNotAvailable
	}
	body := &LeaveGroupReply{}
	if code != None {
		e.reply(from, tok, code, body)
		return
	}
	body.Members = make([]LeftMember, len(c.Members))
	if g != nil && g.kind != GroupClassic {
		for i := range c.Members {
			body.Members[i] = LeftMember{Member: c.Members[i].Member, Instance: c.Members[i].Instance}
		}
		e.leaveConsumer(g, c, body, from)
		e.reply(from, tok, None, body)
		return
	}
	who := MemberID(0)
	for i := range c.Members {
		l := &c.Members[i]
		left := LeftMember{Member: l.Member, Instance: l.Instance, Code: UnknownMemberID}
		if g != nil {
			var id MemberID
			if id, left.Code = e.leave(g, l, from); id != 0 {
				who = id
			}
		}
		body.Members[i] = left
	}
	e.reply(from, tok, None, body)
	switch {
	case who == 0:
	case g.state == GroupStable || g.state == GroupCompletingRebalance:
		// Also when only a pending member left, as Kafka 4.0 has it.
		e.rebalance(g, from, CauseMemberLeft, who)
	default:
		e.maybeCompleteJoin(g, from)
	}
}

// leave takes one member out. An instance id alone is enough: that is how
// administrators remove static members (KIP-345).
func (e *Engine) leave(g *group, l *LeavingMember, from Session) (MemberID, Code) {
	m := g.byName[l.Member]
	if l.Member == "" {
		m = g.byInstance[l.Instance]
	}
	if m == nil || !m.pending && l.Member != "" {
		var code Code
		if m, code = g.check(l.Member, l.Instance); code != None {
			return 0, code
		}
	}
	e.answerJoin(g, m, UnknownMemberID, &JoinGroupReply{Generation: -1})
	e.answer(&m.sync, UnknownMemberID, &SyncGroupReply{})
	g.remove(m)
	e.emit(Event{Kind: KindMemberLeft, Session: from, Group: g.id, Member: m.id, Bytes: []byte(l.Reason)})
	return m.id, None
}
