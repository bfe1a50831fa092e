package engine

// caller is who a session is, and whether it may speak.
type caller struct {
	session   Session
	principal string
	host      string
	clientID  string
	muted     Time // nothing that comes earlier is handled: it is over a quota
	held      []mutedCommand
}

// mutedCommand came while its session was muted.
type mutedCommand struct {
	at    int32 // the broker that it was sent to
	token Token
	cmd   Command
}

// anonymous is the principal of a session that never said who it is.
const anonymous = "User:ANONYMOUS"

// callerOf gives what is known of a session.
func (e *Engine) callerOf(s Session) *caller {
	lo, hi := 0, len(e.callers)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if e.callers[mid].session < s {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(e.callers) || e.callers[lo].session != s {
		e.callers = InsertAt(e.callers, lo, &caller{session: s, principal: anonymous})
	}
	return e.callers[lo]
}

func (c *Authenticate) apply(e *Engine, from Session, tok Token) {
	p := e.callerOf(from)
	p.principal, p.host, p.clientID = c.Principal, c.Host, c.ClientID
	e.reply(from, tok, None, nil)
}

// SessionsLike lists the sessions of the same client id and host as one of them, and at
// least that one: the connections of one client, as far as its brokers can tell.
func (e *Engine) SessionsLike(s Session) []Session {
	list := []Session{s}
	for _, p := range e.callers {
		if p.session != s {
			continue
		}
		for _, q := range e.callers {
			if q != p && q.clientID == p.clientID && q.host == p.host && q.principal == p.principal {
				list = append(list, q.session)
			}
		}
	}
	return list
}

// forgetCaller ends a session, with what it has sent and nobody has handled.
func (e *Engine) forgetCaller(s Session) {
	for i, p := range e.callers {
		if p.session == s {
			e.callers = removeAt(e.callers, i)
			return
		}
	}
}

// take handles a command, if the session may give it and its time has come.
func (e *Engine) take(from Session, tok Token, cmd Command) {
	if e.authorizing || e.metering {
		if e.hold(from, tok, cmd) || e.authorizing && e.refused(from, tok, &cmd) {
			return
		}
		if e.metering {
			e.meterRequest(from, tok, cmd)
			return
		}
	}
	e.handle(from, tok, cmd)
}

// reguard finds out whether commands must be looked at before they are applied. Nothing
// of it costs anything while the brokers have no authorizer and clients no quotas.
func (e *Engine) reguard() {
	e.authorizing = e.broker.value[brkAuthorizer] != 0
	e.metering = len(e.quotas) > 0
}
