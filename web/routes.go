package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime/debug"
	"strings"

	"partita/engine/scene"
	"partita/static"
	"partita/web/api"
	"partita/web/host"
	"partita/web/lang"
	"partita/web/page"
)

// Handler is everything that the server answers.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.Handle(api.Prefix, api.Handler(s.rooms))
	mux.HandleFunc("GET /healthz", health)
	mux.Handle("GET /room/{code}/socket", s.sockets)
	mux.HandleFunc("GET /{$}", s.playground)
	mux.HandleFunc("GET /room/{code}", s.room)
	mux.HandleFunc("GET /room/{code}/seat", s.seat)
	mux.Handle("GET /room/{$}", http.RedirectHandler(mainRoom, http.StatusSeeOther))
	mux.Handle("GET /room", http.RedirectHandler(mainRoom, http.StatusSeeOther))
	mux.HandleFunc("GET /about", s.about)
	mux.HandleFunc("GET /differences", s.differences)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.nothing(w, r, mux) })
	return headers(s.recovered(http.NewCrossOriginProtection().Handler(mux)))
}

// mainRoom is the page of the room that is always there.
const mainRoom = "/room/" + host.MainCode

// component is a page that renders itself.
type component interface {
	Render(ctx context.Context, w io.Writer) error
}

// render sends a page. It is complete before the first byte leaves, so that a mistake in
// it becomes an error page and not half a page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, c component) {
	var text bytes.Buffer
	if err := c.Render(r.Context(), &text); err != nil {
		s.log.Error("a page could not be made", "path", r.URL.Path, "error", err)
		http.Error(w, "This page could not be made. The server's log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if l, ok := lang.Asked(r); ok {
		http.SetCookie(w, &http.Cookie{Name: lang.Cookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode})
	}
	body := pack(w.Header(), r, text.Bytes())
	w.WriteHeader(status)
	w.Write(body)
}

// pack compresses a page for browsers that take gzip: a first state drawn as SVG shrinks
// to an eighth. Nothing on a page is secret, so its length gives nothing away.
func pack(h http.Header, r *http.Request, body []byte) []byte {
	h.Set("Vary", "Accept-Encoding, Accept-Language, Cookie")
	if !static.Takes(r, "gzip") {
		return body
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(body)
	z.Close()
	h.Set("Content-Encoding", "gzip")
	return packed.Bytes()
}

func (s *Server) playground(w http.ResponseWriter, r *http.Request) {
	view := s.opening[lang.Of(r)]
	allowStyle(w.Header(), view.First.Stage.Motion)
	s.render(w, r, http.StatusOK, page.PlaygroundPage(view))
}

func (s *Server) about(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, page.AboutPage(page.About(lang.Of(r))))
}

func (s *Server) differences(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, page.DifferencesPage(page.DifferencesOf(lang.Of(r))))
}

func (s *Server) room(w http.ResponseWriter, r *http.Request) {
	s.visit(w, r, "", func(code string, f *scene.Frame) component {
		view := page.Room(lang.Of(r), code, f)
		allowStyle(w.Header(), view.First.Stage.Motion)
		return page.RoomPage(view)
	})
}

func (s *Server) seat(w http.ResponseWriter, r *http.Request) {
	s.visit(w, r, "/seat", func(code string, f *scene.Frame) component {
		view := page.Seat(lang.Of(r), code, host.TabsGroup, f)
		allowStyle(w.Header(), view.First.Stage.Motion)
		return page.SeatPage(view)
	})
}

// visit opens the room of a request, which makes it if it is not there, and sends the page
// that make draws from its frame. A room has one address, in lower case.
func (s *Server) visit(w http.ResponseWriter, r *http.Request, under string, make func(code string, f *scene.Frame) component) {
	code, err := host.ParseCode(r.PathValue("code"))
	if err == nil && code != r.PathValue("code") {
		http.Redirect(w, r, "/room/"+code+under, http.StatusSeeOther)
		return
	}
	var drawn component
	if err == nil {
		var h *host.Host
		if h, err = s.rooms.Visit(code); err == nil {
			err = h.Picture(page.CellsMost, func(f *scene.Frame) { drawn = make(code, f) })
		}
	}
	l := lang.Of(r)
	main := page.Way{URL: mainRoom, Text: l.Text("To the main room")}
	switch {
	case err == nil:
		s.render(w, r, http.StatusOK, drawn)
	case errors.Is(err, host.ErrCode):
		s.render(w, r, http.StatusNotFound, page.ErrorPage(page.Error(l, l.Text("There can be no room of that name"), l.Text(sentence(err)), main)))
	case errors.Is(err, host.ErrTooMany):
		s.render(w, r, http.StatusServiceUnavailable, page.ErrorPage(page.Error(l, l.Text("This server has no room left"), l.Text(sentence(err)), main)))
	default:
		again := page.Way{URL: "/room/" + code + under, Text: l.Text("Try again")}
		s.render(w, r, http.StatusServiceUnavailable, page.ErrorPage(page.Error(l, l.Text("This room is closed"), l.Text(sentence(err)), again)))
	}
}

// sentence makes an error's text a sentence.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// nothing answers for addresses that are none, and for methods that an address does not take.
func (s *Server) nothing(w http.ResponseWriter, r *http.Request, mux *http.ServeMux) {
	l := lang.Of(r)
	get := r.Clone(r.Context())
	get.Method = http.MethodGet
	if _, pattern := mux.Handler(get); pattern != "/" {
		w.Header().Set("Allow", "GET, HEAD")
		s.render(w, r, http.StatusMethodNotAllowed, page.ErrorPage(page.Error(l, l.Text("That cannot be done here"),
			l.Text("This address can only be read. Scripts change a room with POST /api/rooms/{code}/script."))))
		return
	}
	s.render(w, r, http.StatusNotFound, page.ErrorPage(page.Error(l, l.Text("There is no such page"),
		l.Text("The address may have been cut off or mistyped."), page.Way{URL: mainRoom, Text: l.Text("To the live room")})))
}

// recovered turns a panic into an error page and one line in the log.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if cause == http.ErrAbortHandler {
				panic(cause)
			}
			s.log.Error("an answer broke down", "path", r.URL.Path, "cause", cause, "stack", string(debug.Stack()))
			l := lang.Of(r)
			s.render(w, r, http.StatusInternalServerError, page.ErrorPage(page.Error(l, l.Text("Something broke"),
				l.Text("A mistake in Partita stopped this page. The server's log says more; your room goes on."))))
		}()
		next.ServeHTTP(w, r)
	})
}

func health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	io.WriteString(w, "{\"status\":\"ok\"}\n")
}
