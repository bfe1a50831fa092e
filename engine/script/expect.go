package script

import (
	"strings"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

// Each expectation looks and compares; nothing changes. An expectation that does not
// hold is an error that says what was found.
var expectVerbs = []verb{
	{words: "expect owner", min: 4, max: 4, settings: "group", run: expectOwner, example: "expect owner orders-0 c1 group=billing"},
	{words: "expect group", min: 3, max: 3, settings: "state generation members protocol leader lag", run: expectGroup,
		example: "expect group billing state=Stable generation=2 members=3 protocol=range leader=c1 lag=0"},
	{words: "expect lag", min: 4, max: 5, run: expectLag, example: "expect lag billing orders-0 3"},
	{words: "expect committed", min: 5, max: 5, run: expectCommitted, example: "expect committed billing orders-0 5"},
	{words: "expect position", min: 5, max: 5, run: expectPosition, example: "expect position c1 orders-0 5"},
	{words: "expect topic", min: 3, max: 3, settings: "partitions records", run: expectTopic, example: "expect topic orders partitions=3 records=12"},
	{words: "expect partition", min: 3, max: 3, settings: "start end hw", run: expectPartition, example: "expect partition orders-0 start=0 end=12 hw=12"},
	{words: "expect key", min: 5, max: 5, run: expectKey, example: "expect key orders truck-1 2"},
	{words: "expect processed", min: 5, max: 5, settings: "times", run: expectProcessed, example: "expect processed billing orders-0 5 times=2"},
	tally("duplicates", "records processed again", func(t *sim.Tally) int64 { return t.Duplicates }),
	tally("lost", "records lost", func(t *sim.Tally) int64 { return t.Lost }),
	tally("revoked", "partitions given up", func(t *sim.Tally) int64 { return t.Revoked }),
	tally("dropped", "partitions lost without a chance to commit", func(t *sim.Tally) int64 { return t.Dropped }),
	{words: "expect order", min: 3, max: 3, run: expectOrder, example: "expect order billing"},
	{words: "expect idle", min: 3, max: 3, run: expectIdle, example: "expect idle c4"},
	{words: "expect state", min: 4, max: 4, run: expectState, example: "expect state c2 crashed"},
	{words: "expect sent", min: 4, max: 4, settings: "failed", run: expectSent, example: "expect sent p1 10 failed=0"},
	{words: "fails", min: 2, max: maxWords, settings: "*", run: fails, example: "fails topic create orders"},
}

// expect compares what was found with what was expected.
func (r *Runner) expect(what, got, want string) {
	if got != want {
		r.fail(what + " is " + got + ", expected " + clip(want))
	}
}

// expectOwner: none stands for nobody. Without group= it is the group of the consumer
// named, or else every group.
func expectOwner(r *Runner, l *Line) {
	want := l.Words[3]
	at := r.place(l.Words[2])
	only, _ := l.setting("group")
	if c := r.World.Consumer(want); c != nil && only == "" {
		only = c.Group
	}
	if only != "" {
		r.group(only)
	}
	if r.err != nil {
		return
	}
	got := ""
	r.World.Engine().Groups(func(g engine.GroupView) bool {
		if only == "" || g.Name == only {
			for _, s := range r.standings(&g) {
				if s.owner != "" && s.TopicPartition == at.TopicPartition {
					got += " and " + s.owner
				}
			}
		}
		return true
	})
	r.expect("the owner of "+l.Words[2], strings.TrimPrefix(or(got, "none"), " and "), want)
}

func expectGroup(r *Runner, l *Line) {
	g := r.group(l.Words[2])
	if g == nil {
		return
	}
	for _, s := range l.Settings {
		n := int64(g.Generation)
		got := ""
		switch s.Name {
		case "state":
			got = g.State.String()
		case "protocol":
			got = or(g.Protocol, "none")
		case "leader":
			got = "none"
			if g.Leader != 0 {
				got = r.World.MemberName(g.Leader)
			}
		case "members":
			n = int64(g.MemberCount)
		case "lag":
			n = r.lag(g)
		}
		r.expect("the "+s.Name+" of "+g.Name, or(got, itoa(n)), s.Value)
	}
}

// standingOf finds where a group stands in a partition, by their names.
func (r *Runner) standingOf(group, part string) (s standing) {
	g, at := r.group(group), r.place(part)
	if r.err == nil {
		s = r.standing(g, engine.TopicView{ID: at.id, Name: at.Topic}, at.Partition)
	}
	return s
}

// expectLag: of the whole group, or of one partition.
func expectLag(r *Runner, l *Line) {
	if len(l.Words) == 4 {
		if g := r.group(l.Words[2]); g != nil {
			r.expect("the lag of "+g.Name, itoa(r.lag(g)), l.Words[3])
		}
		return
	}
	s := r.standingOf(l.Words[2], l.Words[3])
	r.expect("the lag of "+l.Words[2]+" in "+l.Words[3], itoa(s.lag), l.Words[4])
}

// expectCommitted: the next offset to read, or none.
func expectCommitted(r *Runner, l *Line) {
	s := r.standingOf(l.Words[2], l.Words[3])
	r.expect("the committed offset of "+l.Words[2]+" in "+l.Words[3], offset(s.committed), l.Words[4])
}

// expectPosition: the next offset that poll returns, or none.
func expectPosition(r *Runner, l *Line) {
	c, at := r.consumer(l.Words[2]), r.place(l.Words[3])
	if r.err != nil {
		return
	}
	got := engine.Offset(-1)
	for _, v := range c.View().Partitions {
		if v.ID == at.id && v.Partition == at.Partition {
			got = v.Position
		}
	}
	r.expect("the position of "+c.Name+" in "+l.Words[3], offset(got), l.Words[4])
}

func expectTopic(r *Runner, l *Line) {
	t := r.topic(l.Words[2])
	if t == nil {
		return
	}
	for _, s := range l.Settings {
		got := int64(t.Partitions)
		if s.Name == "records" {
			got = r.offsets(t)
		}
		r.expect("the number of "+s.Name+" of "+t.Name, itoa(got), s.Value)
	}
}

func expectPartition(r *Runner, l *Line) {
	at := r.place(l.Words[2])
	if at == nil {
		return
	}
	for _, s := range l.Settings {
		got := at.view.LogEnd
		switch s.Name {
		case "start":
			got = at.view.LogStart
		case "hw":
			got = at.view.HighWatermark
		}
		r.expect("the "+s.Name+" of "+l.Words[2], offset(got), s.Value)
	}
}

// expectKey: the partition of the newest record with a key, or none.
func expectKey(r *Runner, l *Line) {
	if t := r.topic(l.Words[2]); t != nil {
		r.expect("the partition of the newest record with key "+clip(l.Words[3]), r.newest(t, l.Words[3]), l.Words[4])
	}
}

// expectProcessed: how often consumers of a group processed one record.
func expectProcessed(r *Runner, l *Line) {
	at := r.place(l.Words[3])
	o := r.number("an offset", l.Words[4], 0, 1<<53)
	if r.err != nil {
		return
	}
	want, _ := l.setting("times")
	n := r.World.Processed(l.Words[2], at.id, at.Partition, engine.Offset(o))
	r.expect("the number of times that "+clip(l.Words[2])+" processed "+l.Words[3]+" offset "+l.Words[4], itoa(int64(n)), or(want, "1"))
}

// tally makes an expectation about a group's ledger.
func tally(second, what string, of func(*sim.Tally) int64) verb {
	words := "expect " + second
	return verb{words: words, min: 4, max: 4, example: words + " billing 2", run: func(r *Runner, l *Line) {
		if r.group(l.Words[2]) != nil {
			t := r.World.Tally(l.Words[2])
			r.expect("the number of "+what+" in "+l.Words[2], itoa(of(&t)), l.Words[3])
		}
	}}
}

// expectOrder: no owner processed a record after a later one of the same partition, so
// each key's records were processed in the order in which they were written.
func expectOrder(r *Runner, l *Line) {
	if r.group(l.Words[2]) == nil {
		return
	}
	if n := r.World.Tally(l.Words[2]).Disorder; n > 0 {
		r.fail(plural(n, "record") + " of " + l.Words[2] + " came after a later one of the same partition")
	}
}

// expectIdle: a member of its group, without a partition.
func expectIdle(r *Runner, l *Line) {
	if c := r.consumer(l.Words[2]); c != nil {
		r.expect("the state of "+c.Name, state(c), machineStates[client.Stable])
		r.expect("the number of partitions of "+c.Name, itoa(int64(len(c.View().Partitions))), "0")
	}
}

// expectState: running, frozen, crashed or left, or, of a running consumer, starting,
// joining, syncing, stable, out-of-group or closing; of one that has ended, left,
// fenced or failed.
func expectState(r *Runner, l *Line) {
	if c := r.consumer(l.Words[2]); c != nil {
		got := state(c)
		if l.Words[3] == stateNames[sim.Running] && c.State() == sim.Running {
			got = l.Words[3]
		}
		r.expect("the state of "+c.Name, got, l.Words[3])
	}
}

// expectSent: records acknowledged, and given up.
func expectSent(r *Runner, l *Line) {
	p := r.producer(l.Words[2])
	if p == nil {
		return
	}
	if failed, ok := l.setting("failed"); ok {
		r.expect("the number of records that "+p.Name+" gave up", itoa(p.Failed()), failed)
	}
	r.expect("the number of records sent by "+p.Name, itoa(p.Sent()), l.Words[3])
}

// fails runs the rest of its line, prints why it was refused, and is itself an error
// when it was not.
func fails(r *Runner, l *Line) {
	rest := Line{Words: l.Words[1:], Settings: l.Settings, columns: l.columns[1:]}
	r.do(&rest)
	err := r.err
	r.err = nil
	if err == nil {
		r.fail("this was expected to fail, and it worked: " + clip(rest.String()))
		return
	}
	r.say(err.Error())
}
