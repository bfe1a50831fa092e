package sim

import (
	"math/rand/v2"

	"partita/engine"
)

// Faults is what befalls parcels on a cable: in thousandths of them, and milliseconds.
type Faults struct {
	Drop      int64 // lost: TCP gave up, and the request or reply never comes
	Duplicate int64 // comes twice
	Reorder   int64 // comes later than what was sent after it
	Delay     int64 // comes DelayMs later, and holds up what comes behind it
	DelayMs   int64
	JitterMs  int64 // every parcel takes up to so much longer
}

// Directions of a cable, from the client's side.
const (
	Out = iota // requests
	In         // replies
)

// cable is all that lies between one client and the brokers. It stays when the
// client's process is replaced by a new one.
type cable struct {
	latency engine.Time
	skew    engine.Time // the client's clock minus the world's
	user    string      // its principal; empty: nobody said
	faults  Faults      // of ways not used yet
	cut     [2]bool     // likewise
	ways    []way
	chance  rand.PCG
	turn    uint8 // of the brokers that it may ask
}

// way is the part of a cable that leads to one broker.
type way struct {
	broker int32
	last   [2]engine.Time // when the last parcel arrives: no parcel overtakes another
	cut    [2]bool
	faults Faults
}

func (w *World) newCable() *cable {
	w.cables++
	c := &cable{latency: w.latency}
	c.chance.Seed(w.cfg.Seed, w.cables<<32)
	return c
}

// way gives the index of the way to a broker, made when missing.
func (c *cable) way(broker int32) int {
	for i := range c.ways {
		if c.ways[i].broker == broker {
			return i
		}
	}
	c.ways = append(c.ways, way{broker: broker, cut: c.cut, faults: c.faults})
	return len(c.ways) - 1
}

// each calls do for the way to one broker, or, for 0, for all there are and will be.
func (c *cable) each(broker int32, do func(f *Faults, cut *[2]bool)) {
	if broker == 0 {
		do(&c.faults, &c.cut)
	} else {
		c.way(broker)
	}
	for i := range c.ways {
		if y := &c.ways[i]; broker == 0 || y.broker == broker {
			do(&y.faults, &y.cut)
		}
	}
}

// happens decides by chance, thousandths of all times.
func (c *cable) happens(thousandths int64) bool {
	return thousandths > 0 && c.below(1000) < thousandths
}

// below draws from 0 to n-1.
func (c *cable) below(n int64) int64 { return int64(c.chance.Uint64() % uint64(n)) }

// dispatch puts a parcel on its way, in one direction.
func (w *World) dispatch(p *parcel, direction int) {
	c := p.link.cable
	y := &c.ways[p.way]
	f := &y.faults
	if y.cut[direction] || c.happens(f.Drop) {
		w.noteArrival(p, false)
		w.free(p)
		return
	}
	p.arrives = w.now + c.latency
	if f.JitterMs > 0 {
		p.arrives += engine.Time(c.below(f.JitterMs + 1))
	}
	if c.happens(f.Delay) {
		p.arrives += engine.Time(f.DelayMs)
	}
	if c.happens(f.Reorder) {
		p.arrives += 1 + engine.Time(c.below(int64(2*c.latency)+10))
	} else {
		y.last[direction] = max(y.last[direction], p.arrives)
		p.arrives = y.last[direction]
	}
	w.noteExchange(p, direction)
	kind := dueRequest
	if direction == In {
		kind = dueReply
	}
	w.agenda.add(due{at: p.arrives, kind: kind, link: p.link, parcel: p})
	if c.happens(f.Duplicate) {
		q := w.parcel(p.link)
		q.way, q.broker, q.token, q.reply, q.arrives = p.way, p.broker, p.token, p.reply, p.arrives+1
		if p.cmd != nil {
			q.keep(p.cmd)
			q.out = p.out
		}
		w.agenda.add(due{at: q.arrives, kind: kind, link: q.link, parcel: q})
	}
}

// cableOf finds the cable of a simulated client by its name, nil when there is none.
func (w *World) cableOf(name string) *cable {
	if c := w.Consumer(name); c != nil {
		return c.cable
	}
	if p := w.Producer(name); p != nil {
		return p.cable
	}
	return nil
}

// SetFaults changes what befalls parcels between a client and a broker, or all brokers
// for 0. It reports false when there is no such client.
func (w *World) SetFaults(client string, broker int32, set func(f *Faults)) bool {
	c := w.cableOf(client)
	if c != nil {
		c.each(broker, func(f *Faults, _ *[2]bool) { set(f) })
	}
	return c != nil
}

// Cut breaks the cable between a client and a broker, or all brokers for 0, in some
// directions, or mends it. It reports false when there is no such client.
func (w *World) Cut(client string, broker int32, out, in, cut bool) bool {
	c := w.cableOf(client)
	if c == nil {
		return false
	}
	c.each(broker, func(_ *Faults, now *[2]bool) {
		if out {
			now[Out] = cut
		}
		if in {
			now[In] = cut
		}
	})
	w.stirred = true
	return true
}

// Mend takes all faults and cuts away from every client's cable.
func (w *World) Mend() {
	mend := func(f *Faults, cut *[2]bool) { *f, *cut = Faults{}, [2]bool{} }
	for _, c := range w.consumers {
		c.cable.each(0, mend)
	}
	for _, p := range w.producers {
		p.cable.each(0, mend)
	}
	w.stirred = true
}

// SetSkew sets a client's clock ahead of the world's, or behind it. It reports false
// when there is no such client.
func (w *World) SetSkew(client string, ms int64) bool {
	c := w.cableOf(client)
	if c != nil {
		c.skew = engine.Time(ms)
		for _, l := range w.links {
			if l != nil && l.cable == c && !l.frozen {
				l.machine.Tick(c.time(w.now))
				w.settleUp(l)
			}
		}
	}
	return c != nil
}

// SetUser says who a client is: its connections, and those of its next processes. It
// reports false when there is no such client.
func (w *World) SetUser(client, principal string) bool {
	c := w.cableOf(client)
	if c == nil {
		return false
	}
	c.user = principal
	for _, l := range w.links {
		if l != nil && l.cable == c && l.open {
			w.authenticate(l)
		}
	}
	return true
}

// authenticate lets the brokers know who is at the end of a link.
func (w *World) authenticate(l *link) {
	who := l.cable.user
	if who == "" {
		who = "User:ANONYMOUS"
	}
	w.engine.Apply(w.now, l.session, 0, &engine.Authenticate{Principal: who, Host: "127.0.0.1", ClientID: w.ClientName(l.session)})
	w.handleReady()
}

// time is what the client's clock shows at a time of the world, which begins at 0.
func (c *cable) time(now engine.Time) engine.Time { return max(0, now+c.skew) }

// Fault is one fault or cut of a cable, as it is now, for people.
type Fault struct {
	Client string
	Broker int32 // 0: all that were not named
	Cut    [2]bool
	Faults Faults
}

// FaultsNow lists the cables that are not as they should be.
func (w *World) FaultsNow() (list []Fault) {
	look := func(name string, c *cable) {
		for i := -1; i < len(c.ways); i++ {
			f := Fault{name, 0, c.cut, c.faults}
			if i >= 0 {
				f = Fault{name, c.ways[i].broker, c.ways[i].cut, c.ways[i].faults}
			}
			if f.Cut != [2]bool{} || f.Faults != (Faults{}) {
				list = append(list, f)
			}
		}
	}
	for _, c := range w.consumers {
		look(c.Name, c.cable)
	}
	for _, p := range w.producers {
		look(p.Name, p.cable)
	}
	return list
}
