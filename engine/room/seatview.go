package room

import (
	"strconv"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/scene"
	"partita/engine/sim"
)

// drawEvery bounds how often a seat makes a picture, in milliseconds.
const drawEvery = 33

// tapeKept is how many processed cells a seat shows for each partition.
const tapeKept = 12

// tape is the newest records of one partition that the application finished.
type tape struct {
	id        engine.TopicID
	partition engine.Partition
	processed engine.Offset // one past the last
	cells     []uint32
	offsets   []engine.Offset
}

// historyKept bounds what a tab remembers of the records that it processed.
const historyKept = 1 << 17

// history is every record that the tab processed, oldest first, for download.
type history struct {
	rows []processed
	keys []byte
}

type processed struct {
	at        engine.Time
	topic     string
	partition engine.Partition
	offset    engine.Offset
	epoch     int32
	keyStart  int32 // -1: no key
	keyEnd    int32
}

func (h *history) add(f *client.Fact) {
	if len(h.rows) >= historyKept {
		return
	}
	row := processed{at: f.At, topic: f.Topic, partition: f.Partition, offset: f.Offset, epoch: f.Epoch, keyStart: -1}
	if f.Key != nil {
		row.keyStart = int32(len(h.keys))
		h.keys = append(h.keys, f.Key...)
		row.keyEnd = int32(len(h.keys))
	}
	h.rows = append(h.rows, row)
}

// AppendHistory appends the records that this tab processed as lines of
// comma-separated values: at,topic,partition,offset,generation,key.
func (s *Seat) AppendHistory(dst []byte) []byte {
	dst = append(dst, "at,topic,partition,offset,generation,key\n"...)
	for i := range s.history.rows {
		row := &s.history.rows[i]
		dst = strconv.AppendInt(dst, int64(row.at), 10)
		dst = append(append(dst, ','), row.topic...)
		dst = strconv.AppendInt(append(dst, ','), int64(row.partition), 10)
		dst = strconv.AppendInt(append(dst, ','), int64(row.offset), 10)
		dst = strconv.AppendInt(append(dst, ','), int64(row.epoch), 10)
		dst = append(dst, ',')
		if row.keyStart >= 0 {
			dst = strconv.AppendQuote(dst, string(s.history.keys[row.keyStart:row.keyEnd]))
		}
		dst = append(dst, '\n')
	}
	return dst
}

func (s *Seat) takeFacts(now engine.Time) {
	facts := s.consumer.Facts()
	for i := range facts {
		s.takeFact(now, &facts[i])
	}
	s.consumer.ClearFacts()
}

func (s *Seat) takeFact(now engine.Time, f *client.Fact) {
	name := engine.TopicPartition{Topic: f.Topic, Partition: f.Partition}.String()
	switch f.Kind {
	case client.FactProcessed:
		s.history.add(f)
		t := s.tapeOf(f.ID, f.Partition)
		t.processed = f.End
		t.cells = append(t.cells, scene.Cell(f.Key, f.Value))
		t.offsets = append(t.offsets, f.Offset)
		if extra := len(t.cells) - tapeKept; extra > 0 {
			t.cells = append(t.cells[:0], t.cells[extra:]...)
			t.offsets = append(t.offsets[:0], t.offsets[extra:]...)
		}
	case client.FactJoined:
		s.looked = 0
		s.note(now, scene.ToneGood, sim.Phrase("You are in ", s.config.GroupID, ", generation ", strconv.Itoa(int(f.Epoch)), "."))
	case client.FactAssigned:
		text := sim.Phrase("The coordinator gave you ", name, ".")
		if f.Offset >= 0 {
			text = sim.Phrase("The coordinator gave you ", name, ", starting at committed offset ", strconv.FormatInt(int64(f.Offset), 10), ".")
		}
		s.note(now, scene.TonePlain, text)
	case client.FactRevoked:
		s.dropTape(f.ID, f.Partition)
		s.note(now, scene.TonePlain, sim.Phrase("", name, " was revoked."))
	case client.FactLost:
		s.dropTape(f.ID, f.Partition)
		s.note(now, scene.ToneWarn, sim.Phrase("", name, " was lost: somebody else may own it already."))
	case client.FactPollTimeout:
		s.note(now, scene.ToneBad, sim.Mark+"max.poll.interval.ms passed without a poll: you left the group.")
	case client.FactCommitFailed:
		s.note(now, scene.ToneBad, sim.Phrase("The commit failed: ", f.Code.String(), "."))
	case client.FactTruncated:
		s.note(now, scene.ToneWarn, sim.Phrase("", name, " was truncated: the new partition leader's log ends before offset ",
			strconv.FormatInt(int64(f.Offset), 10), "."))
	case client.FactAcknowledged:
		if f.Code != engine.None {
			s.note(now, scene.ToneWarn, sim.Phrase("Records of ", name, " were not settled: ", f.Code.String(), "."))
		}
	case client.FactFatal:
		s.note(now, scene.ToneBad, sim.Phrase("The consumer stopped: ", f.Code.String(), "."))
	}
}

