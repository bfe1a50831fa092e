package room

import (
	"errors"
	"slices"

	"partita/engine"
	"partita/engine/scene"
	"partita/engine/sim"
)

// Session numbers a page or tab in its room.
type Session = engine.Session

// nameMost bounds the name that a tab gives itself, in bytes.
const nameMost = 40

// session is one page or tab.
type session struct {
	id     Session
	host   string
	role   uint8
	name   string
	hello  bool
	dirty  bool
	out    outbox
	cells  uint16 // of the last pull
	topic  string
	credit bool // a pull that no frame has answered yet
	beside bool // likewise one for the run that stands beside

	members []membership // of groups that this tab joined
	reads   []readAt     // where its fetches stand
}

// membership is one group that a tab is in.
type membership struct{ group, member, instance string }

// readAt is the offset of a tab's last fetch of a partition: its position, as far as
// the room can know.
type readAt struct {
	topic     engine.TopicID
	partition engine.Partition
	offset    engine.Offset
}

// Open begins a session; host is where it comes from, for describe.
func (r *Room) Open(host string) Session {
	s := &session{id: r.nextSession, host: host}
	r.nextSession++
	r.sessions = append(r.sessions, s)
	return s.id
}

func (r *Room) session(id Session) *session {
	for _, s := range r.sessions {
		if s.id == id {
			return s
		}
	}
	return nil
}

// Close ends a session. A polite end is what a consumer's close() does: the tab's
// dynamic members leave their groups at once. After any other end only the session
// timeout finds out, as with Kafka.
func (r *Room) Close(now engine.Time, id Session, polite bool) {
	s := r.session(id)
	if s == nil {
		return
	}
	r.Advance(now, 0)
	if polite {
		r.leaveAll(s)
	}
	r.world.Submit(s.id, 0, &engine.Disconnect{})
	for i := range r.sessions {
		if r.sessions[i] == s {
			r.sessions = append(r.sessions[:i], r.sessions[i+1:]...)
			break
		}
	}
	r.changed = true
}

func (r *Room) leaveAll(s *session) {
	for _, m := range s.members {
		if m.instance != "" {
			continue
		}
		var cmd engine.Command = &engine.LeaveGroup{Group: m.group,
			Members: []engine.LeavingMember{{Member: m.member, Reason: "the tab was closed"}}}
		switch g, _ := r.world.Engine().Group(m.group); g.Kind {
		case engine.GroupConsumer:
			cmd = &engine.ConsumerGroupHeartbeat{Group: m.group, Member: m.member, Epoch: -1, RebalanceTimeoutMs: -1}
		case engine.GroupShare:
			cmd = &engine.ShareGroupHeartbeat{Group: m.group, Member: m.member, Epoch: -1}
		}
		r.world.Submit(s.id, 0, cmd)
	}
	s.members = s.members[:0]
}

// Receive takes one packet from a session. An error means that the session broke the
// protocol: the transport ends it with the error's text. What a person got wrong is
// answered in the session instead.
func (r *Room) Receive(now engine.Time, id Session, packet []byte) error {
	s := r.session(id)
	switch {
	case s == nil:
		return errors.New("this session has ended")
	case len(packet) == 0:
		return errors.New("an empty packet")
	case len(packet) > MaxPacket:
		return errors.New("a packet of more than 1 MiB")
	case !s.hello && packet[0] != ToHello:
		return errors.New("the first packet must be a hello")
	}
	if packet[0] != ToPull && packet[0] != ToBeside { // who looks takes the world as it is, and waits for nothing
		r.Advance(now, 0)
	}
	body := packet[1:]
	switch packet[0] {
	case ToHello:
		return r.hello(s, body)
	case ToScript:
		return r.runScript(now, s, body)
	case ToCommand:
		return r.command(s, body)
	case ToPull:
		if len(body) < 2 {
			return errors.New("a pull that is too short")
		}
		s.cells, s.topic, s.credit = readUint16(body), string(body[2:]), true
		return nil
	case ToBeside:
		s.beside = true
		return nil
	case ToBye:
		r.leaveAll(s)
		return nil
	case ToAsk:
		return r.answer(s, body)
	}
	return errors.New("a packet of a type that this room does not know: is the page out of date? Reload it")
}

func (r *Room) hello(s *session, body []byte) error {
	switch {
	case len(body) < 2 || body[0] != Version:
		return errors.New("this page speaks another version of the session protocol: reload it")
	case body[1] > RoleTab:
		return errors.New("a hello with an unknown role")
	case s.hello:
		return errors.New("a second hello")
	}
	s.hello, s.role = true, body[1]
	s.name = r.freeName(cleanName(string(body[2:])), s)
	packet := append(s.out.bytes, FromWelcome)
	packet = appendUint32(packet, uint32(s.id))
	packet = appendFloat(packet, int64(r.world.Now()))
	s.out.bytes = append(packet, s.name...)
	r.queued(s)
	r.changed = true
	return nil
}

// cleanName keeps what a client id may hold.
func cleanName(name string) string {
	var kept []byte
	for i := range len(name) {
		if engine.ValidTopicName(name[i:i+1]) || name[i] == '.' { // the same characters
			kept = append(kept, name[i])
		}
	}
	return string(kept[:min(len(kept), nameMost)])
}

// freeName gives a tab the name that it asks for, or the next free one of tab-1,
// tab-2 and so on.
func (r *Room) freeName(wanted string, s *session) string {
	if s.role != RoleTab {
		return wanted
	}
	taken := func(name string) bool {
		for _, other := range r.sessions {
			if other != s && other.role == RoleTab && other.name == name {
				return true
			}
		}
		return false
	}
	for n := int32(1); wanted == "" || taken(wanted); n++ {
		wanted = "tab-" + itoa(n)
	}
	return wanted
}

