package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"partita/web/host"
)

// serve starts rooms for one test.
func serve(t *testing.T) http.Handler {
	t.Helper()
	rooms, err := host.NewRooms(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := rooms.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return Handler(rooms)
}

// ask sends one request and decodes the answer, which must be JSON with the status.
func ask(t *testing.T, h http.Handler, method, path, body string, status int, into any) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	check(t, h, r, status, into)
}

func check(t *testing.T, h http.Handler, r *http.Request, status int, into any) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	text := w.Body.String()
	if w.Code != status {
		t.Fatalf("%s %s: status %d %s, want %d", r.Method, r.URL, w.Code, text, status)
	}
	if kind := w.Header().Get("Content-Type"); kind != "application/json" {
		t.Errorf("%s %s: Content-Type %q", r.Method, r.URL, kind)
	}
	if into != nil {
		d := json.NewDecoder(strings.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(into); err != nil {
			t.Fatalf("%s %s: %v in %s", r.Method, r.URL, err, text)
		}
	}
	return w.Result()
}

// refused sends a request that must fail, and gives the error's text.
func refused(t *testing.T, h http.Handler, method, path, body string, status int) string {
	t.Helper()
	var answer struct {
		Error string `json:"error"`
	}
	ask(t, h, method, path, body, status, &answer)
	if answer.Error == "" {
		t.Errorf("%s %s: an error without words", method, path)
	}
	return answer.Error
}

func run(t *testing.T, h http.Handler, lines ...string) Script {
	t.Helper()
	body, err := json.Marshal(map[string]any{"lines": lines})
	if err != nil {
		t.Fatal(err)
	}
	var answer Script
	ask(t, h, "POST", "/api/rooms/main/script", string(body), 200, &answer)
	return answer
}

// TestShapes holds the names in the answers to what the README promises.
func TestShapes(t *testing.T) {
	h := serve(t)
	for path, want := range map[string]string{
		"/api/rooms/main": `code,groups,groups.tabs,groups.tabs.generation,groups.tabs.leader,groups.tabs.members,groups.tabs.name,` +
			`groups.tabs.partitions,groups.tabs.protocol,groups.tabs.protocolType,groups.tabs.state,time,topics,` +
			`topics.__consumer_offsets,topics.orders`,
		"/api/rooms/main/topics":      `topics,topics.__consumer_offsets,topics.orders`,
		"/api/rooms/main/groups/tabs": `generation,leader,members,name,partitions,protocol,protocolType,state`,
	} {
		var answer map[string]any
		ask(t, h, "GET", path, "", 200, &answer)
		var names []string
		for name, value := range answer {
			names = append(names, name)
			inner, _ := value.(map[string]any)
			for under, value := range inner {
				names = append(names, name+"."+under)
				if group, _ := value.(map[string]any); name == "groups" {
					for field := range group {
						names = append(names, name+"."+under+"."+field)
					}
				}
			}
		}
		if got := sorted(names); got != want {
			t.Errorf("%s has %s\nwant %s", path, got, want)
		}
	}
	var answer map[string]map[string]map[string]any
	ask(t, h, "GET", "/api/rooms/main/topics", "", 200, &answer)
	partition := answer["topics"]["orders"]["partitions"].([]any)[0].(map[string]any)
	if got, want := sorted(keys(partition)),
		"bytes,endOffset,highWatermark,lastStableOffset,leader,leaderEpoch,logStartOffset,partition"; got != want {
		t.Errorf("a partition has %s, want %s", got, want)
	}
}

func TestMainRoomAtTheStart(t *testing.T) {
	h := serve(t)
	var room Room
	ask(t, h, "GET", "/api/rooms/MAIN", "", 200, &room)
	if room.Code != "main" || len(room.Topics["orders"].Partitions) != 6 {
		t.Errorf("room %s with %d partitions of orders, want main with 6", room.Code, len(room.Topics["orders"].Partitions))
	}
	tabs := room.Groups["tabs"]
	if tabs.State != "Empty" || len(tabs.Members) != 0 || tabs.Leader != nil || len(tabs.Partitions) != 6 {
		t.Errorf("group tabs is %+v, want it Empty", tabs)
	}
	for i, p := range tabs.Partitions {
		if p.Topic != "orders" || int(p.Partition) != i || p.Owner != nil || p.Lag != 0 || p.CommittedOffset == nil || *p.CommittedOffset != 0 {
			t.Errorf("partition %d of group tabs is %+v", i, p)
		}
	}
}

