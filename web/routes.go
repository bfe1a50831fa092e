package web

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"partita/engine/scene"
	"partita/static"
	"partita/web/page"
)

// Handler is everything that the server answers.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("GET /{$}", s.playground)
	mux.HandleFunc("GET /about", s.about)
	mux.HandleFunc("GET /healthz", health)
	mux.HandleFunc("/", s.notFound)
	return headers(http.NewCrossOriginProtection().Handler(mux))
}

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
	w.WriteHeader(status)
	w.Write(text.Bytes())
}

func (s *Server) playground(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, page.PlaygroundPage(page.Playground(&scene.Frame{})))
}

func (s *Server) about(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, page.AboutPage(page.About()))
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusNotFound, page.ErrorPage(page.Error("There is no such page",
		"The address may have been cut off or mistyped.", page.Way{URL: "/room/main", Text: "To the live room"})))
}

func health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	io.WriteString(w, "{\"status\":\"ok\"}\n")
}
