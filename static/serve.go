package static

import (
	"errors"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"partita/static/manifest"
)

// types is fixed, so that the answer does not depend on the machine's own MIME tables.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".ico":   "image/x-icon",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".png":   "image/png",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".wasm":  "application/wasm",
	".woff2": "font/woff2",
}

// ServeHTTP serves GET and HEAD for the files that the manifest names, and 404 for all
// else: folders, the manifest itself and the compressed copies have no address.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name, under := strings.CutPrefix(r.URL.Path, Prefix)
	file, ok := s.served[name]
	if !under || !ok {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	encoding := ""
	// A range counts bytes of one encoding. Only the plain bytes are offered in ranges.
	if r.Header.Get("Range") == "" {
		encoding = choose(file, r)
	}
	content, size, err := s.open(file, encoding)
	if err != nil {
		http.Error(w, "the built site is damaged", http.StatusInternalServerError)
		return
	}
	defer content.Close()
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", contentType(file.Name))
	h.Set("ETag", `"`+file.Hash+suffix[encoding]+`"`)
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
		// ServeContent leaves the length out when an encoding is set.
		h.Set("Content-Length", strconv.FormatInt(size, 10))
	}
	http.ServeContent(w, r, "", time.Time{}, content)
}

// open opens the file, or its compressed copy, and returns its size in bytes. Every file
// system that a site lives in (embedded, on disk, in a test) can seek.
func (s *Site) open(file manifest.File, encoding string) (io.ReadSeekCloser, int64, error) {
	f, err := s.files.Open(file.Name + suffix[encoding])
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	content, ok := f.(io.ReadSeekCloser)
	if err == nil && !ok {
		err = errors.New("static: the file system cannot seek")
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return content, info.Size(), nil
}

// suffix is what cmd/bundle adds to the name of a compressed copy.
var suffix = map[string]string{"": "", "br": ".br", "gzip": ".gz"}

func contentType(name string) string {
	if t, ok := types[path.Ext(name)]; ok {
		return t
	}
	return "application/octet-stream"
}

// choose returns the best encoding of the file that the request accepts: br, gzip or ""
// for the plain bytes, which are always acceptable here.
func choose(file manifest.File, r *http.Request) string {
	switch {
	case file.Br > 0 && Takes(r, "br"):
		return "br"
	case file.Gz > 0 && Takes(r, "gzip"):
		return "gzip"
	}
	return ""
}

// Takes reports whether a request accepts a content encoding, such as "gzip".
func Takes(r *http.Request, encoding string) bool {
	any := false
	for item := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, params, _ := strings.Cut(item, ";")
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, encoding):
			return !refused(params)
		case name == "*":
			any = !refused(params)
		}
	}
	return any
}

// refused reports whether an Accept-Encoding item carries a weight of zero.
func refused(params string) bool {
	weight, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
	if !ok {
		return false
	}
	q, err := strconv.ParseFloat(weight, 64)
	return err == nil && q <= 0
}