func (s *Seat) tapeOf(id engine.TopicID, p engine.Partition) *tape {
	for i := range s.tapes {
		if s.tapes[i].id == id && s.tapes[i].partition == p {
			return &s.tapes[i]
		}
	}
	s.tapes = append(s.tapes, tape{id: id, partition: p, processed: -1})
	return &s.tapes[len(s.tapes)-1]
}

func (s *Seat) dropTape(id engine.TopicID, p engine.Partition) {
	for i := range s.tapes {
		if s.tapes[i].id == id && s.tapes[i].partition == p {
			s.tapes = append(s.tapes[:i], s.tapes[i+1:]...)
			return
		}
	}
}

// look fills the view of the consumer, if there is one.
func (s *Seat) look() {
	if s.consumer != nil {
		s.consumer.View(&s.view)
	}
}

// Draw queues a picture for the page, unless the last one is younger than drawEvery.
func (s *Seat) Draw(now engine.Time) {
	if now-s.drawn < drawEvery && s.drawn != 0 {
		return
	}
	s.drawn = now
	s.paint(now)
	s.out.bytes = append(s.out.bytes, ToPage)
	s.out.bytes = scene.AppendSeat(s.out.bytes, &s.picture)
	s.out.end()
}

func (s *Seat) paint(now engine.Time) {
	s.look()
	v, p := &s.view, &s.picture
	*p = scene.Seat{
		Room: s.room, Group: s.config.GroupID, Name: s.config.ClientID,
		Online: s.online, Polling: s.polling, Auto: s.config.App.Commit == client.CommitAuto,
		ProcessMs: int32(s.config.App.ProcessMs), Processed: int64(len(s.history.rows)),
		Generation: -1, Parts: p.Parts[:0], Notes: s.notes, LastNote: s.noted,
	}
	if s.consumer == nil {
		p.State = scene.MemberGone
		if s.crashed {
			p.State = scene.MemberCrashed
		}
		p.Title = s.title(0)
		return
	}
	p.MemberID, p.Protocol, p.Generation = v.Member, v.Protocol, v.Generation
	p.State = s.state()
	p.Session = countdown(v.SessionDeadline, now, s.config.SessionTimeoutMs)
	p.Poll = countdown(v.PollDeadline, now, s.config.MaxPollIntervalMs)
	for i := range v.Partitions {
		p.Parts = append(p.Parts, s.part(&v.Partitions[i]))
		part := &v.Partitions[i]
		if part.Processed > part.Committed && part.Committed >= 0 {
			p.Uncommitted += int64(part.Processed - part.Committed)
		}
	}
	p.Title = s.title(int32(len(v.Partitions)))
}

func (s *Seat) state() uint8 {
	switch s.view.State {
	case client.Stable:
		if len(s.view.Partitions) == 0 {
			return scene.MemberIdle
		}
		return scene.MemberActive
	case client.OutOfGroup, client.Fenced, client.Closed:
		return scene.MemberGone
	}
	return scene.MemberJoining
}

