package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"partita/engine/sim"
	"partita/web/host"
)

// Prefix is the path under which Handler answers.
const Prefix = "/api/"

// handler answers from the rooms.
type handler struct{ rooms *host.Rooms }

// Handler answers everything under Prefix.
func Handler(rooms *host.Rooms) http.Handler {
	h := &handler{rooms}
	mux := http.NewServeMux()
	route := func(pattern, method string, answer func(r *http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != method && !(method == http.MethodGet && r.Method == http.MethodHead) {
				w.Header().Set("Allow", method)
				fail(w, &problem{http.StatusMethodNotAllowed, "this address takes " + method + ", not " + r.Method})
				return
			}
			view, err := answer(r)
			if err != nil {
				fail(w, err)
				return
			}
			send(w, http.StatusOK, view)
		})
	}
	route("/api/rooms/{code}", http.MethodGet, h.room)
	route("/api/rooms/{code}/topics", http.MethodGet, h.topics)
	route("/api/rooms/{code}/groups/{group}", http.MethodGet, h.group)
	route("/api/rooms/{code}/script", http.MethodPost, h.script)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, &problem{http.StatusNotFound, "there is no such address; the README lists them"})
	})
	return mux
}

// problem is an answer that is no success.
type problem struct {
	status int
	text   string
}

func (p *problem) Error() string { return p.text }

// fail answers with an error.
func fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	var p *problem
	switch {
	case errors.As(err, &p):
		status = p.status
	case errors.Is(err, host.ErrCode):
		status = http.StatusBadRequest
	case errors.Is(err, host.ErrStopping):
		status = http.StatusServiceUnavailable
	}
	send(w, status, struct {
		Error string `json:"error"`
	}{err.Error()})
}

func send(w http.ResponseWriter, status int, view any) {
	text, err := json.Marshal(view)
	if err != nil { // a view of ours that JSON cannot hold
		http.Error(w, `{"error":"the answer could not be made"}`, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(append(text, '\n'))
}

// find gives an open room. Asking does not make one.
func (h *handler) find(r *http.Request) (*host.Host, error) {
	code, err := host.ParseCode(r.PathValue("code"))
	if err != nil {
		return nil, err
	}
	if room, ok := h.rooms.Find(code); ok {
		return room, nil
	}
	return nil, &problem{http.StatusNotFound, "there is no room " + code + " now: a room opens when its page is visited, /room/" + code}
}

func (h *handler) room(r *http.Request) (any, error) {
	room, err := h.find(r)
	if err != nil {
		return nil, err
	}
	var view Room
	err = room.Look(func(w *sim.World) { view = viewRoom(room.Code(), w) })
	return view, err
}

func (h *handler) topics(r *http.Request) (any, error) {
	room, err := h.find(r)
	if err != nil {
		return nil, err
	}
	var view Topics
	err = room.Look(func(w *sim.World) { view.Topics = viewTopics(w.Engine()) })
	return view, err
}

func (h *handler) group(r *http.Request) (any, error) {
	room, err := h.find(r)
	if err != nil {
		return nil, err
	}
	var view Group
	found := false
	err = room.Look(func(w *sim.World) {
		if g, ok := w.Engine().Group(r.PathValue("group")); ok {
			view, found = viewGroup(w.Engine(), g), true
		}
	})
	if err == nil && !found {
		err = &problem{http.StatusNotFound, "there is no group " + r.PathValue("group") + " in room " + room.Code()}
	}
	return view, err
}
