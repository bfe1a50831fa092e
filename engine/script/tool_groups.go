package script

import (
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

// toolGroups is kafka-consumer-groups.
func toolGroups(r *Runner, o *options) {
	switch {
	case o.has("list"):
		r.toolListGroups(o)
	case o.has("describe"):
		for _, g := range r.groupsOf(o) {
			r.toolDescribeGroup(&g, o)
		}
	case o.has("delete"):
		list := ""
		for _, g := range r.groupsOf(o) {
			r.also(&Line{Words: []string{"group", "delete", g.Name}})
			list += ", '" + g.Name + "'"
		}
		if r.err == nil && list != "" {
			r.say("Deletion of requested consumer groups (" + list[2:] + ") was successful.")
		}
	case o.has("reset-offsets"):
		r.toolReset(o)
	case o.has("delete-offsets"):
		r.toolDeleteOffsets(o)
	default:
		r.fail("Command must include exactly one action: --list, --describe, --delete, --reset-offsets or --delete-offsets")
	}
}

func (r *Runner) toolListGroups(o *options) {
	if o.has("state") {
		r.row("GROUP", "STATE")
	}
	r.World.Engine().Groups(func(g engine.GroupView) bool {
		if o.has("state") {
			r.row(g.Name, g.State.String())
		} else {
			r.say(g.Name)
		}
		return true
	})
	if o.has("state") {
		r.columns(2)
	}
}

func (r *Runner) groupsOf(o *options) (list []engine.GroupView) {
	for _, name := range o.all("group") {
		if g := r.group(name); g != nil {
			list = append(list, *g)
		}
	}
	if o.has("all-groups") {
		r.World.Engine().Groups(func(g engine.GroupView) bool {
			list = append(list, g)
			return true
		})
	} else if len(list) == 0 {
		r.fail("Missing required argument \"[group]\"")
	}
	return list
}

func (r *Runner) toolDescribeGroup(g *engine.GroupView, o *options) {
	members := r.World.Engine().Members(g.ID, nil)
	if len(members) == 0 && !o.has("state") {
		r.say("")
		r.say("Consumer group '" + g.Name + "' has no active members.")
	}
	r.say("")
	switch {
	case o.has("state"):
		r.row("GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE", "#MEMBERS")
		coordinator := "-"
		r.World.Call(&engine.FindCoordinator{Key: g.Name}, func(reply *engine.Reply) {
			if body, ok := reply.Body.(*engine.FindCoordinatorReply); ok {
				coordinator = "localhost:9092 (" + itoa(int64(body.Broker)) + ")"
			}
		})
		r.row(g.Name, coordinator, or(g.Protocol, "-"), g.State.String(), itoa(int64(len(members))))
		r.columns(5)
	case o.has("members"):
		r.toolMembers(g, members, o.has("verbose"))
	default:
		r.row("GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID")
		list := r.standings(g)
		for i := range list {
			s := &list[i]
			current, lag, id, host, client := "-", "-", "-", "-", "-"
			if s.committed >= 0 {
				current, lag = itoa(int64(s.committed)), itoa(s.lag)
			}
			for j := range members {
				if m := &members[j]; r.World.MemberName(m.ID) == s.owner && s.owner != "" {
					id, host, client = m.Name, hostOf(m), m.ClientID
				}
			}
			r.row(g.Name, s.Topic, itoa(int64(s.Partition)), current, itoa(int64(s.end)), lag, id, host, client)
		}
		r.columns(9)
	}
}

func (r *Runner) toolMembers(g *engine.GroupView, members []engine.MemberView, verbose bool) {
	columns := 5
	r.row("GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "#PARTITIONS")
	if verbose {
		columns = 6
		r.row("ASSIGNMENT")
	}
	for i := range members {
		m := &members[i]
		given, _ := engine.ParseAssignment(m.Assignment)
		count, list := 0, ""
		for _, of := range given.Partitions {
			count += len(of.Partitions)
			list += ", " + of.Topic + "(" + ids(of.Partitions) + ")"
		}
		r.row(g.Name, m.Name, hostOf(m), m.ClientID, itoa(int64(count)))
		if verbose {
			r.row(or(strings.TrimPrefix(list, ", "), "-"))
		}
	}
	r.columns(columns)
}

// places finds the partitions of --topic (orders, or orders:0,1) or of --all-topics.
func (r *Runner) places(g *engine.GroupView, o *options) (list []place) {
	for _, text := range o.all("topic") {
		name, some, listed := strings.Cut(text, ":")
		t := r.topic(name)
		if t == nil {
			return nil
		}
		if !listed {
			for p := range t.Partitions {
				list = append(list, *r.place(name + "-" + itoa(int64(p))))
			}
			continue
		}
		for p := range strings.SplitSeq(some, ",") {
			if at := r.place(name + "-" + p); at != nil {
				list = append(list, *at)
			}
		}
	}
	if o.has("all-topics") {
		standings := r.standings(g)
		for i := range standings {
			list = append(list, *r.place(standings[i].String()))
		}
	} else if len(list) == 0 {
		r.fail("One of the reset scopes should be defined: --all-topics, --topic")
	}
	return list
}

func (r *Runner) toolReset(o *options) {
	g := r.group(o.need(r, "group"))
	if g == nil {
		return
	}
	list := r.places(g, o)
	r.row("GROUP", "TOPIC", "PARTITION", "NEW-OFFSET")
	for i := range list {
		at := &list[i]
		to := r.resetTo(g, at, o)
		if o.has("execute") {
			r.also(&Line{Words: []string{"group", "reset", g.Name, at.String(), itoa(int64(to))}})
		}
		r.row(g.Name, at.Topic, itoa(int64(at.Partition)), itoa(int64(to)))
	}
	if r.err != nil {
		r.cells = r.cells[:0]
		return
	}
	r.say("")
	r.columns(4)
}

// resetTo is the new offset, which lies within the log.
func (r *Runner) resetTo(g *engine.GroupView, at *place, o *options) engine.Offset {
	start, end := at.view.LogStart, at.view.HighWatermark
	now := r.standing(g, at).committed
	to := end
	text, by := o.get("shift-by")
	exact, given := o.get("to-offset")
	age, old := o.get("by-duration")
	switch {
	case o.has("to-earliest"):
		to = start
	case given:
		to = engine.Offset(r.number("--to-offset", exact, 0, 1<<53))
	case by && now >= 0:
		to = now + engine.Offset(r.number("--shift-by", text, -1<<53, 1<<53))
	case o.has("to-current") && now >= 0:
		to = now
	case old:
		since := int64(r.World.Now()) - r.isoDuration(age)
		r.World.Call(&engine.ListOffsets{Topic: at.id, Partition: at.Partition, Timestamp: since}, func(reply *engine.Reply) {
			if reply.Offset >= 0 {
				to = reply.Offset
			}
		})
	case o.has("to-latest"), by, o.has("to-current"):
	default:
		r.fail("No scenario was given: --to-earliest, --to-latest, --to-current, --to-offset, --shift-by or --by-duration")
	}
	return min(max(to, start), end)
}

// isoDuration reads PnDTnHnMnS as Kafka's tool takes it, or 90s as this language does.
func (r *Runner) isoDuration(text string) (ms int64) {
	rest, iso := strings.CutPrefix(text, "P")
	if !iso {
		return r.duration(text)
	}
	units := map[byte]int64{'D': 86_400_000, 'H': 3_600_000, 'M': 60_000, 'S': 1_000}
	rest = strings.ReplaceAll(rest, "T", "")
	for rest != "" {
		i := strings.IndexAny(rest, "DHMS")
		n, ok := int64(0), false
		if i > 0 {
			n, ok = thousandths(rest[:i])
		}
		if !ok {
			r.fail(clip(text) + " is not a duration: write PT1H30M or 90s")
			return 0
		}
		ms += n * units[rest[i]] / 1000
		rest = rest[i+1:]
	}
	return ms
}

func (r *Runner) toolDeleteOffsets(o *options) {
	g := r.group(o.need(r, "group"))
	if g == nil {
		return
	}
	cmd := &engine.OffsetDelete{Group: g.Name}
	for _, at := range r.places(g, o) {
		cmd.Partitions = append(cmd.Partitions, at.TopicPartition)
	}
	if r.err != nil {
		return
	}
	r.touched = true
	r.row("TOPIC", "PARTITION", "STATUS")
	code := r.World.Call(cmd, func(reply *engine.Reply) {
		body, _ := reply.Body.(*engine.CodesReply)
		for i := range cmd.Partitions {
			status := "Successful"
			if body != nil && body.Codes[i] != engine.None {
				status = "Error: " + body.Codes[i].String()
			}
			r.row(cmd.Partitions[i].Topic, itoa(int64(cmd.Partitions[i].Partition)), status)
		}
	})
	if r.refused(code, sim.Phrase("the offsets of ", g.Name, " cannot be deleted now")) {
		r.cells = r.cells[:0]
		return
	}
	r.columns(3)
}

// hostOf is a member's address as Java writes it.
func hostOf(m *engine.MemberView) string {
	return "/" + strings.TrimPrefix(or(m.Host, "127.0.0.1"), "/")
}
