package engine

import "partita/engine/batch"

// Writing the state of share groups takes replication, as everything: the reply to an
// acknowledgement waits until what it stored in ShareStateTopic is replicated. Kafka takes
// back in memory what could not be written; here it stays, the client is told
// CoordinatorNotAvailable, and the state is written once there is a leader again.

// shareWriteMs is how long a write may take (share.coordinator.write.timeout.ms).
const shareWriteMs = 5_000

// shareWrite is a record in a log of ShareStateTopic that a reply waits for.
type shareWrite struct {
	log  Partition
	end  Offset // where the record ends
	part int    // which of the request's partitions it is about
}

// waitingShare is a reply that is held back.
type waitingShare struct {
	id     uint32
	reply  Reply
	writes []shareWrite
}

// writable: the partition's leader reaches the share coordinator, who can write.
func (e *Engine) writable(p, log *partition) bool {
	return e.leads(log) && e.reaches(p.actor(), log.actor())
}

// replyShare answers when everything is replicated that was written for it.
func (e *Engine) replyShare(from Session, tok Token, body Body, writes []shareWrite) {
	w := waitingShare{reply: Reply{To: from, Token: tok, Offset: -1, At: -1, ThrottleMs: e.throttleMs, Body: body}, writes: e.unwritten(writes)}
	if len(w.writes) == 0 {
		e.reply(from, tok, None, body)
		return
	}
	e.fetchSerial++
	w.id = e.fetchSerial
	e.waitingShares = append(e.waitingShares, w)
	e.timers.set(timer{at: e.now + shareWriteMs, kind: timerShareWrite, owner: w.id})
}

// unwritten leaves out what is replicated.
func (e *Engine) unwritten(writes []shareWrite) (left []shareWrite) {
	for _, w := range writes {
		if e.topics[e.shareStates].partitions[w.log].highWatermark() < w.end {
			left = append(left, w)
		}
	}
	return left
}

// sharesWritten looks again at the replies that are held back: all writes to one log
// fail, or for -1 those of the reply numbered id, or what is replicated now is.
func (e *Engine) sharesWritten(failed Partition, id uint32) {
	list := e.waitingShares
	e.waitingShares = nil
	for i := range list {
		w := &list[i]
		w.writes = e.unwritten(w.writes)
		n := 0
		for _, one := range w.writes {
			if one.log == failed || w.id == id {
				w.reply.Body = failShare(w.reply.Body, one.part)
			} else {
				w.writes[n] = one
				n++
			}
		}
		if w.writes = w.writes[:n]; n > 0 {
			e.waitingShares = append(e.waitingShares, *w)
		} else {
			e.ready.Replies = append(e.ready.Replies, w.reply)
		}
	}
}

// failShare says of one partition that its state could not be stored. A snapshot may have
// the body too.
func failShare(body Body, part int) Body {
	switch b := body.(type) {
	case *ShareAcknowledgeReply:
		c := &ShareAcknowledgeReply{append([]Code(nil), b.Codes...)}
		c.Codes[part] = CoordinatorNotAvailable
		return c
	case *ShareFetchReply:
		c := *b
		c.Parts = append([]SharedPart(nil), b.Parts...)
		c.Parts[part].AckCode = CoordinatorNotAvailable
		return &c
	}
	return body
}

// rewriteShares writes a snapshot of every share-partition whose state goes to a log that
// has a new leader: what was not replicated, or could not be written, is there then. What
// nobody knows any more gets a tombstone.
func (e *Engine) rewriteShares(p *partition) {
	if !e.served(p) {
		return
	}
	var keys []string
	live := map[string]bool{}
	var r batch.Record
	for _, s := range p.segments {
		for i := range s.batches {
			for it := batch.Records(s.batch(i)); it.Next(&r); {
				if len(r.Key) < 2 {
					continue
				}
				key := string(r.Key[2:])
				if _, ok := live[key]; !ok {
					keys = append(keys, key)
				}
				live[key] = r.Value != nil
			}
		}
	}
	for _, g := range e.groups {
		for i := 0; g != nil && i < len(g.shares); i++ {
			if sp := g.shares[i]; e.shareLog(g, sp.at) == p {
				live[string(e.shareKey(g, sp, shareSnapshotKey)[2:])] = false
				sp.dirty = true
				e.writeShare(g, sp, sp.start, sp.start)
			}
		}
	}
	for _, key := range keys {
		if live[key] {
			e.writer.key = append(batch.AppendUint16(e.writer.key[:0], shareSnapshotKey), key...)
			e.appendShare(p, nil)
		}
	}
}
