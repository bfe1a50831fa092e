// Package static embeds the built site (dist, written by cmd/bundle) and serves it by
// hashed name: what a name stands for never changes, so a browser may keep it for ever.
package static

import (
	"embed"
	"io/fs"
	"net/http"
	"sync"

	"partita/static/manifest"
)

// Prefix is the path under which Handler serves the files.
const Prefix = "/static/"

// dist holds .keep alone in a fresh clone, so that everything compiles before a build.
//
//go:embed all:dist
var dist embed.FS

// Site is a built site: its manifest and its files.
type Site struct {
	files  fs.FS
	names  manifest.Manifest
	served map[string]manifest.File // by hashed name
}

// New returns the site in files, which has the manifest at its root.
func New(files fs.FS) (*Site, error) {
	names, err := manifest.Read(files)
	if err != nil {
		return nil, err
	}
	s := &Site{files: files, names: names, served: map[string]manifest.File{}}
	for _, file := range names {
		s.served[file.Name] = file
	}
	return s, nil
}

var embedded = sync.OnceValues(func() (*Site, error) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, err
	}
	return New(files)
})

// Embedded returns the site inside this program. The error says that it was compiled
// before the site was built.
func Embedded() (*Site, error) { return embedded() }

// Files are the files of the embedded site under their hashed names, with compressed copies
// beside them and the manifest.
func Files() (fs.FS, error) {
	s, err := embedded()
	if err != nil {
		return nil, err
	}
	return s.files, nil
}

// Manifest returns the embedded site's manifest; empty when the site was not built.
func Manifest() manifest.Manifest {
	s, err := embedded()
	if err != nil {
		return nil
	}
	return s.names
}

// URL returns the path of a logical name in the embedded site:
// URL("playground.js") is "/static/playground.3F2A1B7C.js".
func URL(logical string) string {
	s, err := embedded()
	if err != nil {
		return Prefix + "not-built/" + logical
	}
	return s.URL(logical)
}

// Handler serves the embedded site under Prefix. When the site was not built it answers
// every request with 503 and the reason.
func Handler() http.Handler {
	s, err := embedded()
	if err != nil {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		})
	}
	return s
}

// Manifest returns what the site holds by logical name. Callers must not change it.
func (s *Site) Manifest() manifest.Manifest { return s.names }

// Files returns the site's files, for programs that copy the site elsewhere.
func (s *Site) Files() fs.FS { return s.files }

// URL returns the path of a logical name. A name that was not built gets a path that
// answers 404 and shows the name, so that the mistake is seen where it was made.
func (s *Site) URL(logical string) string {
	file, ok := s.names[logical]
	if !ok {
		return Prefix + "not-built/" + logical
	}
	return Prefix + file.Name
}
