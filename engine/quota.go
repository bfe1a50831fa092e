package engine

import (
	"slices"
	"strings"
)

// Keys of quotas.
const (
	produceRate  = "producer_byte_rate"
	consumeRate  = "consumer_byte_rate"
	requestShare = "request_percentage"

	defaultEntity = "<default>"
)

// requestMicros is what the handling of one request is taken to cost a broker, for
// request_percentage: there is no processor here whose time could be measured.
const requestMicros = 100

// quotaLevels are the kinds of entities in Kafka's order of precedence: how the user and
// how the client id is named, 0 not at all, 1 itself, 2 by the default.
var quotaLevels = [...][2]uint8{{1, 1}, {1, 2}, {1, 0}, {2, 1}, {2, 2}, {2, 0}, {0, 1}, {0, 2}}

// rate is what one user, client id, or both have moved lately at one broker: sums in
// windows of quota.window.size.seconds (Kafka: a sensor with a SampledStat).
type rate struct {
	key     string
	windows []rateWindow // oldest first
}

type rateWindow struct {
	start Time
	sum   int64
}

// record adds n and says for how long the rate is above bound, in ms (ClientQuotaManager,
// QuotaUtils.throttleTime): the sum must be spread over that much more time. scale is how
// many units of bound one of n is.
func (r *rate) record(b *brokerConfig, now Time, n, bound int64) int64 {
	size, count := Time(b.value[brkQuotaWindowSeconds]*1000), int(b.value[brkQuotaWindows])
	for len(r.windows) > 0 && now-r.windows[0].start >= size*Time(count) {
		r.windows = r.windows[1:]
	}
	if last := len(r.windows) - 1; last < 0 || now-r.windows[last].start >= size {
		if len(r.windows) == count {
			r.windows = r.windows[1:]
		}
		r.windows = append(slices.Clip(r.windows), rateWindow{start: now})
	}
	r.windows[len(r.windows)-1].sum += n
	total := int64(0)
	for _, w := range r.windows {
		total += w.sum
	}
	span := now - r.windows[0].start
	if full := span / size; full < Time(count-1) { // as if the windows before were empty
		span += (Time(count-1) - full) * size
	}
	if bound <= 0 {
		bound = 1
	}
	return (total*1000+bound/2)/bound - int64(max(span, 1))
}

// unrecord takes back what was recorded last.
func (r *rate) unrecord(n int64) { r.windows[len(r.windows)-1].sum -= n }

// quotaFor finds the quota that holds for a session, and whose rate it bounds.
func (e *Engine) quotaFor(p *caller, key string) (q *Quota, of string) {
	user := strings.TrimPrefix(p.principal, "User:")
	for _, level := range quotaLevels {
		u, c := [...]string{"", user, defaultEntity}[level[0]], [...]string{"", p.clientID, defaultEntity}[level[1]]
		if level[0] == 1 && u == "" || level[1] == 1 && c == "" {
			continue
		}
		want := Quota{User: u, ClientID: c, Key: key}
		at, ok := e.quotaAt(&want)
		if !ok {
			continue
		}
		of = key
		if level[0] != 0 {
			of += "\x00u" + user
		}
		if level[1] != 0 {
			of += "\x00c" + p.clientID
		}
		return e.quotas[at], of
	}
	return nil, ""
}

// rateOf gives the rate of that key at the broker that handles the command.
func (e *Engine) rateOf(key string) *rate {
	key = string(rune(e.serving)) + key
	i := 0
	for i < len(e.rates) && e.rates[i].key < key {
		i++
	}
	if i == len(e.rates) || e.rates[i].key != key {
		e.rates = InsertAt(e.rates, i, &rate{key: key})
	}
	return e.rates[i]
}

// meter records n for a session and gives how long it is throttled for it, in ms.
func (e *Engine) meter(from Session, key string, n int64) (ms int64, r *rate) {
	if from == 0 {
		return 0, nil // the cluster itself
	}
	q, of := e.quotaFor(e.callerOf(from), key)
	if q == nil {
		return 0, nil
	}
	r = e.rateOf(of)
	if key != requestShare {
		return max(0, r.record(&e.broker, e.now, n, q.Value)), r
	}
	// A percentage is of a second's microseconds; no longer than a window (KIP-124).
	ms = r.record(&e.broker, e.now, n, q.Value*million/100)
	return min(max(0, ms), e.broker.value[brkQuotaWindowSeconds]*1000), r
}

// meterRequest applies a command and counts what it costs. Replies go out at once and
// say for how long the session is muted (KIP-219).
func (e *Engine) meterRequest(from Session, tok Token, cmd Command) {
	before := len(e.ready.Replies)
	bytes, key := int64(0), ""
	if c, ok := cmd.(*Produce); ok {
		bytes, key = int64(len(c.Batch)), produceRate
	}
	ms := int64(0)
	if bytes > 0 {
		ms, _ = e.meter(from, key, bytes)
	}
	if share, _ := e.meter(from, requestShare, requestMicros); share > ms {
		ms, key = share, requestShare
	}
	e.throttleMs = int32(min(ms, maxInt32))
	e.handle(from, tok, cmd)
	e.throttleMs = 0
	if ms <= 0 {
		return
	}
	for i := before; i < len(e.ready.Replies); i++ {
		if r := &e.ready.Replies[i]; r.To == from && r.Token == tok {
			e.empty(r)
			r.ThrottleMs = max(r.ThrottleMs, int32(min(ms, maxInt32)))
		}
	}
	e.mute(from, ms, key)
}

