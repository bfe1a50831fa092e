// Package page is the pages: templ components and the view models that fill them. A page
// carries a first state that was drawn by the server; its script replaces that with the
// moving one.
package page

import (
	"encoding/base64"
	"strconv"

	"partita/engine/scene"
	"partita/static"
	"partita/web/lang"
)

// Chrome is what every page has around its content.
type Chrome struct {
	Lang        lang.Lang
	Kind        string // playground, room, seat, about or error: the body's class
	Title       string
	Description string
	Style       string // URL
	Wear        string // URL of the styles that only this kind of page needs, or empty
	Icon        string // URL
	Theme       string // URL of the plain script that sets the theme before anything is drawn
	Words       string // URL of the words of a language that is not English, or empty
	Script      string // URL of the page's module
	Engine      string // URL of the program that the page runs at once, or empty
	Worker      string // URL of the script of the worker that runs it
	Preload     []string
	Addresses   []Address
	Alone       bool // a file of its own, without a server that has live rooms
}

// Address is the URL of a built file for a script, in a meta element.
type Address struct{ Name, URL string }

// chrome fills in the addresses of built files. Entry is the logical name of the page's
// module; all but about.js run the engine.
func chrome(l lang.Lang, kind, entry, title, description string) Chrome {
	c := Chrome{
		Lang: l, Kind: kind, Title: title, Description: description,
		Style: static.URL("style.css"), Icon: static.URL("icon.svg"),
		Theme: static.URL("head.js"), Script: static.URL(entry),
	}
	if words := l.Script(); words != "" {
		c.Words = static.URL(words)
	}
	if entry != plainEntry {
		c.Addresses = append(c.Addresses,
			Address{"partita-wasm", static.URL(engineOf(kind))},
			Address{"partita-worker", static.URL("worker.js")})
		if kind == "playground" {
			c.Addresses = append(c.Addresses, Address{"partita-later", static.URL("partita-later.wasm")})
		}
	}
	if kind == "playground" || kind == "seat" {
		c.Engine, c.Worker = static.URL(engineOf(kind)), static.URL("worker.js")
	}
	if kind == "seat" {
		c.Wear = static.URL("seat.css")
	}
	names, err := static.Manifest().Closure(entry)
	if err != nil {
		return c // not built; URL says so where it is asked for
	}
	for _, name := range names[1:] {
		c.Preload = append(c.Preload, static.URL(name))
	}
	return c
}

// engineOf is the program that a kind of page runs.
func engineOf(kind string) string {
	if kind == "seat" {
		return "seat.wasm"
	}
	return "partita.wasm"
}

// plainEntry is the module of pages that only have text.
const plainEntry = "about.js"

// PlaygroundView is the page at /.
type PlaygroundView struct {
	Chrome
	First First
	Frame string // the same state as a frame in base64: the stage draws it while the engine loads
}

// Playground is the model of the page at /; frame is its first state.
func Playground(l lang.Lang, frame *scene.Frame) PlaygroundView {
	return PlaygroundView{
		Chrome: chrome(l, "playground", "playground.js", l.Text("Partita: a Kafka you can watch"),
			l.Text("Producers, partitions and consumer groups of a Kafka-style cluster, moving in your browser. Crash a consumer and watch the rebalance.")),
		First: NewFirst(l, frame),
		Frame: base64.StdEncoding.EncodeToString(scene.AppendFrame(nil, frame)),
	}
}

// RoomView is the page at /room/{code}.
type RoomView struct {
	Chrome
	Code  string
	First First
}

// Room is the model of a live room's page.
func Room(l lang.Lang, code string, frame *scene.Frame) RoomView {
	return RoomView{
		Chrome: chrome(l, "room", "room.js", l.Text("Room {0} · Partita", code),
			l.Text("A live Kafka-style cluster that everybody in the room shares. Every tab that takes a seat is a consumer in one group.")),
		Code:  code,
		First: NewFirst(l, frame),
	}
}

// SeatView is the page at /room/{code}/seat.
type SeatView struct {
	Chrome
	Code   string
	Group  string
	Others string // who is in the group already, one sentence
	First  First
}

// Seat is the model of the page of a tab that is a consumer of a group.
func Seat(l lang.Lang, code, group string, frame *scene.Frame) SeatView {
	return SeatView{
		Chrome: chrome(l, "seat", "seat.js", l.Text("A seat in room {0} · Partita", code),
			l.Text("This tab is a consumer. Close it and it leaves its group; freeze it and its session times out.")),
		Code: code, Group: group,
		Others: others(l, group, frame),
		First:  NewFirst(l, frame),
	}
}

// others says who is in the group that a tab is about to join.
func others(l lang.Lang, group string, f *scene.Frame) string {
	for i := range f.Groups {
		if f.Groups[i].Name == group && len(f.Groups[i].Members) > 0 {
			return l.Text("The group has {0} now.", count(l, len(f.Groups[i].Members), "member"))
		}
	}
	return l.Text("Nobody is in the group yet.")
}

// AboutView is the page at /about.
type AboutView struct{ Chrome }

// About is the model of the page at /about.
func About(l lang.Lang) AboutView {
	return AboutView{chrome(l, "about", plainEntry, l.Text("About Partita"),
		l.Text("What Partita models of Kafka and what it does not, how that is checked, and how to use it with a keyboard."))}
}

// ErrorView is a page that says what went wrong and where to go from there.
type ErrorView struct {
	Chrome
	Heading string
	Text    string
	Ways    []Way
}

// Way is one link of an error page.
type Way struct{ URL, Text string }

// Error is the model of an error page.
func Error(l lang.Lang, heading, text string, ways ...Way) ErrorView {
	return ErrorView{
		Chrome:  chrome(l, "error", plainEntry, heading+" · Partita", text),
		Heading: heading, Text: text,
		Ways: append(ways, Way{"/", l.Text("To the playground")}),
	}
}

// count says "1 member", "2 members".
func count(l lang.Lang, n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return l.Text("{0} "+word, strconv.Itoa(n))
}
