package page

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"partita/engine/scene"
)

// The first picture moves before any script runs: what is in flight follows its route by a
// CSS animation, at the pace that the frame gives. The rules stand in the page itself, and
// the server's policy names their hash.

const (
	flightsMost = 24 // that are drawn; a crowd's first picture needs no more
	flightSize  = 20 // px
	laneAbove   = 24 // the route of a produced record runs so far above its stave
	bendPoints  = 8  // of a curve on the route to a member
)

// point is a place in the picture, in px.
type point struct{ x, y float64 }

// route is where something in flight goes, corner by corner.
type route []point

// flights draws what is in flight and gives the style sheet that moves it.
func (d *drawing) flights() string {
	var style strings.Builder
	for i := range d.frame.Flights {
		f := &d.frame.Flights[i]
		if i == flightsMost {
			break
		}
		if r := d.route(f); r != nil {
			class := "f" + strconv.Itoa(i)
			d.flight(f, r, class)
			style.WriteString(animation(d.frame, f, r, class))
		}
	}
	if style.Len() == 0 {
		return ""
	}
	return "@media (prefers-reduced-motion:reduce){.flight{display:none}}" + style.String()
}

// route is nil for what the picture has no room for: replication, and members that are not
// in the frame.
func (d *drawing) route(f *scene.Flight) route {
	if int(f.Stave) >= len(d.staveY) {
		return nil
	}
	y := float64(d.staveY[f.Stave])
	switch f.Kind {
	case scene.FlightProduce:
		stave := &d.frame.Staves[f.Stave]
		slot := float64(slotAt(stave, stave.LEO) + cellWidth/2)
		var r route
		if int(f.Producer) < len(d.producerY) {
			from := float64(d.producerY[f.Producer])
			bus := float64(producerWidth+staveLeft) / 2
			r = route{{producerWidth, from}, {bus, from}, {bus, y - laneAbove}}
		} else { // sent by hand
			r = route{{staveLeft - 16, y - laneAbove}}
		}
		return append(r, point{slot, y - laneAbove}, point{slot, y + cellHeight/2})
	case scene.FlightFetch:
		if int(f.Group) >= len(d.groupY) || int(f.Member) >= len(d.frame.Groups[f.Group].Members) {
			return nil
		}
		return plugRoute(d.plug(int(f.Stave), int(f.Group), int(f.Member)))
	}
	return nil
}

// plugRoute follows a plug's curve.
func plugRoute(a, z point) route {
	b, c := point{a.x + plugBend, a.y}, point{z.x - plugBend - 2, z.y}
	r := make(route, 0, bendPoints+1)
	for i := range bendPoints + 1 {
		t := float64(i) / bendPoints
		u := 1 - t
		at := func(a, b, c, z float64) float64 {
			return u*u*u*a + 3*u*u*t*b + 3*u*t*t*c + t*t*t*z
		}
		r = append(r, point{at(a.x, b.x, c.x, z.x), at(a.y, b.y, c.y, z.y)})
	}
	return r
}

// flight draws the first record of a batch around the origin: the style sheet, or without
// one the element's own transform, puts it where it is.
func (d *drawing) flight(f *scene.Flight, r route, class string) {
	at := r.at(float64(f.Progress) / 65535)
	here := []string{"class", "flight " + class, "transform", fmt.Sprintf("translate(%.1f %.1f)", at.x, at.y)}
	fill := token("rule")
	if hue := f.Cell >> 16 & 15; hue >= 1 && hue <= 6 {
		fill = token("k" + strconv.Itoa(int(hue)))
	}
	d.rect(-flightSize/2, -flightSize/2, flightSize, flightSize, 5, append(here, "fill", fill)...)
	letter := func(x int, fill, text string, pairs ...string) {
		d.text(x, 4, 11, fill, text, append([]string{"class", "mono flight " + class, "font-weight", "600"}, append(here[2:], pairs...)...)...)
	}
	if code := rune(f.Cell & 0xffff); code > ' ' && (code < 0xd800 || code > 0xdfff) {
		letter(0, "on-k", string(code), "text-anchor", "middle")
	}
	if f.Records > 1 {
		letter(flightSize/2+3, "ink-2", "×"+strconv.Itoa(int(f.Records)))
	}
}

// animation is the rules that move the shapes of a class along a route, from where the
// flight is to its goal. They hold still in a room that is paused.
func animation(frame *scene.Frame, f *scene.Flight, r route, class string) string {
	if f.Lasts == 0 || frame.Speed <= 0 {
		return ""
	}
	lasts := float64(f.Lasts) * 1000 / float64(frame.Speed) // ms of the viewer's time
	since := lasts * float64(f.Progress) / 65535
	state := "running"
	if frame.Paused {
		state = "paused"
	}
	var b strings.Builder
	fmt.Fprintf(&b, ".%s{animation:%s %.0fms linear %.0fms both %s}@keyframes %s{", class, class, lasts, -since, state, class)
	part, length := 0.0, r.length()
	for i, p := range r {
		if i > 0 {
			part += r[i-1].to(p)
		}
		fmt.Fprintf(&b, "%.2f%%{transform:translate(%.1fpx,%.1fpx)}", 100*part/max(1, length), p.x, p.y)
	}
	b.WriteString("}")
	return b.String()
}

func (p point) to(q point) float64 { return math.Hypot(q.x-p.x, q.y-p.y) }

func (r route) length() float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += r[i-1].to(r[i])
	}
	return sum
}

// at is the place after a part of the route, 0 to 1.
func (r route) at(part float64) point {
	left := part * r.length()
	for i := 1; i < len(r); i++ {
		step := r[i-1].to(r[i])
		if left <= step && step > 0 {
			share := left / step
			return point{r[i-1].x + (r[i].x-r[i-1].x)*share, r[i-1].y + (r[i].y-r[i-1].y)*share}
		}
		left -= step
	}
	return r[len(r)-1]
}
