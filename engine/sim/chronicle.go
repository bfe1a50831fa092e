package sim

import (
	"slices"
	"strings"

	"partita/engine"
	"partita/engine/client"
)

// A chronicle is what a world remembers of its past for those who ask why: the lines
// that people wrote, what the cluster and the clients did that a sentence tells, and how
// far each group came. It goes back and forth with the world, and is bounded.
type chronicle struct {
	happened  []Happening // oldest first; only appended to, so that snapshots share it
	footsteps []footstep  // likewise
	names     []string    // of clients and groups with footsteps, each once; likewise
	seq       int64       // of the newest happening
	line      int64       // the happening that is the line at work; 0: none is
	notes     int64       // sentences told so far
	notable   int64       // those of them that are more than plain
}

// Bounds of a chronicle: at most twice as many, at least so many.
const (
	happeningsMost = 1024
	footstepsMost  = 2048
)

// What says what kind of thing happened.
type What uint8

// The kinds.
const (
	ByCluster What = iota // Event is the cluster's
	ByLine                // somebody wrote a line of script: Text
	ByClient              // a client of ours: Fact
	Crash                 // of a client of ours
	Freeze
	Thaw
	Restart
	Moved     // a partition came to another owner, who knows where it starts: Event.Offset
	Breached  // a verdict turned bad: Verdict; Event.Offset, Event.Aux records, Text the setting
	SendError // a producer gave records up: Event.Aux of them
)

// Happening is one thing that a chronicle remembers.
type Happening struct {
	Seq     int64 // counts from 1
	Line    int64 // Seq of the line that did it at once; 0: it came later, by itself
	Note    int64 // the sentence that told it, counted from 1; 0: none did
	What    What
	Fact    client.FactKind
	Verdict Verdict
	Event   engine.Event // At always; else what What says, as far as it applies
	Who     string       // a client
	Group   string
	Text    string // a line; or a sentence, where Told cannot make it again
	Tone    uint8
	Setting string // of Breached
}

// Footstep is a poll or a commit of a group in one partition.
type Footstep struct {
	At     engine.Time
	Who    string
	Offset engine.Offset // the first polled, or the one committed
	End    engine.Offset // one past the last polled
	Commit bool
}

// footstep is how it is kept: there are thousands in a second of a fast world, so there is
// nothing in it for the garbage collector to follow.
type footstep struct {
	at          engine.Time
	offset, end engine.Offset
	topic       engine.TopicID
	part        engine.Partition
	who, group  int32 // places among the names
	commit      bool
}

// remember adds to a list that snapshots may share: nothing in it is written again.
func remember[T any](list []T, x T, most int) []T {
	if len(list) >= 2*most {
		list = slices.Clone(list[len(list)-most:])
	}
	return append(list, x)
}

// happen writes into the chronicle. The result is good until the next call.
func (w *World) happen(h Happening) *Happening {
	c := &w.chronicle
	c.seq++
	h.Seq = c.seq
	if h.Line == 0 {
		h.Line = c.line
	}
	if h.Event.At == 0 {
		h.Event.At = w.now
	}
	c.happened = remember(c.happened, h, happeningsMost)
	return &c.happened[len(c.happened)-1]
}

// chronicleEvent remembers an event of the cluster, if a sentence tells it.
func (w *World) chronicleEvent(ev *engine.Event) *Happening {
	if ev.Kind == engine.KindOffsetCommitted {
		if ev.Topic != 0 {
			w.footstep(w.MemberName(ev.Member), w.GroupName(ev.Group), footstep{topic: ev.Topic, part: ev.Partition, offset: ev.Offset, commit: true})
		}
		return nil
	}
	if ev.Kind != engine.KindMemberRemoved && ev.Kind != engine.KindRebalance && ev.Kind != engine.KindBrokerChanged &&
		at(eventSentences[:], int64(ev.Kind)) == "" || ev.Topic != 0 && strings.HasPrefix(w.engine.TopicName(ev.Topic), "__") {
		return nil
	}
	h := Happening{Event: *ev, Group: w.GroupName(ev.Group)}
	if ev.Member != 0 {
		h.Who = w.MemberName(ev.Member)
	}
	h.Event.Bytes = slices.Clone(ev.Bytes)
	return w.happen(h)
}

