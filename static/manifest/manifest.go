// Package manifest describes the built site: which file a logical name stands for, and
// how large it is in each encoding. cmd/bundle writes it, package static reads it.
package manifest

import (
	"encoding/json"
	"fmt"
	"io/fs"
)

// FileName is the manifest's own name inside the dist folder. It is never served.
const FileName = "manifest.json"

// Manifest maps a logical name such as "playground.js" to the file built for it.
type Manifest map[string]File

// File is one built file. Sizes are in bytes; an encoding that did not make the file
// smaller is not kept, and its size is 0.
type File struct {
	// Name is the file's name in dist, with a hash of its content: "playground.3F2A1B7C.js".
	Name string `json:"name"`
	// Hash is the first 16 hexadecimal digits of the SHA-256 of the content.
	Hash string `json:"hash"`
	Raw  int    `json:"raw"`
	Br   int    `json:"br,omitempty"`
	Gz   int    `json:"gz,omitempty"`
	// Imports lists the logical names of the files that this one loads at once.
	Imports []string `json:"imports,omitempty"`
}

// Brotli returns the bytes that a browser with brotli receives for the file.
func (f File) Brotli() int {
	if f.Br > 0 {
		return f.Br
	}
	return f.Raw
}

// Closure returns the given logical names and everything that they import, each once, in
// the order found. A name that the manifest lacks is an error.
func (m Manifest) Closure(names ...string) ([]string, error) {
	var list []string
	seen := map[string]bool{}
	for len(names) > 0 {
		name := names[0]
		names = names[1:]
		if seen[name] {
			continue
		}
		file, ok := m[name]
		if !ok {
			return nil, fmt.Errorf("manifest: no file %q", name)
		}
		seen[name] = true
		list = append(list, name)
		names = append(names, file.Imports...)
	}
	return list, nil
}

// Read reads the manifest at the root of dist.
func Read(dist fs.FS) (Manifest, error) {
	data, err := fs.ReadFile(dist, FileName)
	if err != nil {
		return nil, fmt.Errorf("the site is not built (make build): %w", err)
	}
	m := Manifest{}
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	return m, nil
}
