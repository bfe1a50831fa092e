package page

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"partita/engine/scene"
	"partita/web/lang"
)

// Stage is the picture of a frame as shapes: staves in the middle, producers on the left,
// groups on the right. Lengths are in pixels of a picture that scales.
type Stage struct {
	Top, Width, Height int
	Title              string
	Shapes             []Shape
	Motion             string // style sheet that moves what is in flight; it has no names in it
}

// Shape is one SVG element: rect, line, circle, path or text.
type Shape struct {
	Element string
	Attrs   templ.OrderedAttributes
	Text    string
}

// The places are those of the moving stage in a window 1440 pixels wide, so that little
// jumps when it takes over.
const (
	stageWidth = 832
	stageTop   = 14  // the first row of the picture: the page has space above it
	stageSpan  = 516 // that the staves share
	topicTop   = 64  // base line of the first topic's name
	topicHead  = 64  // from a topic's base line to its first stave
	staveLeft  = 176
	cellsMost  = 15
	cellWidth  = 26
	cellHeight = 30
	staveRight = staveLeft + cellsMost*cellWidth
	markHeight = 19 // one group's mark under a stave

	producerTop    = 82
	producerWidth  = 116
	groupTop       = 66
	groupLeft      = 624
	groupWidth     = 204
	groupHead      = 68 // from a group's top to its first member's base line
	memberHeight   = 38
	membersBesides = 82 // the height of a group without members
)

// CellsMost is how many cells of a stave the first state has room for.
const CellsMost = cellsMost

// NewStage draws a frame. The frame is not kept.
func NewStage(l lang.Lang, f *scene.Frame) Stage {
	d := drawing{lang: l, frame: f, staveY: make([]int, len(f.Staves))}
	d.brokers()
	bottom := max(d.topics(), d.producers(), d.groups())
	motion := d.flights()
	return Stage{Top: stageTop, Width: stageWidth, Height: bottom + 12 - stageTop, Title: describe(l, f), Shapes: d.shapes, Motion: motion}
}

// describe is the picture's title for those who do not see it.
func describe(l lang.Lang, f *scene.Frame) string {
	return l.Text("{0}, {1} in view, {2}. The tables below say the same.",
		count(l, len(f.Topics), "topic"), count(l, len(f.Staves), "partition"), count(l, len(f.Groups), "consumer group"))
}

type drawing struct {
	lang   lang.Lang
	frame  *scene.Frame
	shapes []Shape
	staveY []int // top of each stave's cells

	producerY []int // middle of each producer's card
	groupY    []int // top of each group's card
}

// add draws one element; pairs are names and values of attributes.
func (d *drawing) add(element, text string, pairs ...string) {
	attrs := make(templ.OrderedAttributes, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		attrs = append(attrs, templ.KeyValue[string, any]{Key: pairs[i], Value: pairs[i+1]})
	}
	d.shapes = append(d.shapes, Shape{Element: element, Attrs: attrs, Text: text})
}

func (d *drawing) rect(x, y, w, h, r int, pairs ...string) {
	d.add("rect", "", append([]string{"x", px(x), "y", px(y), "width", px(w), "height", px(h), "rx", px(r)}, pairs...)...)
}

func (d *drawing) line(x1, y1, x2, y2 int, pairs ...string) {
	d.add("line", "", append([]string{"x1", px(x1), "y1", px(y1), "x2", px(x2), "y2", px(y2)}, pairs...)...)
}

func (d *drawing) text(x, y, size int, fill, text string, pairs ...string) {
	d.add("text", text, append([]string{"x", px(x), "y", px(y), "font-size", px(size), "fill", token(fill)}, pairs...)...)
}

// brokers draws the brokers in one row.
func (d *drawing) brokers() {
	x := 0
	for i := range d.frame.Brokers {
		b := &d.frame.Brokers[i]
		label := d.lang.Tell(b.Label)
		width := 44 + 6*len(label)
		fill := "ok"
		if !b.Up {
			fill = "bad"
		}
		d.rect(x, 12, width, 20, 10, "fill", token("paper"), "stroke", token("rule-2"))
		d.add("circle", "", "cx", px(x+13), "cy", "22", "r", "4", "fill", token(fill))
		d.text(x+22, 26, 11, "ink", strconv.Itoa(int(b.ID)), "class", "mono")
		d.text(x+46, 26, 11, "ink-3", label)
		x += width + 14
	}
}

