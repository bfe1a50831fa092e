package page

import (
	"strconv"

	"github.com/a-h/templ"

	"partita/engine/scene"
)

// Stage is the picture of a frame as shapes: staves in the middle, producers on the left,
// groups on the right. Lengths are in pixels of a picture that scales.
type Stage struct {
	Width, Height int
	Title         string
	Shapes        []Shape
}

// Shape is one SVG element: rect, line, circle, path or text.
type Shape struct {
	Element string
	Attrs   templ.OrderedAttributes
	Text    string
}

const (
	stageWidth  = 1120
	staveLeft   = 176
	staveRight  = 826
	cellsMost   = 24
	cellWidth   = 26
	cellHeight  = 30
	groupLeft   = 876
	groupWidth  = stageWidth - groupLeft - 14
	topicHead   = 46 // from a topic's top to its first stave
	markHeight  = 17 // one group's mark under a stave
	memberRow   = 26
	producerTop = 86
)

// CellsMost is how many cells of a stave the first state has room for.
const CellsMost = cellsMost

// NewStage draws a frame. The frame is not kept.
func NewStage(f *scene.Frame) Stage {
	d := drawing{frame: f, staveY: make([]int, len(f.Staves))}
	bottom := max(d.topics(), d.producers(), d.groups())
	return Stage{Width: stageWidth, Height: bottom + 20, Title: describe(f), Shapes: d.shapes}
}

// describe is the picture's title for those who do not see it.
func describe(f *scene.Frame) string {
	return count(len(f.Topics), "topic") + ", " + count(len(f.Staves), "partition") + " in view, " +
		count(len(f.Groups), "consumer group") + ". The tables below say the same."
}

type drawing struct {
	frame  *scene.Frame
	shapes []Shape
	staveY []int // top of each stave's cells
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

// topics draws the staves and returns the lowest point.
func (d *drawing) topics() int {
	y := 34
	drawn := -1
	for s := range d.frame.Staves {
		stave := &d.frame.Staves[s]
		if int(stave.Topic) != drawn && int(stave.Topic) < len(d.frame.Topics) {
			drawn = int(stave.Topic)
			topic := &d.frame.Topics[drawn]
			d.text(staveLeft, y, 15, "ink", topic.Name, "font-weight", "650")
			d.text(staveLeft+12+9*len(topic.Name), y, 12, "ink-3", topic.Detail)
			y += topicHead
		}
		d.staveY[s] = y
		y = d.stave(s, y) + 22
	}
	return y
}

// stave draws one partition with its marks and returns the lowest point.
func (d *drawing) stave(s, y int) int {
	stave := &d.frame.Staves[s]
	cells, first := stave.Cells, stave.First
	if over := len(cells) - cellsMost; over > 0 {
		cells, first = cells[over:], first+int64(over)
	}
	at := func(offset int64) int { // the left edge of an offset's cell
		return staveLeft + int(max(0, min(offset-first, cellsMost)))*cellWidth
	}
	d.text(staveLeft-12, y+20, 13, "ink", strconv.Itoa(int(stave.Partition)), "text-anchor", "end", "font-weight", "650")
	d.text(staveLeft-34, y+20, 11, "ink-3", strconv.Itoa(int(stave.Leader)), "text-anchor", "end", "class", "mono")
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
	y := producerTop - 20
	for i := range d.frame.Producers {
		p := &d.frame.Producers[i]
		height := 34 + 17*len(p.Lines)
		d.rect(14, y, 104, height, 10, "fill", token("paper"), "stroke", token("rule-2"))
		d.text(26, y+21, 13, "ink", clip(p.Name, 12), "font-weight", "650")
		for j, line := range p.Lines {
			d.text(26, y+39+17*j, 11, "ink-2", clip(line, 15))
		}
		y += height + 16
	}
	return y
}

// groups draws the groups' cards and the plugs from staves to their owners, and returns
// the lowest point.
func (d *drawing) groups() int {
	y := 34
	for i := range d.frame.Groups {
		g := &d.frame.Groups[i]
		height := 72 + memberRow*len(g.Members)
		d.plugs(i, y)
		d.rect(groupLeft, y, groupWidth, height, 12, "fill", token("paper"), "stroke", token("rule-2"))
		d.rect(groupLeft, y, 5, height, 2, "fill", groupColour(g))
		d.text(groupLeft+18, y+24, 14, "ink", clip(g.Name, 24), "font-weight", "650")
		d.text(groupLeft+18, y+41, 11, "ink-3", g.State+" · generation "+strconv.Itoa(int(g.Generation)))
		for m := range g.Members {
			d.member(g, &g.Members[m], memberY(y, m))
		}
		d.text(groupLeft+18, y+height-10, 11, "ink-3", g.Protocol, "class", "mono")
		y += height + 20
	}
	return y
}

// memberY is the base line of a member's row on a card whose top is at y.
func memberY(y, member int) int { return y + 64 + memberRow*member }

func (d *drawing) member(g *scene.Group, m *scene.Member, y int) {
	here := m.State == scene.MemberActive || m.State == scene.MemberJoining || m.State == scene.MemberIdle
	fill, ink := groupColour(g), "ink"
	if !here {
		fill, ink = "none", "ink-3"
	}
	d.add("circle", "", "cx", px(groupLeft+22), "cy", px(y-4), "r", "5", "fill", fill, "stroke", groupColour(g), "stroke-width", "1.5")
	d.text(groupLeft+34, y, 13, ink, clip(m.Name, 9), "font-weight", "600")
	x := groupLeft + 98
	for i, c := range m.Chips {
		if i == 4 {
			d.text(x, y, 11, "ink-3", "+"+strconv.Itoa(len(m.Chips)-i))
			break
		}
		d.rect(x, y-13, 20, 18, 5, "fill", token("chip"))
		d.text(x+10, y, 11, "ink", strconv.Itoa(int(c.Partition)), "text-anchor", "middle", "class", "mono")
		x += 23
	}
	status := m.Status
	if here && m.Lag > 0 {
		status = "lag " + number(m.Lag)
	}
	if len(m.Chips) < 4 {
		d.text(stageWidth-26, y, 11, "ink-2", clip(status, 24-4*len(m.Chips)), "text-anchor", "end")
	}
}

// plugs joins each stave to its owner in a group whose card's top is at y.
func (d *drawing) plugs(group, y int) {
	for m := range d.frame.Marks {
		mark := &d.frame.Marks[m]
		if int(mark.Group) != group || mark.Member < 0 || int(mark.Stave) >= len(d.staveY) {
			continue
		}
		x0, y0 := staveRight+8, d.staveY[mark.Stave]+cellHeight/2
		y1 := memberY(y, int(mark.Member)) - 4
		colour := groupColour(&d.frame.Groups[group])
		d.add("path", "", "d", "M"+px(x0)+" "+px(y0)+"C"+px(x0+30)+" "+px(y0)+" "+px(groupLeft-32)+" "+px(y1)+" "+px(groupLeft)+" "+px(y1),
			"fill", "none", "stroke", colour, "stroke-width", "1.5", "opacity", "0.7")
		d.add("circle", "", "cx", px(x0), "cy", px(y0), "r", "3", "fill", colour)
	}
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
	return string(runes[:most-1]) + "…"
}