// empty takes the records out of a fetch reply whose client is throttled.
func (e *Engine) empty(r *Reply) {
	if body, ok := r.Body.(*FetchReply); ok {
		for i := range body.Parts {
			body.Parts[i].Records, body.Parts[i].Aborted = nil, nil
		}
	}
}

// meterFetch counts the records of a fetch reply. Whoever is over the quota gets none,
// and nothing was counted: it fetches again after its time.
func (e *Engine) meterFetch(r *Reply, body *FetchReply) {
	n := int64(0)
	for i := range body.Parts {
		n += int64(len(body.Parts[i].Records))
	}
	ms, rate := e.meter(r.To, consumeRate, n)
	if ms <= 0 || n == 0 {
		return
	}
	rate.unrecord(n)
	e.empty(r)
	r.ThrottleMs = int32(min(ms, maxInt32))
	e.mute(r.To, ms, consumeRate)
}

// mute leaves what a session sends unread for a while.
func (e *Engine) mute(s Session, ms int64, key string) {
	p := e.callerOf(s)
	until := e.now + Time(ms)
	if until <= p.muted {
		return
	}
	p.muted = until
	e.timers.set(timer{at: until, kind: timerUnmute, owner: uint32(s)})
	e.emit(Event{Kind: KindThrottled, Session: s, Aux: ms, Bytes: []byte(key)})
}

// hold keeps a command that comes while its session is muted. What goes to a group's
// coordinator has a connection of its own, as in Kafka's consumer.
func (e *Engine) hold(from Session, tok Token, cmd Command) bool {
	p := e.callerOf(from)
	if p.muted <= e.now && len(p.held) == 0 {
		return false
	}
	switch c := cmd.(type) {
	case *Disconnect, *Authenticate, *FindCoordinator, *OffsetFetch:
		return false
	case *Produce:
		copied := *c
		copied.Batch = append([]byte(nil), c.Batch...)
		cmd = &copied
	default:
		if n := groupNeed(cmd); n.op == opRead && n.name != "" {
			return false
		}
	}
	p.held = append(slices.Clip(p.held), mutedCommand{e.serving, tok, cmd})
	return true
}

// unmute handles what a session has sent meanwhile, until it is over a quota again.
func (e *Engine) unmute(s Session) {
	p := e.callerOf(s)
	serving := e.serving
	for len(p.held) > 0 && p.muted <= e.now {
		h := p.held[0]
		if p.held = p.held[1:]; len(p.held) == 0 {
			p.held = nil
		}
		if b := e.brokerAt(h.at); b != nil && !b.runs() {
			e.refuseDown(s, h.token, h.cmd)
			continue
		}
		rest := p.held
		e.serving, p.held = h.at, nil
		e.take(s, h.token, h.cmd)
		e.serving, p.held = serving, append(p.held, rest...)
	}
}

func (c *AlterQuotas) apply(e *Engine, from Session, tok Token) {
	body := &CodesReply{Codes: make([]Code, len(c.Entries))}
	for i := range c.Entries {
		q := c.Entries[i]
		if q.Key != produceRate && q.Key != consumeRate && q.Key != requestShare || q.User == "" && q.ClientID == "" || !q.Remove && q.Value <= 0 {
			body.Codes[i] = InvalidRequest
			continue
		}
		at, ok := e.quotaAt(&q)
		value := q.Value
		switch {
		case ok && q.Remove:
			e.quotas = removeAt(e.quotas, at)
			value = -1
		case ok:
			e.quotas[at].Value = q.Value
		case q.Remove:
			continue
		default:
			e.quotas = InsertAt(e.quotas, at, &q)
		}
		e.emit(Event{Kind: KindQuotaAltered, Session: from, Aux: value, Bytes: q.words(), Offset: Offset(len(q.User)), End: Offset(len(q.ClientID))})
	}
	e.reguard()
	e.reply(from, tok, None, body)
}

// quotaAt finds the quota with the same names and key, or its place.
func (e *Engine) quotaAt(q *Quota) (at int, ok bool) {
	key := q.key()
	for at < len(e.quotas) && e.quotas[at].key() < key {
		at++
	}
	return at, at < len(e.quotas) && e.quotas[at].key() == key
}

func (q *Quota) key() string { return q.User + "\x00" + q.ClientID + "\x00" + q.Key }

// words are for people.
func (q *Quota) words() []byte {
	s := ""
	if q.User != "" {
		s = "user " + q.User + " "
	}
	if q.ClientID != "" {
		s += "client-id " + q.ClientID + " "
	}
	return []byte(s + q.Key)
}

func (c *DescribeQuotas) apply(e *Engine, from Session, tok Token) {
	body := &DescribeQuotasReply{}
	for _, q := range e.quotas {
		body.Entries = append(body.Entries, *q)
	}
	e.reply(from, tok, None, body)
}
