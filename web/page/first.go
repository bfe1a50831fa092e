package page

import (
	"strconv"
	"strings"

	"partita/engine/scene"
	"partita/web/lang"
)

// First is the first state of a stage: a picture, the same as tables, and the newest
// sentence.
type First struct {
	Lang     lang.Lang
	Stage    Stage
	Topics   []TopicTable
	Groups   []GroupTable
	Sentence string
}

// TopicTable is one topic's partitions.
type TopicTable struct {
	Name   string
	Groups []string // with a column each
	Rows   []PartitionRow
}

// PartitionRow is one partition; Groups says where each group stands.
type PartitionRow struct {
	Partition, Start, HighWatermark, End string
	Groups                               []string
}

// GroupTable is one group's members.
type GroupTable struct {
	Name, Summary string
	Members       []MemberRow
}

// MemberRow is one member.
type MemberRow struct{ Name, Partitions, Lag, Status string }

// NewFirst turns a frame into a first state. The frame is not kept.
func NewFirst(l lang.Lang, f *scene.Frame) First {
	first := First{Lang: l, Stage: NewStage(l, f)}
	for t := range f.Topics {
		if f.Topics[t].InView {
			first.Topics = append(first.Topics, tabulateTopic(l, f, t))
		}
	}
	for g := range f.Groups {
		first.Groups = append(first.Groups, tabulateGroup(l, f, &f.Groups[g]))
	}
	if n := len(f.Notes); n > 0 {
		first.Sentence = l.Tell(f.Notes[n-1].Text)
	}
	return first
}

func tabulateTopic(l lang.Lang, f *scene.Frame, topic int) TopicTable {
	table := TopicTable{Name: f.Topics[topic].Name}
	for g := range f.Groups {
		table.Groups = append(table.Groups, f.Groups[g].Name)
	}
	for s := range f.Staves {
		stave := &f.Staves[s]
		if int(stave.Topic) != topic {
			continue
		}
		row := PartitionRow{
			Partition: strconv.Itoa(int(stave.Partition)), Start: number(stave.LogStart),
			HighWatermark: number(stave.HW), End: number(stave.LEO),
			Groups: make([]string, len(f.Groups)),
		}
		for m := range f.Marks {
			if mark := &f.Marks[m]; int(mark.Stave) == s && int(mark.Group) < len(f.Groups) {
				row.Groups[mark.Group] = standing(l, &f.Groups[mark.Group], mark)
			}
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// standing says where a group stands in a partition: "40 committed, lag 4, c1".
func standing(l lang.Lang, g *scene.Group, m *scene.Mark) string {
	text := l.Text("nothing committed")
	if m.Committed >= 0 {
		text = l.Text("{0} committed", number(m.Committed))
	}
	text += ", " + l.Text("lag {0}", number(m.Lag))
	if m.Member >= 0 && int(m.Member) < len(g.Members) {
		text += ", " + g.Members[m.Member].Name
	}
	return text
}

func tabulateGroup(l lang.Lang, f *scene.Frame, g *scene.Group) GroupTable {
	table := GroupTable{Name: g.Name, Summary: g.State + " · " + l.Text("generation {0}", strconv.Itoa(int(g.Generation)))}
	if g.Protocol != "" {
		table.Summary += " · " + g.Protocol
	}
	for i := range g.Members {
		m := &g.Members[i]
		table.Members = append(table.Members, MemberRow{
			Name: m.Name, Partitions: chips(l, f, m), Lag: number(m.Lag), Status: l.Tell(m.Status),
		})
	}
	return table
}

// chips lists a member's partitions: "orders-0, orders-1".
func chips(l lang.Lang, f *scene.Frame, m *scene.Member) string {
	var names []string
	for _, c := range m.Chips {
		if int(c.Topic) < len(f.Topics) {
			names = append(names, f.Topics[c.Topic].Name+"-"+strconv.Itoa(int(c.Partition)))
		}
	}
	if len(names) == 0 {
		return l.Text("none")
	}
	return strings.Join(names, ", ")
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