// queued ends the packet that was appended to a session's outbox.
func (r *Room) queued(s *session) {
	s.out.end()
	if !s.dirty {
		s.dirty = true
		r.dirty = append(r.dirty, s.id)
	}
}

// Dirty lists the sessions with something in their outbox since the last call; lent
// until the next one.
func (r *Room) Dirty() []Session {
	list := append(r.lent[:0], r.dirty...)
	r.lent, r.dirty = list, r.dirty[:0]
	for _, id := range list {
		if s := r.session(id); s != nil {
			s.dirty = false
		}
	}
	return list
}

// Outbox drains what waits for a session; each packet is lent for its call.
func (r *Room) Outbox(id Session, send func(packet []byte)) {
	if s := r.session(id); s != nil {
		for packet := s.out.next(); packet != nil; packet = s.out.next() {
			send(packet)
		}
	}
}

// Next gives the oldest packet that waits for a session, nil when there is none; it
// is lent until the next call.
func (r *Room) Next(id Session) []byte {
	if s := r.session(id); s != nil {
		return s.out.next()
	}
	return nil
}

// Wants takes a session's pull credit: the viewport that it asked for. ok is false
// until the next ToPull.
func (r *Room) Wants(id Session) (cells uint16, topic string, ok bool) {
	s := r.session(id)
	if s == nil || !s.credit {
		return 0, "", false
	}
	s.credit = false
	return s.cells, s.topic, true
}

// WantsBeside is Wants for the run that stands beside the room's own, which has the same
// viewport.
func (r *Room) WantsBeside(id Session) (cells uint16, topic string, ok bool) {
	s := r.session(id)
	if w, _ := r.runner.Other(); s == nil || !s.beside || w == nil {
		return 0, "", false
	}
	s.beside = false
	return s.cells, s.topic, true
}

func (r *Room) command(s *session, body []byte) error {
	if s.role != RoleTab {
		return errors.New("only a tab that is a consumer sends commands")
	}
	if len(body) < 10 {
		return errors.New("a command that is too short")
	}
	token := engine.Token(readUint64(body))
	cmd, err := engine.DecodeCommand(slices.Clone(body[9:])) // the engine keeps some of its bytes
	if err != nil {
		return err
	}
	switch c := cmd.(type) {
	case *engine.JoinGroup:
		c.Host = s.host
	case *engine.ConsumerGroupHeartbeat:
		c.Host = s.host
	case *engine.ShareGroupHeartbeat:
		c.Host = s.host
	case *engine.Fetch:
		if len(c.Parts) > fetchPartsMost {
			return errors.New("a fetch of too many partitions")
		}
		c.MaxBytes = min(c.MaxBytes, fetchBytesMost)
		s.follow(c)
	case *engine.LeaveGroup:
		s.forget(c.Group)
	}
	r.world.SubmitTo(int32(body[8]), s.id, token, cmd)
	return nil
}

// Bounds of one fetch of a tab: its partitions, and the bytes of its reply, as a
// broker's own fetch.max.bytes does. The first record batch is always sent.
const (
	fetchPartsMost = 1000
	fetchBytesMost = 1 << 20
)

func (s *session) follow(c *engine.Fetch) {
	s.reads = s.reads[:0]
	for _, p := range c.Parts {
		s.reads = append(s.reads, readAt{p.Topic, p.Partition, p.Offset})
	}
}

func (s *session) forget(group string) {
	for i := range s.members {
		if s.members[i].group == group {
			s.members = append(s.members[:i], s.members[i+1:]...)
			return
		}
	}
}

// deliver queues a reply for the tab that asked, and notes the groups it joins.
func (r *Room) deliver(reply *engine.Reply) {
	if reply.To >= WireBase {
		if r.OnWire != nil && reply.Token != 0 {
			r.OnWire(reply)
		}
		return
	}
	s := r.session(reply.To)
	if s == nil || reply.Token == 0 {
		return
	}
	if body, ok := reply.Body.(*engine.FetchReply); ok && r.config.Open != nil {
		for i := range body.Parts {
			body.Parts[i].Records = r.config.Open(body.Parts[i].Records)
		}
	}
	s.out.bytes = append(s.out.bytes, FromReply)
	s.out.bytes = engine.AppendReply(s.out.bytes, reply)
	r.queued(s)
}

// joined remembers that a session's member is in a group, so that a polite end can
// take it out.
func (r *Room) joined(ev *engine.Event) {
	if ev.Session < sim.ExternalBase || ev.Session >= WireBase {
		return
	}
	s := r.session(ev.Session)
	if s == nil {
		return
	}
	group := r.world.GroupName(ev.Group)
	s.forget(group)
	s.members = append(s.members, membership{group: group, member: string(ev.Bytes), instance: r.instanceOf(ev)})
}

func (r *Room) instanceOf(ev *engine.Event) string {
	r.memberScratch = r.world.Engine().Members(ev.Group, r.memberScratch[:0])
	for i := range r.memberScratch {
		if r.memberScratch[i].ID == ev.Member {
			return r.memberScratch[i].Instance
		}
	}
	return ""
}

// tell sends a sentence to every tab of the room.
func (r *Room) tell(note *scene.Note) {
	for _, s := range r.sessions {
		if s.role != RoleTab || !s.hello {
			continue
		}
		s.out.bytes = appendFloat(append(s.out.bytes, FromNotes), note.Seq)
		s.out.bytes = append(append(s.out.bytes, '0'+note.Tone), note.Text...)
		r.queued(s)
	}
}
