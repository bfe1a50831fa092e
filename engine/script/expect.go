package script

import (
	"strings"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

// Each expectation looks and compares; nothing changes. An expectation that does not
// hold is an error that says what was found. It compares with the last word of its
// line, or with each of its settings.
func expectVerbs() []verb {
	return []verb{
		// Without group= it is the group of the consumer named, or else every group; none
		// stands for nobody.
		{words: "expect owner", form: "pw", settings: "group", run: expectOwner, example: "expect owner orders-0 c1 group=billing"},
		settings("group", "g", "state generation members protocol leader lag",
			"billing state=Stable generation=2 members=3 protocol=range leader=c1 lag=0", groupNow),
		// Of the whole group, or of one partition.
		last("lag", "gw|w", "billing orders-0 3", lagNow),
		// The next offset to read, or none.
		last("committed", "gpw", "billing orders-0 5", func(r *Runner, a *args) string {
			return offset(r.standing(a.group, a.at).committed)
		}),
		// The next offset that poll returns, or none.
		last("position", "cpw", "c1 orders-0 5", position),
		settings("topic", "t", "partitions records", "orders partitions=3 records=12", func(r *Runner, a *args, name string) string {
			if name == "records" {
				return itoa(r.offsets(a.topic))
			}
			return itoa(int64(a.topic.Partitions))
		}),
		settings("partition", "p", "start end hw lso epoch", "orders-0 start=0 end=12 hw=12 lso=12 epoch=0", func(_ *Runner, a *args, name string) string {
			switch name {
			case "lso":
				return offset(a.at.view.LastStable)
			case "epoch":
				return itoa(int64(a.at.view.LeaderEpoch))
			case "start":
				return offset(a.at.view.LogStart)
			case "hw":
				return offset(a.at.view.HighWatermark)
			}
			return offset(a.at.view.LogEnd)
		}),
		// The partition of the newest record with a key, or none.
		last("key", "tww", "orders truck-1 2", func(r *Runner, a *args) string { return r.newest(a.topic, a.words[1]) }),
		// How often consumers of a group processed one record.
		settings("processed", "gpo", "times", "billing orders-0 5 times=2", func(r *Runner, a *args, _ string) string {
			return itoa(int64(r.World.Processed(a.group.Name, a.at.id, a.at.Partition, a.offset)))
		}),
		tally("duplicates", func(t *sim.Tally) int64 { return t.Duplicates }),
		tally("lost", func(t *sim.Tally) int64 { return t.Lost }),
		tally("revoked", func(t *sim.Tally) int64 { return t.Revoked }),
		tally("dropped", func(t *sim.Tally) int64 { return t.Dropped }),
		{words: "expect order", form: "g", run: expectOrder, example: "expect order billing"},
		{words: "expect idle", form: "c", run: expectIdle, example: "expect idle c4"},
		// running, frozen, crashed or left, or, of a running consumer, starting, joining,
		// syncing, stable, out-of-group or closing; of one that has ended, left, fenced or
		// failed.
		last("state", "cw", "c2 crashed", func(_ *Runner, a *args) string {
			if a.words[1] == stateNames[sim.Running] && a.consumer.State() == sim.Running {
				return a.words[1]
			}
			return state(a.consumer)
		}),
		last("sent", "dw", "p1 10", func(_ *Runner, a *args) string { return itoa(a.producer.Sent()) }),
		last("failed", "dw", "p1 0", func(_ *Runner, a *args) string { return itoa(a.producer.Failed()) }),
	}
}

var failVerbs = []verb{{words: "fails", form: anyWords, settings: "*", run: fails, example: "fails topic create orders"}}

// anyWords is the form of a verb that takes whatever follows.
const anyWords = "*"

// expect compares what was found with what was expected.
func (r *Runner) expect(what, got, want string) {
	if got != want {
		r.fail(sim.Phrase("", clip(what), " is ", got, ", expected ", clip(want)))
	}
}

// last makes an expectation about the last word of a line.
func last(second, form, example string, got func(r *Runner, a *args) string) verb {
	words := "expect " + second
	return verb{words: words, form: form, example: words + " " + example, run: func(r *Runner, a *args) {
		n := len(a.words) - 1
		r.expect(second+" "+strings.Join(a.words[:n], " "), got(r, a), a.words[n])
	}}
}

// settings makes an expectation about the settings of a line.
func settings(second, form, names, example string, got func(r *Runner, a *args, name string) string) verb {
	words := "expect " + second
	return verb{words: words, form: form, settings: names, example: words + " " + example, run: func(r *Runner, a *args) {
		for _, s := range a.Settings {
			r.expect(s.Name+" of "+strings.Join(a.words, " "), got(r, a, s.Name), s.Value)
		}
		if a.Settings == nil {
			r.fail(sim.Phrase("", words, " needs a setting, as in: ", words, " ", example))
		}
	}}
}

// tally makes an expectation about a group's ledger.
func tally(second string, of func(*sim.Tally) int64) verb {
	return last(second, "gw", "billing 2", func(r *Runner, a *args) string {
		t := r.World.Tally(a.group.Name)
		return itoa(of(&t))
	})
}

func expectOwner(r *Runner, a *args) {
	want := a.words[1]
	only, _ := a.setting("group")
	if c := r.World.Consumer(want); c != nil && only == "" {
		only = c.Group
	}
	if only != "" && r.group(only) == nil {
		return
	}
	got := ""
	r.World.Engine().Groups(func(g engine.GroupView) bool {
		if only == "" || g.Name == only {
			for _, s := range r.standings(&g) {
				if s.owner != "" && s.TopicPartition == a.at.TopicPartition {
					got += " and " + s.owner
				}
			}
		}
		return true
	})
	r.expect("owner "+a.words[0], strings.TrimPrefix(or(got, "none"), " and "), want)
}

func groupNow(r *Runner, a *args, name string) string {
	g := a.group
	switch name {
	case "state":
		return g.State.String()
	case "protocol":
		return or(g.Protocol, "none")
	case "leader":
		if g.Leader == 0 {
			return "none"
		}
		return r.World.MemberName(g.Leader)
	case "members":
		return itoa(int64(g.MemberCount))
	case "lag":
		return itoa(r.lag(g))
	}
	return itoa(int64(g.Generation))
}

func lagNow(r *Runner, a *args) string {
	if len(a.words) == 2 {
		return itoa(r.lag(a.group))
	}
	at := r.place(a.words[1])
	if at == nil {
		return ""
	}
	return itoa(r.standing(a.group, at).lag)
}

func position(_ *Runner, a *args) string {
	got := engine.Offset(-1)
	for _, v := range a.consumer.View().Partitions {
		if v.ID == a.at.id && v.Partition == a.at.Partition {
			got = v.Position
		}
	}
	return offset(got)
}

// expectOrder: no owner processed a record after a later one of the same partition, so
// each key's records were processed in the order in which they were written.
func expectOrder(r *Runner, a *args) {
	if n := r.World.Tally(a.group.Name).Disorder; n > 0 {
		r.fail(sim.Phrase("", plural(n, "record"), " of ", a.group.Name, " came after a later one of the same partition"))
	}
}

// expectIdle: a member of its group, without a partition.
func expectIdle(r *Runner, a *args) {
	c := a.consumer
	r.expect("state "+c.Name, state(c), machineStates[client.Stable])
	r.expect("number of partitions of "+c.Name, itoa(int64(len(c.View().Partitions))), "0")
}

// fails runs the rest of its line, prints why it was refused, and is itself an error
// when it was not.
func fails(r *Runner, a *args) {
	rest := Line{Words: a.Words[1:], Settings: a.Settings, columns: a.columns[1:]}
	r.do(&rest)
	r.failed(rest.String())
}

// failed takes back the error of the line at hand, and is an error without one.
func (r *Runner) failed(line string) {
	err := r.err
	r.err = nil
	if err == nil {
		r.fail(sim.Phrase("this was expected to fail, and it worked: ", clip(line)))
		return
	}
	r.say(err.Error())
}
