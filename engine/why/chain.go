package why

import (
	"slices"
	"strings"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

// linksMost bounds a chain of causes.
const linksMost = 12

// link is one part of a chain: a happening, or a poll or commit between two of them.
type link struct {
	at   engine.Time
	h    *sim.Happening
	said []string // template and arguments
}

// chain tells how something came about: back to the line that somebody wrote, as far as
// the world remembers. Steps are polls and commits that belong to it.
func (q *query) chain(h *sim.Happening, steps ...link) {
	var list []link
	for n := 0; h != nil && n < linksMost; n++ {
		list = append(list, link{at: h.Event.At, h: h})
		h = q.cause(h)
	}
	slices.Reverse(list)
	for _, s := range steps {
		i := 0
		for i < len(list) && (list[i].at <= s.at) {
			i++
		}
		list = slices.Insert(list, i, s)
	}
	if first := q.w.Happenings(); len(list) > 0 && (list[0].h == nil || list[0].h.What != sim.ByLine) && len(first) > 0 && first[0].Seq > 1 {
		q.put('n', "What came before is not remembered any more: the chain begins here.")
	}
	for i := range list {
		l := &list[i]
		switch {
		case l.h == nil:
			q.put('c', append([]string{itoa(l.at), "0"}, l.said...)...)
		case l.h.What == sim.ByLine:
			q.put('l', itoa(l.at), l.h.Text)
		default:
			if text, tone := q.w.Told(l.h); text != "" {
				q.put('c', itoa(l.at), itoa(int32(tone)), "$1", text)
			}
		}
	}
}

// last finds the newest happening before one (nil: of all) for which is holds.
func (q *query) last(before *sim.Happening, is func(h *sim.Happening) bool) *sim.Happening {
	list := q.w.Happenings()
	for i := range slices.Backward(list) {
		if h := &list[i]; (before == nil || h.Seq < before.Seq) && is(h) {
			return h
		}
	}
	return nil
}

// What two happenings must have in common.
const (
	sameGroup = 1 << iota
	sameWho
	samePart
	sameTopic
	sameAux
)

func matches(h, o *sim.Happening, match int) bool {
	return (match&sameGroup == 0 || h.Group == o.Group) && (match&sameWho == 0 || h.Who == o.Who) &&
		(match&samePart == 0 || h.Event.Topic == o.Event.Topic && h.Event.Partition == o.Event.Partition) &&
		(match&sameTopic == 0 || h.Event.Topic == o.Event.Topic) && (match&sameAux == 0 || h.Event.Aux == o.Event.Aux)
}

// event finds the newest of some events of the cluster before h that has something in
// common with it.
func (q *query) event(h *sim.Happening, match int, kinds ...engine.Kind) *sim.Happening {
	return q.last(h, func(o *sim.Happening) bool {
		return o.What == sim.ByCluster && slices.Contains(kinds, o.Event.Kind) && matches(h, o, match)
	})
}

// line finds the newest line that names something.
func (q *query) line(before *sim.Happening, names ...string) *sim.Happening {
	return q.last(before, func(o *sim.Happening) bool {
		return o.What == sim.ByLine && slices.ContainsFunc(strings.Fields(o.Text), func(word string) bool {
			return slices.Contains(names, word)
		})
	})
}

// newer is the later of two happenings.
func newer(a, b *sim.Happening) *sim.Happening {
	if a == nil || b != nil && b.Seq > a.Seq {
		return b
	}
	return a
}

// cause finds what led to a happening: the line at work, else what the rules of Kafka say
// comes before, else the newest line that names who did it. Nil where nothing is known.
func (q *query) cause(h *sim.Happening) (by *sim.Happening) {
	switch {
	case h.What == sim.ByLine:
		return nil
	case h.Line != 0:
		return q.w.Happening(h.Line)
	case h.What == sim.ByCluster:
		by = q.causeOfEvent(h)
	case h.What == sim.ByClient:
		by = q.causeOfFact(h)
	case h.What == sim.Moved:
		by = q.event(h, sameWho|sameGroup, engine.KindAssigned, engine.KindMemberStable)
	case h.What == sim.Breached && h.Group != "":
		by = q.causeOfGroupBreach(h)
	case h.What == sim.Breached, h.What == sim.SendError:
		by = newer(q.event(h, samePart, engine.KindTruncated, engine.KindLeaderChanged), q.event(h, 0, engine.KindBrokerChanged))
		by = newer(by, q.line(h, "link"))
	}
	if by == nil && h.Who != "" {
		by = q.line(h, h.Who)
	}
	return by
}

func (q *query) causeOfGroupBreach(h *sim.Happening) *sim.Happening {
	by := q.last(h, func(o *sim.Happening) bool {
		switch {
		case h.Verdict == sim.Lost && o.Who == h.Who && o.Group == h.Group:
			return o.What == sim.Crash || o.What == sim.ByCluster || o.What == sim.ByClient && o.Fact != client.FactCommitFailed
		case !matches(h, o, samePart):
			return false
		case o.What == sim.ByClient:
			return o.Fact == client.FactOffsetReset && o.Group == h.Group
		}
		return o.What == sim.Moved && o.Who == h.Who
	})
	if h.Verdict == sim.Lost {
		return by
	}
	by = newer(by, q.last(h, func(o *sim.Happening) bool { return o.What == sim.Restart && o.Who == h.Who }))
	return newer(by, q.last(h, func(o *sim.Happening) bool {
		return o.What == sim.ByLine && (strings.HasPrefix(o.Text, "consumer seek "+h.Who+" ") || strings.Contains(o.Text, "reset") && strings.Contains(o.Text, h.Group))
	}))
}

func (q *query) causeOfFact(h *sim.Happening) *sim.Happening {
	switch h.Fact {
	case client.FactOffsetReset:
		return newer(q.event(h, sameWho|sameGroup, engine.KindAssigned, engine.KindMemberStable), q.event(h, samePart, engine.KindLogStartMoved, engine.KindRecordsDeleted))
	case client.FactRevoked, client.FactLost, client.FactCommitFailed, client.FactRejoining:
		return newer(q.event(h, sameGroup, engine.KindRebalance, engine.KindTargetAssigned), q.event(h, sameWho|sameGroup, engine.KindMemberRemoved, engine.KindMemberFenced))
	case client.FactTruncated:
		return q.event(h, samePart, engine.KindTruncated, engine.KindLeaderChanged)
	}
	return nil
}

// comings are the events that change who is in a group.
var comings = []engine.Kind{engine.KindMemberJoined, engine.KindMemberLeft, engine.KindMemberRemoved, engine.KindMemberReplaced}

// causeOfEvent knows what comes before what in a cluster.
func (q *query) causeOfEvent(h *sim.Happening) *sim.Happening {
	ev := &h.Event
	switch ev.Kind {
	case engine.KindMemberRemoved, engine.KindMemberLeft, engine.KindMemberJoined, engine.KindMemberReplaced:
		return q.causeOfComing(h)
	case engine.KindRebalance:
		if c := engine.Cause(ev.Aux); c == engine.CauseMetadata || c == engine.CauseLeaderRejoined || c == engine.CauseTopics {
			return newer(q.event(h, 0, engine.KindPartitionsCreated, engine.KindTopicCreated, engine.KindTopicDeleted), q.event(h, sameGroup, engine.KindAssigned))
		}
		return q.event(h, sameGroup|sameWho, comings...)
	case engine.KindGeneration:
		return q.event(h, sameGroup, engine.KindRebalance)
	case engine.KindAssigned:
		return q.event(h, sameGroup, engine.KindGeneration, engine.KindTargetAssigned)
	case engine.KindGroupEmpty:
		return q.event(h, sameGroup, comings...)
	case engine.KindTargetAssigned:
		return newer(q.event(h, sameGroup, comings...), q.event(h, 0, engine.KindPartitionsCreated))
	case engine.KindReconciling, engine.KindRevoked, engine.KindMemberStable:
		return q.event(h, sameGroup, engine.KindTargetAssigned)
	case engine.KindMemberFenced:
		return q.event(h, sameGroup|sameWho, engine.KindMemberRemoved)
	case engine.KindBrokerChanged:
		return q.causeOfBroker(h, ev.Aux)
	case engine.KindControllerMoved:
		return q.event(h, 0, engine.KindBrokerChanged)
	case engine.KindLeaderChanged:
		if by := q.causeOfBroker(h, int64(ev.Offset)); by != nil && engine.Election(ev.Aux) != engine.ElectedPreferred {
			return by
		}
		return q.causeOfBroker(h, int64(ev.End))
	case engine.KindISRChanged:
		return q.causeOfBroker(h, max(ev.Aux, -ev.Aux))
	case engine.KindTruncated:
		return newer(q.event(h, samePart, engine.KindLeaderChanged), q.causeOfBroker(h, ev.Aux))
	case engine.KindTxnPrepareCommit, engine.KindTxnPrepareAbort, engine.KindTxnCommitted, engine.KindTxnAborted, engine.KindTxnTimedOut, engine.KindTxnFenced:
		if by := q.event(h, sameAux, engine.KindTxnBegun, engine.KindTxnPrepareCommit, engine.KindTxnPrepareAbort, engine.KindTxnTimedOut, engine.KindTxnFenced); by != nil {
			return newer(by, q.lineOfTxn(h))
		}
		return q.lineOfTxn(h)
	case engine.KindTxnBegun:
		return q.lineOfTxn(h)
	case engine.KindOffsetDropped:
		return q.event(h, sameAux, engine.KindTxnAborted, engine.KindTxnPrepareAbort)
	case engine.KindLogStartMoved, engine.KindLogCleaned:
		return q.event(h, sameTopic, engine.KindConfigAltered, engine.KindTopicCreated)
	case engine.KindOffsetExpired:
		return q.event(h, sameGroup, engine.KindGroupEmpty)
	case engine.KindThrottled:
		return q.event(h, 0, engine.KindQuotaAltered)
	case engine.KindDenied:
		return q.event(h, 0, engine.KindACLAdded, engine.KindACLRemoved)
	}
	return nil
}

// lineOfTxn finds the newest line that names whoever has a transactional id.
func (q *query) lineOfTxn(h *sim.Happening) *sim.Happening {
	names := []string{string(h.Event.Bytes)}
	for _, p := range q.w.Producers() {
		if p.Config().TransactionalID == names[0] {
			names = append(names, p.Name)
		}
	}
	return q.line(h, names...)
}

// causeOfComing says why somebody came into a group, or went.
func (q *query) causeOfComing(h *sim.Happening) *sim.Happening {
	return newer(q.line(h, h.Who), q.last(h, func(o *sim.Happening) bool {
		if o.Who != h.Who || o.Group != h.Group {
			return false
		}
		switch o.What {
		case sim.Crash, sim.Freeze, sim.Restart, sim.Thaw:
			return true
		case sim.ByClient:
			return o.Fact == client.FactPollTimeout || o.Fact == client.FactRejoining || o.Fact == client.FactFatal
		}
		return o.What == sim.ByCluster && h.Event.Kind == engine.KindMemberJoined && (o.Event.Kind == engine.KindMemberRemoved || o.Event.Kind == engine.KindMemberLeft)
	}))
}

// causeOfBroker is the newest thing that happened to a broker, or to the links between
// them.
func (q *query) causeOfBroker(h *sim.Happening, broker int64) *sim.Happening {
	return q.last(h, func(o *sim.Happening) bool {
		return o.What == sim.ByCluster && (o.Event.Kind == engine.KindBrokerChanged && o.Event.Aux == broker ||
			o.Event.Kind == engine.KindLinkChanged && (int64(o.Event.Offset) == broker || int64(o.Event.End) == broker))
	})
}
