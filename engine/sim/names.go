package sim

import (
	"slices"

	"partita/engine"
)

// memberName is what people call a member of a group.
type memberName struct {
	name     string
	consumer *Consumer // nil for a client from outside
}

// uuidLength is the length of "-" and a UUID at the end of a member id.
const uuidLength = 37

// MemberName is what people call a member: its consumer's name, or the client id that
// its member id begins with. "somebody" for 0 and for ids never given.
func (w *World) MemberName(id engine.MemberID) string {
	if int(id) < len(w.members) && w.members[id].name != "" {
		return w.members[id].name
	}
	return "somebody"
}

// MemberConsumer is the simulated consumer behind a member, nil for one from outside.
func (w *World) MemberConsumer(id engine.MemberID) *Consumer {
	if int(id) < len(w.members) {
		return w.members[id].consumer
	}
	return nil
}

// ClientName is what people call the client of a session.
func (w *World) ClientName(s engine.Session) string {
	if l := w.linkOf(s); l != nil && l.consumer != nil {
		return l.consumer.Name
	} else if l != nil && l.producer != nil {
		return l.producer.Name
	}
	return "a client"
}

// GroupName is the name of a group, also after it was deleted.
func (w *World) GroupName(id engine.GroupID) string {
	if l := w.ledgerAt(id); l != nil {
		return l.group
	}
	return ""
}

// PersonName is what to call the owner of a Kafka member id.
func PersonName(member string) string {
	if n := len(member) - uuidLength; n > 0 {
		return member[:n]
	}
	return member
}

func (w *World) nameMember(ev *engine.Event) {
	for int(ev.Member) >= len(w.members) {
		w.members = append(w.members, memberName{})
	}
	m := &w.members[ev.Member]
	if l := w.linkOf(ev.Session); l != nil && l.consumer != nil {
		*m = memberName{l.consumer.Name, l.consumer}
	} else if m.name == "" {
		id := string(ev.Bytes)
		if id == "" {
			id = w.engine.MemberName(ev.Member)
		}
		m.name = PersonName(id)
	}
	if m.consumer != nil {
		m.consumer.member = ev.Member
	}
}

// noteEvent keeps what the world must remember of an event.
func (w *World) noteEvent(ev *engine.Event) {
	w.stirred = true
	switch ev.Kind {
	case engine.KindGroupCreated:
		w.openLedger(ev.Group, string(ev.Bytes))
	case engine.KindMemberIDGiven:
		w.nameMember(ev)
	case engine.KindMemberJoined, engine.KindMemberReplaced:
		if old := w.MemberConsumer(engine.MemberID(ev.Aux)); old != nil && old.member == engine.MemberID(ev.Aux) {
			old.inGroup, old.memberGone = false, ev.At
		}
		w.nameMember(ev)
		if c := w.MemberConsumer(ev.Member); c != nil {
			c.inGroup, c.memberGone = true, 0
		}
	case engine.KindMemberLeft, engine.KindMemberRemoved:
		if c := w.MemberConsumer(ev.Member); c != nil && c.member == ev.Member {
			c.inGroup, c.memberGone = false, ev.At
		}
	case engine.KindAssigned:
		w.noteAssigned(ev)
	case engine.KindAppended:
		w.noteAppended(ev)
	case engine.KindLeaderChanged:
		w.noteLeader(ev)
	case engine.KindTruncated:
		w.noteTruncated(ev)
	case engine.KindHighWatermarkMoved:
		w.custody.at(ev.Topic, ev.Partition).hw = ev.End
	case engine.KindTxnPrepareCommit:
		w.noteTxnEnd(string(ev.Bytes), true)
	case engine.KindTxnPrepareAbort:
		w.noteTxnEnd(string(ev.Bytes), false)
	case engine.KindCommitMarker:
		w.noteMarker(ev, txnCommitted)
	case engine.KindAbortMarker:
		w.noteMarker(ev, txnAborted)
	case engine.KindOffsetCommitted:
		w.noteCommit(ev)
	case engine.KindTopicCreated, engine.KindPartitionsCreated:
		w.consoleStale = true
	case engine.KindTopicDeleted:
		w.consoleStale = true
		for _, l := range w.ledgers {
			if l != nil && int(ev.Topic) < len(l.topics) {
				l.topics[ev.Topic] = nil
			}
		}
		w.custody.forget(ev.Topic)
	}
}

func (w *World) openLedger(id engine.GroupID, name string) {
	for int(id) >= len(w.ledgers) {
		w.ledgers = append(w.ledgers, nil)
	}
	w.ledgers[id] = &ledger{group: name}
}

func (w *World) ledgerAt(id engine.GroupID) *ledger {
	if int(id) < len(w.ledgers) {
		return w.ledgers[id]
	}
	return nil
}

// ledgerNamed is the newest ledger of a group: a deleted group may come back.
func (w *World) ledgerNamed(group string) *ledger {
	for _, l := range slices.Backward(w.ledgers) {
		if l != nil && l.group == group {
			return l
		}
	}
	return nil
}