// chronicleFacts remembers what a consumer did: how far it polled, and what a sentence
// tells.
func (w *World) chronicleFacts(c *Consumer, facts []client.Fact, text string, tone uint8) {
	f := &facts[len(facts)-1]
	if f.Kind == client.FactPolled {
		for i := range facts {
			f := &facts[i]
			w.footstep(c.Name, c.Group, footstep{topic: f.ID, part: f.Partition, offset: f.Offset, end: f.End})
		}
	}
	if text == "" {
		return
	}
	h := w.happen(Happening{What: ByClient, Fact: f.Kind, Who: c.Name, Group: c.Group, Text: text, Tone: tone,
		Event: engine.Event{At: facts[0].At, Code: f.Code, Topic: f.ID, Partition: f.Partition, Offset: f.Offset, End: f.End, Epoch: f.Epoch}})
	if w.OnNote != nil {
		w.tell(h, facts[0].At, tone, text)
	}
}

func (w *World) footstep(who, group string, f footstep) {
	c := &w.chronicle
	f.at, f.who, f.group = w.now, c.name(who), c.name(group)
	for i := len(c.footsteps) - 1; i >= max(0, len(c.footsteps)-16); i-- { // neighbours are one
		o := &c.footsteps[i]
		if o.topic != f.topic || o.part != f.part || o.group != f.group || o.commit != f.commit {
			continue
		}
		if f.commit && o.offset == f.offset && o.who == f.who {
			return // it is committed again each few seconds
		}
		break
	}
	c.footsteps = remember(c.footsteps, f, footstepsMost)
}

// name is the place of a name.
func (c *chronicle) name(of string) int32 {
	i := slices.Index(c.names, of)
	if i < 0 {
		i = len(c.names)
		c.names = append(c.names, of)
	}
	return int32(i)
}

// spoke remembers what no event of the cluster tells, and says it.
func (w *World) spoke(h *Happening) {
	h = w.happen(*h)
	if w.OnNote != nil {
		w.tell(h, w.now, h.Tone, h.Text)
	}
}

// tell says a sentence, and remembers which one it was.
func (w *World) tell(h *Happening, at engine.Time, tone uint8, text string) {
	w.chronicle.notes++
	if tone != TonePlain {
		w.chronicle.notable++
	}
	if h != nil {
		h.Note, h.Tone = w.chronicle.notes, tone
	}
	w.OnNote(at, tone, text)
}

// forget begins anew with the line at work.
func (c *chronicle) forget() {
	n := len(c.happened)
	if c.line == 0 || n == 0 || c.happened[n-1].Seq != c.line {
		n++
	}
	c.happened, c.footsteps = c.happened[min(n-1, len(c.happened)):], nil
}

// Act says that a line of script is at work from now on: what happens until Acted is
// its doing.
func (w *World) Act(line string) {
	w.chronicle.line = w.happen(Happening{What: ByLine, Text: line}).Seq
}

// Acted ends Act. A line that changed nothing is forgotten, if nothing came of it.
func (w *World) Acted(changed bool) {
	c := &w.chronicle
	if n := len(c.happened) - 1; !changed && n >= 0 && c.happened[n].Seq == c.line {
		c.happened = c.happened[:n:n]
		c.seq--
	}
	c.line = 0
}

// Happenings lists what the world remembers of its past, oldest first; lent, and not to
// be written to.
func (w *World) Happenings() []Happening { return w.chronicle.happened }

// Footsteps lists the polls and commits of a group in a partition that the world
// remembers, oldest first.
func (w *World) Footsteps(group string, id engine.TopicID, part engine.Partition) (list []Footstep) {
	c := &w.chronicle
	for i := range c.footsteps {
		if f := &c.footsteps[i]; f.topic == id && f.part == part && c.names[f.group] == group {
			list = append(list, Footstep{f.at, c.names[f.who], f.offset, f.end, f.commit})
		}
	}
	return list
}

// Happening gives one by its number; nil when it is forgotten.
func (w *World) Happening(seq int64) *Happening {
	list := w.chronicle.happened
	if len(list) > 0 {
		if i := seq - list[0].Seq; i >= 0 && i < int64(len(list)) {
			return &list[i]
		}
	}
	return nil
}

// Told is the sentence about a happening, empty when none tells it.
func (w *World) Told(h *Happening) (text string, tone uint8) {
	if h.What == ByCluster {
		return Sentence(w, &h.Event)
	}
	return h.Text, h.Tone
}