// topics draws the staves and returns the lowest point.
func (d *drawing) topics() int {
	y, drawn := topicTop, -1
	step := max(92, min(172, stageSpan/max(1, len(d.frame.Staves))))
	for s := range d.frame.Staves {
		stave := &d.frame.Staves[s]
		if int(stave.Topic) != drawn && int(stave.Topic) < len(d.frame.Topics) {
			drawn = int(stave.Topic)
			topic := &d.frame.Topics[drawn]
			name := clip(topic.Name, 30)
			d.text(staveLeft-18, y, 16, "ink", name, "font-weight", "650")
			d.text(staveLeft-6+10*len([]rune(name)), y, 13, "ink-3", d.lang.Tell(topic.Detail))
			y += topicHead
		}
		d.staveY[s] = y
		y = max(d.stave(s, y)+22, y+step)
	}
	return y
}

// stave draws one partition with its marks and returns the lowest point.
func (d *drawing) stave(s, y int) int {
	stave := &d.frame.Staves[s]
	first := firstShown(stave)
	cells := stave.Cells[first-stave.First:]
	at := func(offset int64) int { return slotAt(stave, offset) }
	d.text(staveLeft-12, y+20, 13, "ink", strconv.Itoa(int(stave.Partition)), "text-anchor", "end", "font-weight", "650")
	d.line(staveLeft, y+cellHeight/2, staveRight, y+cellHeight/2, "stroke", token("rule"))
	for i, cell := range cells {
		d.cell(at(first+int64(i)), y, first+int64(i), cell, first+int64(i) >= stave.HW)
	}
	d.rect(at(stave.LEO)+2, y, cellWidth-4, cellHeight, 5, "fill", "none", "stroke", token("rule-2"), "stroke-dasharray", "3 3")
	hw := at(stave.HW)
	d.line(hw, y-8, hw, y+cellHeight+8, "stroke", token("accent"), "stroke-width", "2")
	below := y + cellHeight + 18
	for m := range d.frame.Marks {
		if mark := &d.frame.Marks[m]; int(mark.Stave) == s && int(mark.Group) < len(d.frame.Groups) {
			d.mark(mark, at, below)
			below += markHeight
		}
	}
	return below
}

// firstShown is the first offset that is drawn: the newest cells have room.
func firstShown(stave *scene.Stave) int64 {
	return stave.First + int64(max(0, len(stave.Cells)-cellsMost))
}

// slotAt is the left edge of an offset's cell.
func slotAt(stave *scene.Stave, offset int64) int {
	return staveLeft + int(max(0, min(offset-firstShown(stave), cellsMost)))*cellWidth
}

func (d *drawing) cell(x, y int, offset int64, cell uint32, unreadable bool) {
	if offset%5 == 0 {
		d.text(x+cellWidth/2, y-5, 10, "ink-3", number(offset), "text-anchor", "middle", "class", "mono")
	}
	if cell&scene.CellGap != 0 {
		return
	}
	fill, letter := token("rule"), "ink-2"
	if hue := cell >> 16 & 15; hue >= 1 && hue <= 6 && !unreadable {
		fill, letter = token("k"+strconv.Itoa(int(hue))), "on-k"
	}
	d.rect(x+2, y, cellWidth-4, cellHeight, 5, "fill", fill)
	if code := rune(cell & 0xffff); code > ' ' && (code < 0xd800 || code > 0xdfff) {
		d.text(x+cellWidth/2, y+19, 11, letter, string(code), "text-anchor", "middle", "class", "mono", "font-weight", "600")
	}
}

// mark draws where a group stands: a bar at the committed offset, a diamond at the position.
func (d *drawing) mark(m *scene.Mark, at func(int64) int, y int) {
	g := &d.frame.Groups[m.Group]
	colour := groupColour(g)
	name := g.Name
	position := m.Position
	if m.Committed >= 0 {
		x := at(m.Committed)
		d.line(x, y-5, x, y+5, "stroke", colour, "stroke-width", "2")
		name += " " + number(m.Committed)
		position = max(position, m.Committed)
		d.line(x, y, at(position), y, "stroke", colour, "stroke-width", "2", "opacity", "0.4")
	}
	if position < 0 {
		return
	}
	x := at(position)
	d.add("path", "", "d", "M"+px(x)+" "+px(y-7)+"l5 7-5 7-5-7z", "fill", colour)
	d.add("text", name, "x", px(x+10), "y", px(y+4), "font-size", "11", "fill", colour, "font-weight", "600")
}

// producers draws the producers' cards and returns the lowest point.
func (d *drawing) producers() int {
	y := producerTop
	for i := range d.frame.Producers {
		p := &d.frame.Producers[i]
		height := 34 + 18*len(p.Lines)
		d.producerY = append(d.producerY, y+height/2)
		d.rect(0, y, producerWidth, height, 10, "fill", token("paper"), "stroke", token("rule-2"))
		d.text(13, y+22, 13, "ink", clip(p.Name, 12), "font-weight", "650")
		for j, line := range p.Lines {
			d.text(13, y+41+18*j, 12, "ink-2", clip(d.lang.Tell(line), 15))
		}
		y += height + 12
	}
	return y
}

