package script

import (
	"errors"
	"strings"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

// Each expectation looks and compares; nothing changes. An expectation that does not
// hold is an error that says what was found.
var expectVerbs = []verb{
	{words: "expect owner", min: 4, max: 4, settings: []string{"group"}, run: expectOwner, example: "expect owner orders-0 c1 group=billing"},
	{words: "expect group", min: 3, max: 3, settings: []string{"state", "generation", "members", "protocol", "leader", "lag"},
		run: expectGroup, example: "expect group billing state=Stable generation=2 members=3"},
	{words: "expect lag", min: 4, max: 5, run: expectLag, example: "expect lag billing orders-0 3"},
	{words: "expect committed", min: 5, max: 5, run: expectCommitted, example: "expect committed billing orders-0 5"},
	{words: "expect position", min: 5, max: 5, run: expectPosition, example: "expect position c1 orders-0 5"},
	{words: "expect topic", min: 3, max: 3, settings: []string{"partitions", "records"}, run: expectTopic, example: "expect topic orders partitions=3"},
	{words: "expect partition", min: 3, max: 3, settings: []string{"start", "end", "hw"}, run: expectPartition, example: "expect partition orders-0 end=12"},
	{words: "expect key", min: 5, max: 5, run: expectKey, example: "expect key orders truck-1 2"},
	{words: "expect processed", min: 5, max: 5, settings: []string{"times"}, run: expectProcessed, example: "expect processed billing orders-0 5 times=2"},
	tally("duplicates", "records processed again", func(t sim.Tally) int64 { return t.Duplicates }),
	tally("lost", "records lost", func(t sim.Tally) int64 { return t.Lost }),
	tally("revoked", "partitions given up", func(t sim.Tally) int64 { return t.Revoked }),
	tally("dropped", "partitions lost without a chance to commit", func(t sim.Tally) int64 { return t.Dropped }),
	{words: "expect order", min: 3, max: 3, run: expectOrder, example: "expect order billing"},
	{words: "expect idle", min: 3, max: 3, run: expectIdle, example: "expect idle c4"},
	{words: "expect state", min: 4, max: 4, run: expectState, example: "expect state c2 crashed"},
	{words: "expect sent", min: 4, max: 4, settings: []string{"failed"}, run: expectSent, example: "expect sent p1 10"},
	{words: "fails", min: 2, max: maxWords, settings: []string{"*"}, run: fails, example: "fails topic create orders"},
}

// same compares what was found with what was expected.
func same(what, got, want string) error {
	if got == want {
		return nil
	}
	return errors.New(what + " is " + got + ", expected " + clip(want))
}

// expectOwner: none stands for nobody. Without group= it is the group of the consumer
// named, or else every group.
func expectOwner(r *Runner, l *Line) error {
	want := l.Words[3]
	t, p, _, err := r.partition(l.Words[2])
	if err != nil {
		return err
	}
	only, _ := l.setting("group")
	if c := r.World.Consumer(want); c != nil && only == "" {
		only = c.Group
	}
	if only != "" {
		if _, err := r.group(only); err != nil {
			return err
		}
	}
	got := ""
	r.World.Engine().Groups(func(g engine.GroupView) bool {
		if only != "" && g.Name != only {
			return true
		}
		for _, s := range r.standings(g) {
			if s.owner != "" && s.tp == (engine.TopicPartition{Topic: t.Name, Partition: p}) {
				if got != "" {
					got += " and "
				}
				got += s.owner
			}
		}
		return true
	})
	return same("the owner of "+l.Words[2], or(got, "none"), want)
}

func expectGroup(r *Runner, l *Line) error {
	g, err := r.group(l.Words[2])
	if err != nil {
		return err
	}
	for _, s := range l.Settings {
		got := ""
		switch s.Name {
		case "state":
			got = g.State.String()
		case "generation":
			got = itoa(int64(g.Generation))
		case "members":
			got = itoa(int64(g.MemberCount))
		case "protocol":
			got = or(g.Protocol, "none")
		case "leader":
			got = "none"
			if g.Leader != 0 {
				got = r.World.MemberName(g.Leader)
			}
		case "lag":
			got = itoa(lagOf(r.standings(g)))
		}
		if err := same("the "+s.Name+" of "+g.Name, got, s.Value); err != nil {
			return err
		}
	}
	return nil
}

// standing finds where a group stands in one partition.
func (r *Runner) standing(group, part string) (standing, error) {
	g, err := r.group(group)
	if err != nil {
		return standing{}, err
	}
	t, p, v, err := r.partition(part)
	if err != nil {
		return standing{}, err
	}
	tp := engine.TopicPartition{Topic: t.Name, Partition: p}
	for _, s := range r.standings(g) {
		if s.tp == tp {
			return s, nil
		}
	}
	return standing{tp: tp, committed: -1, end: v.LogEnd, lag: int64(v.LogEnd - v.LogStart)}, nil
}

// expectLag: of the whole group, or of one partition.
func expectLag(r *Runner, l *Line) error {
	if len(l.Words) == 4 {
		g, err := r.group(l.Words[2])
		if err != nil {
			return err
		}
		return same("the lag of "+g.Name, itoa(lagOf(r.standings(g))), l.Words[3])
	}
	s, err := r.standing(l.Words[2], l.Words[3])
	if err != nil {
		return err
	}
	return same("the lag of "+l.Words[2]+" in "+l.Words[3], itoa(s.lag), l.Words[4])
}

// expectCommitted: the next offset to read, or none.
func expectCommitted(r *Runner, l *Line) error {
	s, err := r.standing(l.Words[2], l.Words[3])
	if err != nil {
		return err
	}
	return same("the committed offset of "+l.Words[2]+" in "+l.Words[3], offsetOrNone(s.committed), l.Words[4])
}

func offsetOrNone(o engine.Offset) string {
	if o < 0 {
		return "none"
	}
	return itoa(int64(o))
}

// expectPosition: the next offset that poll returns, or none.
func expectPosition(r *Runner, l *Line) error {
	c, err := r.consumer(l.Words[2])
	if err != nil {
		return err
	}
	t, p, _, err := r.partition(l.Words[3])
	if err != nil {
		return err
	}
	for _, v := range c.View().Partitions {
		if v.ID == t.ID && v.Partition == p {
			return same("the position of "+c.Name+" in "+l.Words[3], offsetOrNone(v.Position), l.Words[4])
		}
	}
	return same("the position of "+c.Name+" in "+l.Words[3]+", which it does not own,", "none", l.Words[4])
}

func expectTopic(r *Runner, l *Line) error {
	t, err := r.topic(l.Words[2])
	if err != nil {
		return err
	}
	for _, s := range l.Settings {
		got := int64(t.Partitions)
		if s.Name == "records" {
			got = r.count(t)
		}
		if err := same("the number of "+s.Name+" of "+t.Name, itoa(got), s.Value); err != nil {
			return err
		}
	}
	return nil
}

func expectPartition(r *Runner, l *Line) error {
	_, _, v, err := r.partition(l.Words[2])
	if err != nil {
		return err
	}
	for _, s := range l.Settings {
		got := v.LogEnd
		switch s.Name {
		case "start":
			got = v.LogStart
		case "hw":
			got = v.HighWatermark
		}
		if err := same("the "+s.Name+" of "+l.Words[2], itoa(int64(got)), s.Value); err != nil {
			return err
		}
	}
	return nil
}

// expectKey: the partition of the newest record with a key, or none.
func expectKey(r *Runner, l *Line) error {
	t, err := r.topic(l.Words[2])
	if err != nil {
		return err
	}
	p, ok, err := r.newest(t, l.Words[3])
	if err != nil {
		return err
	}
	got := "none"
	if ok {
		got = itoa(int64(p))
	}
	return same("the partition of the newest record with key "+clip(l.Words[3]), got, l.Words[4])
}

// expectProcessed: how often consumers of a group processed one record.
func expectProcessed(r *Runner, l *Line) error {
	t, p, _, err := r.partition(l.Words[3])
	if err != nil {
		return err
	}
	o, err := number("an offset", l.Words[4], 0, 1<<53)
	if err != nil {
		return err
	}
	want, ok := l.setting("times")
	if !ok {
		want = "1"
	}
	n := r.World.Processed(l.Words[2], t.ID, p, engine.Offset(o))
	return same("the number of times that "+clip(l.Words[2])+" processed "+l.Words[3]+" offset "+l.Words[4], itoa(int64(n)), want)
}

// tally makes an expectation about a group's ledger.
func tally(second, what string, of func(sim.Tally) int64) verb {
	words := "expect " + second
	return verb{words: words, min: 4, max: 4, example: words + " billing 2",
		run: func(r *Runner, l *Line) error {
			if _, err := r.group(l.Words[2]); err != nil {
				return err
			}
			return same("the number of "+what+" in "+l.Words[2], itoa(of(r.World.Tally(l.Words[2]))), l.Words[3])
		}}
}

// expectOrder: no owner processed a record after a later one of the same partition, so
// each key's records were processed in the order in which they were written.
func expectOrder(r *Runner, l *Line) error {
	if _, err := r.group(l.Words[2]); err != nil {
		return err
	}
	if n := r.World.Tally(l.Words[2]).Disorder; n > 0 {
		return errors.New(plural(n, "record") + " of " + l.Words[2] + " came after a later one of the same partition")
	}
	return nil
}

// expectIdle: a member of its group, without a partition.
func expectIdle(r *Runner, l *Line) error {
	c, err := r.consumer(l.Words[2])
	if err != nil {
		return err
	}
	v := c.View()
	if state(c) != machineStates[client.Stable] {
		return errors.New(c.Name + " is " + state(c) + ", expected to be in its group and idle")
	}
	if n := int64(len(v.Partitions)); n > 0 {
		return errors.New(c.Name + " has " + plural(n, "partition") + ", expected none")
	}
	return nil
}

// expectState: running, frozen, crashed or left, or, of a running consumer, starting,
// joining, syncing, stable, out-of-group or closing; of one that has ended, left,
// fenced or failed.
func expectState(r *Runner, l *Line) error {
	c, err := r.consumer(l.Words[2])
	if err != nil {
		return err
	}
	got := state(c)
	if l.Words[3] == stateNames[sim.Running] && c.State() == sim.Running {
		got = l.Words[3]
	}
	return same("the state of "+c.Name, got, l.Words[3])
}

// expectSent: records acknowledged, and given up.
func expectSent(r *Runner, l *Line) error {
	p, err := r.producer(l.Words[2])
	if err != nil {
		return err
	}
	if failed, ok := l.setting("failed"); ok {
		if err := same("the number of records that "+p.Name+" gave up", itoa(p.Failed()), failed); err != nil {
			return err
		}
	}
	return same("the number of records sent by "+p.Name, itoa(p.Sent()), l.Words[3])
}

// fails runs the rest of its line, prints why it was refused, and is itself an error
// when it was not.
func fails(r *Runner, l *Line) error {
	rest := Line{Words: l.Words[1:], Settings: l.Settings, columns: l.columns[1:]}
	err := r.do(&rest)
	if err == nil {
		return errors.New("this was expected to fail, and it worked: " + strings.Join(rest.Words, " "))
	}
	r.say(err.Error())
	return nil
}