func TestScript(t *testing.T) {
	h := serve(t)
	answer := run(t, h, "topic create t partitions=2", "", "# a comment", "send t hello key=k partition=1", "no such verb", "show topics")
	if len(answer.Results) != 4 || answer.Failed != 1 {
		t.Fatalf("%+v", answer)
	}
	for i, want := range []struct {
		line   int
		failed bool
	}{{1, false}, {4, false}, {5, true}, {6, false}} {
		if r := answer.Results[i]; r.Line != want.line || (r.Error != "") != want.failed {
			t.Errorf("result %d is %+v", i, r)
		}
	}
	if !strings.Contains(answer.Results[3].Output, "t") {
		t.Errorf("show topics printed %q", answer.Results[3].Output)
	}
	ask(t, h, "POST", "/api/rooms/main/script", `{"script":"topic create u partitions=1\nshow topics"}`, 200, &answer)
	if len(answer.Results) != 2 || answer.Failed != 0 {
		t.Errorf("as one text: %+v", answer)
	}
	var topics Topics
	ask(t, h, "GET", "/api/rooms/main/topics", "", 200, &topics)
	if len(topics.Topics["t"].Partitions) != 2 || len(topics.Topics["u"].Partitions) != 1 {
		t.Errorf("topics are %+v", topics)
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	h := serve(t)
	for _, c := range []struct {
		path   string
		status int
		says   string
	}{
		{"/api/rooms/other", 404, "/room/other"},
		{"/api/rooms/other/topics", 404, "other"},
		{"/api/rooms/other/groups/tabs", 404, "other"},
		{"/api/rooms/main/groups/nobody", 404, "no group nobody"},
		{"/api/rooms/main/groups/%3Cscript%3E", 404, "<script>"},
		{"/api/rooms/a%2Fb", 400, "code"},
		{"/api/rooms/" + strings.Repeat("x", 33), 400, "code"},
		{"/api/rooms/a_b/topics", 400, "code"},
		{"/api/rooms/main/nothing", 404, "README"},
		{"/api/nothing", 404, "README"},
		{"/api/", 404, "README"},
	} {
		if text := refused(t, h, "GET", c.path, "", c.status); !strings.Contains(text, c.says) {
			t.Errorf("%s: %q does not say %q", c.path, text, c.says)
		}
	}
	refused(t, h, "GET", "/api/rooms/other", "", 404) // asking did not make it
	refused(t, h, "POST", "/api/rooms/other/script", `{"lines":[]}`, 404)
}

func TestMethods(t *testing.T) {
	h := serve(t)
	for path, allow := range map[string]string{
		"/api/rooms/main": "GET", "/api/rooms/main/topics": "GET", "/api/rooms/main/groups/tabs": "GET", "/api/rooms/main/script": "POST",
	} {
		r := check(t, h, httptest.NewRequest("DELETE", path, nil), 405, nil)
		if got := r.Header.Get("Allow"); got != allow {
			t.Errorf("%s: Allow %q, want %q", path, got, allow)
		}
	}
	refused(t, h, "GET", "/api/rooms/main/script", "", 405)
	check(t, h, httptest.NewRequest("HEAD", "/api/rooms/main", nil), 200, nil)
}

func TestBodies(t *testing.T) {
	h := serve(t)
	for name, c := range map[string]struct {
		body   string
		status int
		says   string
	}{
		"empty object":     {`{}`, 400, "lines"},
		"unknown field":    {`{"lines":[],"room":"x"}`, 400, `unknown field "room"`},
		"wrong type":       {`{"lines":"topic create t"}`, 400, "lines must not hold a string"},
		"number as line":   {`{"lines":["digest", 5]}`, 400, "list of strings"},
		"script as list":   {`{"script":["digest"]}`, 400, "script must not hold an array"},
		"both":             {`{"lines":["digest"],"script":"digest"}`, 400, "not both"},
		"a list":           {`["digest"]`, 400, "must be an object"},
		"null":             {`null`, 400, "lines"},
		"trailing garbage": {`{"lines":["digest"]} x`, 400, "goes on"},
		"two values":       {`{"lines":["digest"]}{}`, 400, "goes on"},
		"cut off":          {`{"lines":["digest"`, 400, "cut off"},
		"no JSON":          {`topic create t`, 400, "invalid"},
		"blank":            {` `, 400, "empty"},
		"line break":       {`{"lines":["digest","a\nb"]}`, 400, "lines[1]"},
		"too large":        {`{"script":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "1 MiB"},
	} {
		if text := refused(t, h, "POST", "/api/rooms/main/script", c.body, c.status); !strings.Contains(text, c.says) {
			t.Errorf("%s: %q does not say %q", name, text, c.says)
		}
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", ";"} {
		r := httptest.NewRequest("POST", "/api/rooms/main/script", strings.NewReader(`{"lines":["digest"]}`))
		r.Header.Set("Content-Type", kind)
		check(t, h, r, 415, nil)
	}
}

// TestMuchAndHostile: what is too much or not meant well gets an answer, and the room goes on.
func TestMuchAndHostile(t *testing.T) {
	h := serve(t)
	many := make([]string, 10_000)
	for i := range many {
		many[i] = "nonsense"
	}
	if answer := run(t, h, many...); answer.Failed != len(many) {
		t.Errorf("%d of %d lines failed", answer.Failed, len(many))
	}
	answer := run(t, h,
		`topic create "<script>alert(1)</script>" partitions=1`,
		`topic create t partitions=1 max.message.bytes=2000000`,
		`topic create t2 partitions=99999999999`,
		`consumer add "<b>" group="<i>" topics=t`,
		`advance 1h`, `settle`, `pause`,
		"send t \"\x00\u202e\"",
	)
	for _, i := range []int{0, 2, 4, 5, 6} {
		if answer.Results[i].Error == "" {
			t.Errorf("%s went well", answer.Results[i].Text)
		}
	}
	if answer := run(t, h, "send t "+strings.Repeat("v", 1<<20-100)); !strings.Contains(answer.Results[0].Error, "65536 bytes") {
		t.Errorf("a value of about 1 MiB: %.200s", answer.Results[0].Error)
	}
	if answer := run(t, h, "show topics"); answer.Failed != 0 {
		t.Errorf("afterwards: %+v", answer)
	}
}

func sorted(names []string) string {
	slices.Sort(names)
	return strings.Join(names, ",")
}

func keys[V any](m map[string]V) []string { return slices.Collect(maps.Keys(m)) }
