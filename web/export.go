package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"partita/engine/scene"
	"partita/static"
	"partita/web/host"
	"partita/web/lang"
	"partita/web/page"
)

// exported turns the addresses of a server's page into those of files beside each other, so
// that a folder works under any address.
func exported(l lang.Lang, name string) *strings.Replacer {
	pairs := []string{
		`"` + static.Prefix, `"` + strings.TrimPrefix(static.Prefix, "/"),
		`href="/"`, `href="` + fileOf(l, "index") + `"`,
		`href="/about"`, `href="` + fileOf(l, "about") + `"`,
		`href="/differences"`, `href="` + fileOf(l, "differences") + `"`,
	}
	for _, other := range l.Others() {
		pairs = append(pairs, `href="?`+lang.Param+`=`+string(other)+`"`, `href="`+fileOf(other, name)+`"`)
	}
	return strings.NewReplacer(pairs...)
}

// fileOf names the file of a page in a language: index.html, index.ko.html.
func fileOf(l lang.Lang, name string) string {
	if l != lang.English {
		name += "." + string(l)
	}
	return name + ".html"
}

// Export writes the playground as files into a folder, which any web server can serve as it
// is, under any path. There are no live rooms in it. The folder is made if need be; what
// stands in it under other names stays.
func Export(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("the folder for the site: %w", err)
	}
	for _, l := range lang.All() {
		if err := exportPages(ctx, dir, l); err != nil {
			return err
		}
	}
	return exportFiles(filepath.Join(dir, filepath.FromSlash(strings.Trim(static.Prefix, "/"))))
}

// exportPages writes the pages in one language.
func exportPages(ctx context.Context, dir string, l lang.Lang) error {
	about, differences := page.About(l), page.DifferencesOf(l)
	about.Alone, differences.Alone = true, true
	pages := map[string]component{"about": page.AboutPage(about), "differences": page.DifferencesPage(differences)}
	err := host.Opening(page.CellsMost, func(f *scene.Frame) {
		view := page.Playground(l, f)
		view.Alone = true
		view.Addresses = append(view.Addresses, page.Address{Name: "partita-alone", URL: "yes"})
		pages["index"] = page.PlaygroundPage(view)
	})
	if err != nil {
		return fmt.Errorf("the opening script: %w", err)
	}
	for name, c := range pages {
		var text bytes.Buffer
		if err := c.Render(ctx, &text); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		content := exported(l, name).Replace(text.String())
		if err := os.WriteFile(filepath.Join(dir, fileOf(l, name)), []byte(content), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// exportFiles copies the built site, with its compressed copies for servers that offer them.
func exportFiles(dir string) error {
	files, err := static.Files()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	list, err := fs.ReadDir(files, ".")
	if err != nil {
		return err
	}
	for _, file := range list {
		content, err := fs.ReadFile(files, file.Name())
		if err == nil && !strings.HasPrefix(file.Name(), ".") {
			err = os.WriteFile(filepath.Join(dir, file.Name()), content, 0o666)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("copying %s", file.Name()), err)
		}
	}
	return nil
}
