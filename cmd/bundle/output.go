package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"

	"partita/static/manifest"
)

// output is the dist folder being written. Its methods may be called at the same time.
type output struct {
	dir   string
	mu    sync.Mutex
	names manifest.Manifest
}

func newOutput(dir string) (*output, error) {
	return &output{dir: dir, names: manifest.Manifest{}}, os.MkdirAll(dir, 0o755)
}

// add writes a file under its logical name with a hash put before the extension.
func (o *output) add(logical string, data []byte) error {
	ext := filepath.Ext(logical)
	base := strings.TrimSuffix(logical, ext) + "." + hash(data)[:8] + ext
	return o.addNamed(logical, base, data, nil)
}

// addNamed writes a file whose name already has a hash, and its compressed copies.
func (o *output) addNamed(logical, base string, data []byte, imports []string) error {
	file := manifest.File{Name: base, Hash: hash(data), Raw: len(data), Imports: imports}
	if err := o.write(base, data); err != nil {
		return err
	}
	var err error
	if file.Br, err = o.compressed(base+".br", data, brotliBest); err != nil {
		return err
	}
	if file.Gz, err = o.compressed(base+".gz", data, gzipBest); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, taken := o.names[logical]; taken {
		return fmt.Errorf("two files are called %s", logical)
	}
	o.names[logical] = file
	return nil
}

// compressed writes a compressed copy and returns its size, or 0 when the copy would not
// be smaller. Names carry a hash of the content, so a copy that exists is still right:
// that saves the seconds that brotli needs for the engine.
func (o *output) compressed(name string, data []byte, pack func([]byte) []byte) (int, error) {
	if info, err := os.Stat(filepath.Join(o.dir, name)); err == nil && info.Size() > 0 {
		return int(info.Size()), nil
	}
	packed := pack(data)
	if len(packed) >= len(data) {
		return 0, nil
	}
	return len(packed), o.write(name, packed)
}

// write puts a file in place whole: a build that is stopped leaves no half file behind.
func (o *output) write(name string, data []byte) error {
	path := filepath.Join(o.dir, name)
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, data) {
		return nil
	}
	if err := os.WriteFile(path+".tmp", data, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}

// finish writes the manifest and removes what belongs to earlier builds.
func (o *output) finish() error {
	text, err := json.MarshalIndent(o.names, "", "\t")
	if err != nil {
		return err
	}
	if err := o.write(manifest.FileName, append(text, '\n')); err != nil {
		return err
	}
	keep := map[string]bool{".keep": true, manifest.FileName: true}
	for _, file := range o.names {
		keep[file.Name] = true
		keep[file.Name+".br"] = file.Br > 0
		keep[file.Name+".gz"] = file.Gz > 0
	}
	list, err := os.ReadDir(o.dir)
	if err != nil {
		return err
	}
	for _, item := range list {
		if !keep[item.Name()] {
			if err := os.RemoveAll(filepath.Join(o.dir, item.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// report prints the sizes, largest first.
func (o *output) report(w io.Writer, took time.Duration) {
	var names []string
	for name := range o.names {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := o.names[b].Raw - o.names[a].Raw; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		file := o.names[name]
		fmt.Fprintf(w, "  %-28s %9d bytes %9d brotli\n", name, file.Raw, file.Brotli())
	}
	fmt.Fprintf(w, "bundle: %d files in %.1f s\n", len(names), took.Seconds())
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

func brotliBest(data []byte) []byte {
	var b bytes.Buffer
	// A window of 16 MB, the widest that browsers take: the engine is larger than the usual 4 MB.
	w := brotli.NewWriterOptions(&b, brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: 24})
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func gzipBest(data []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	w.Write(data)
	w.Close()
	return b.Bytes()
}