// groups draws the groups' cards and the plugs from staves to their owners, and returns
// the lowest point.
func (d *drawing) groups() int {
	y := groupTop
	for i := range d.frame.Groups {
		g := &d.frame.Groups[i]
		height := membersBesides + memberHeight*len(g.Members)
		d.groupY = append(d.groupY, y)
		d.plugs(i)
		d.rect(groupLeft, y, groupWidth, height, 12, "fill", token("paper"), "stroke", token("rule-2"))
		d.rect(groupLeft, y, 6, height, 3, "fill", groupColour(g))
		d.text(groupLeft+19, y+28, 14, "ink", clip(g.Name, 20), "font-weight", "650")
		d.text(groupLeft+19, y+45, 11, "ink-3", g.State+" · "+d.lang.Text("generation {0}", strconv.Itoa(int(g.Generation))))
		for m := range g.Members {
			d.member(g, &g.Members[m], memberY(y, m))
		}
		d.text(groupLeft+19, y+height-14, 11, "ink-3", g.Protocol, "class", "mono")
		y += height + 18
	}
	return y
}

// memberY is the base line of a member's name on a card whose top is at y.
func memberY(y, member int) int { return y + groupHead + 3 + memberHeight*member }

func (d *drawing) member(g *scene.Group, m *scene.Member, y int) {
	here := m.State == scene.MemberActive || m.State == scene.MemberJoining || m.State == scene.MemberIdle
	fill, ink := groupColour(g), "ink"
	if !here {
		fill, ink = "none", "ink-3"
	}
	d.add("circle", "", "cx", px(groupLeft+26), "cy", px(y-4), "r", "4.5", "fill", fill, "stroke", groupColour(g), "stroke-width", "1.5")
	d.text(groupLeft+39, y, 12, ink, clip(m.Name, 5), "font-weight", "600")
	x := groupLeft + 68
	for i, c := range m.Chips {
		if i == 5 {
			d.text(x, y, 11, "ink-3", "+"+strconv.Itoa(len(m.Chips)-i))
			break
		}
		d.rect(x, y-13, 18, 18, 5, "fill", token("chip"))
		d.text(x+9, y, 11, "ink", strconv.Itoa(int(c.Partition)), "text-anchor", "middle", "class", "mono")
		x += 20
	}
	d.text(groupLeft+39, y+16, 11, "ink-2", clip(d.lang.Tell(m.Status), 22))
	if here && m.Lag > 0 {
		d.text(stageWidth-16, y+16, 11, "ink-2", d.lang.Text("lag {0}", number(m.Lag)), "text-anchor", "end")
	}
}

// plugs joins each stave to its owner in a group.
func (d *drawing) plugs(group int) {
	for m := range d.frame.Marks {
		mark := &d.frame.Marks[m]
		if int(mark.Group) != group || mark.Member < 0 || int(mark.Stave) >= len(d.staveY) {
			continue
		}
		from, to := d.plug(int(mark.Stave), group, int(mark.Member))
		colour := groupColour(&d.frame.Groups[group])
		d.add("path", "", "d", fmt.Sprintf("M%v %vC%v %v %v %v %v %v", from.x, from.y, from.x+plugBend, from.y, to.x-plugBend-2, to.y, to.x, to.y),
			"fill", "none", "stroke", colour, "stroke-width", "1.5", "opacity", "0.7")
		d.add("circle", "", "cx", fmt.Sprint(from.x), "cy", fmt.Sprint(from.y), "r", "3", "fill", colour)
	}
}

// plugBend is how far a plug goes straight before it bends.
const plugBend = 30

// plug is the ends of the curve from a stave to a member of a group, whose card has its place.
func (d *drawing) plug(stave, group, member int) (from, to point) {
	row := min(member, len(d.frame.Groups[group].Members)-1)
	return point{staveRight + 8, float64(d.staveY[stave] + cellHeight/2)}, point{groupLeft, float64(memberY(d.groupY[group], row) - 4)}
}

func groupColour(g *scene.Group) string {
	return token("g" + strconv.Itoa(int(max(1, min(g.Hue, 4)))))
}

// token names a colour of the style sheet.
func token(name string) string { return "var(--" + name + ")" }

func px(n int) string { return strconv.Itoa(n) }

// clip shortens text to a number of characters.
func clip(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimRight(string(runes[:most-1]), " …") + "…"
}