func countdown(deadline, now engine.Time, total int64) scene.Countdown {
	if deadline <= 0 || total <= 0 {
		return scene.Countdown{}
	}
	return scene.Countdown{Left: int32(max(0, min(int64(deadline-now), total))), Total: int32(min(total, 1<<31-1))}
}

// title says in one or two sentences where the tab stands.
func (s *Seat) title(owned int32) string {
	switch {
	case !s.online:
		return sim.Mark + "The room cannot be reached. This tab tries again by itself."
	case s.crashed:
		return sim.Mark + "Your consumer crashed. Its partitions wait until the session times out."
	case s.consumer == nil:
		return sim.Mark + "You left the group. Your partitions belong to the others now."
	case s.view.State == client.Fenced:
		return sim.Mark + "Another consumer uses your group.instance.id: this one is fenced."
	case s.view.State == client.OutOfGroup:
		return sim.Mark + "You did not poll for max.poll.interval.ms, so you left the group. Poll to join again."
	case s.view.State != client.Stable && owned == 0:
		return sim.Mark + "Joining the group. A rebalance waits until every member has joined."
	}
	own := sim.Phrase("You own ", strconv.Itoa(int(owned)), ".")
	if s.total >= 0 {
		own = sim.Phrase("You own ", strconv.Itoa(int(owned)), " of ", sim.Count(int64(s.total), "partition"), ".")
	}
	switch {
	case owned == 0:
		return sim.Phrase("", own, " There are more members than partitions, so you are idle.")
	case s.members > 2:
		return sim.Phrase("", own, " ", strconv.Itoa(int(s.members-1)), " other members share the rest.")
	case s.members == 2:
		return sim.Phrase("", own, " One other member has the rest.")
	}
	return sim.Phrase("", own, " Nobody else is in the group.")
}

func (s *Seat) part(v *client.PartitionView) scene.SeatPart {
	part := scene.SeatPart{
		Label:     engine.TopicPartition{Topic: v.Topic, Partition: v.Partition}.String(),
		Committed: int64(v.Committed), Position: int64(v.Position), Processed: int64(v.Processed),
		HW: int64(v.HighWatermark), First: max(0, int64(v.Position)),
	}
	t := s.tapeOf(v.ID, v.Partition)
	if len(t.cells) > 0 {
		part.First = int64(t.offsets[0])
		for i, cell := range t.cells {
			for int64(t.offsets[i]) > part.First+int64(len(part.Cells)) {
				part.Cells = append(part.Cells, scene.CellGap)
			}
			part.Cells = append(part.Cells, cell|scene.CellDone)
		}
	}
	id, index, working, busy := s.consumer.Processing()
	s.consumer.InHand(v.ID, v.Partition, func(offset engine.Offset, key, value []byte) bool {
		if len(part.Cells) == 0 {
			part.First = int64(offset)
		}
		at := int64(offset) - part.First
		for int64(len(part.Cells)) < at && at < 2*tapeKept {
			part.Cells = append(part.Cells, scene.CellGap)
		}
		if int64(len(part.Cells)) != at || at >= 2*tapeKept {
			return false
		}
		cell := scene.Cell(key, value)
		if busy && id == v.ID && index == v.Partition && offset == working {
			cell |= scene.CellBusy
		}
		part.Cells = append(part.Cells, cell)
		return true
	})
	lag := max(0, part.HW-max(part.Processed, part.Committed))
	switch {
	case v.Paused:
		part.Detail = sim.Mark + "paused"
	case part.HW < 0:
		part.Detail = sim.Mark + "waiting for the first fetch"
	case lag == 0:
		part.Detail = sim.Mark + "caught up"
	default:
		part.Detail = sim.Phrase("lag ", strconv.FormatInt(lag, 10))
	}
	if part.Processed > part.Committed && part.Processed >= 0 {
		part.Detail = sim.Phrase("", part.Detail, " · next to commit ", strconv.FormatInt(part.Processed, 10))
	}
	return part
}
