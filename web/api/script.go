package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// bodyMost bounds a request's body, in bytes.
const bodyMost = 1 << 20

// scriptRequest is what POST …/script takes: one of the two.
type scriptRequest struct {
	Lines  []string `json:"lines"`
	Script *string  `json:"script"`
}

// Script is what the lines of a script gave. Blank lines and comments give nothing.
type Script struct {
	Results []Result `json:"results"`
	Failed  int      `json:"failed"` // how many lines failed
}

// Result is what one line gave: output or an error; both are empty when it had nothing to
// say.
type Result struct {
	Line   int    `json:"line"` // from 1
	Text   string `json:"text"`
	Output string `json:"output"`
	Error  string `json:"error,omitempty"`
}

func (h *handler) script(r *http.Request) (any, error) {
	room, err := h.find(r)
	if err != nil {
		return nil, err
	}
	lines, err := readScript(r)
	if err != nil {
		return nil, err
	}
	results, err := room.Script(lines)
	if err != nil {
		return nil, err
	}
	view := Script{Results: make([]Result, len(results))}
	for i, result := range results {
		view.Results[i] = Result{result.Line, result.Text, result.Output, result.Error}
		if result.Error != "" {
			view.Failed++
		}
	}
	return view, nil
}

// readScript gives the lines of a request, one after another.
func readScript(r *http.Request) (string, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return "", &problem{http.StatusUnsupportedMediaType, "the body must be JSON, with the header Content-Type: application/json"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, bodyMost))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return "", &problem{http.StatusRequestEntityTooLarge, "the body may have at most 1 MiB"}
	case err != nil:
		return "", &problem{http.StatusBadRequest, "the body ended too early"}
	}
	var request scriptRequest
	if err := decode(body, &request); err != nil {
		return "", &problem{http.StatusBadRequest, err.Error()}
	}
	switch {
	case request.Script != nil && request.Lines != nil:
		return "", &problem{http.StatusBadRequest, "give lines or script, not both"}
	case request.Script != nil:
		return *request.Script, nil
	case request.Lines == nil:
		return "", &problem{http.StatusBadRequest, `give the script: {"lines": ["topic create t partitions=3"]} or {"script": "…"}`}
	}
	for i, line := range request.Lines {
		if strings.ContainsAny(line, "\r\n") {
			return "", &problem{http.StatusBadRequest, "lines[" + strconv.Itoa(i) + "] holds a line break: one string is one line"}
		}
	}
	return strings.Join(request.Lines, "\n"), nil
}

// decode reads one JSON value and nothing else. Its errors are for people.
func decode(body []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("the body is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the body is cut off: it is not complete JSON")
	case errors.As(err, &wrong) && wrong.Field == "":
		return errors.New("the body must be an object, not " + article(wrong.Value))
	case errors.As(err, &wrong):
		return errors.New(wrong.Field + " must not hold " + article(wrong.Value) + ": lines is a list of strings, script is a string")
	case err != nil:
		return errors.New("the body: " + strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body goes on after its JSON value")
	}
	return nil
}

// article puts a or an before JSON's name of a kind of value.
func article(kind string) string {
	if strings.IndexByte("aeiou", kind[0]) >= 0 {
		return "an " + kind
	}
	return "a " + kind
}
