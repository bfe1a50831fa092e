package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// pages are the entry points in web/ui, one a page, the style sheet of them all, and what
// only seats wear.
var pages = []string{"playground.ts", "room.ts", "seat.ts", "about.ts", "style.css", "seat.css"}

// alone are entry points that become one plain script each, without modules: a worker
// then starts without further requests, the theme is set before anything is drawn, and the
// words of a language are there before the page's module.
var alone = []string{"source/worker.ts", "stage/easel-worker.ts", "head.ts", "lang/ko.ts"}

// buildScripts bundles web/ui. Pages are modules that share chunks.
func buildScripts(ui string, out *output) error {
	options, err := scriptOptions(ui)
	if err != nil {
		return err
	}
	options.Outdir = out.dir
	scripts := options
	scripts.EntryPoints = alone
	scripts.Format = api.FormatIIFE
	if err := bundle(scripts, out); err != nil {
		return err
	}
	modules := options
	modules.EntryPoints = pages
	modules.Format = api.FormatESModule
	modules.Splitting = true
	whole, err := keepWhole(modules, "seat.ts", "about.ts")
	if err != nil {
		return err
	}
	modules.Plugins = append(modules.Plugins, whole, addresses(out))
	if err := bundle(modules, out); err != nil {
		return err
	}
	return addAssets(filepath.Join(ui, "asset"), out)
}

// addresses answers `import address from "built:NAME"` with where a script that was built
// before stands, beside the one that asks. So a page names what it may never need in the part
// that needs it, and not in its head.
func addresses(out *output) api.Plugin {
	return api.Plugin{Name: "built", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^built:"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: strings.TrimPrefix(args.Path, "built:"), Namespace: "built"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: "built"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			file, ok := out.names[args.Path]
			if !ok {
				return api.OnLoadResult{}, errors.New("no script called " + args.Path + " is built by itself")
			}
			text := "export default new URL(\"./" + file.Name + "\", import.meta.url).href;\n"
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, nil
		})
	}}
}

// scriptOptions are shared by pages, workers and tests.
func scriptOptions(ui string) (api.BuildOptions, error) {
	dir, err := filepath.Abs(ui)
	if err != nil {
		return api.BuildOptions{}, err
	}
	support, err := supportCode()
	if err != nil {
		return api.BuildOptions{}, err
	}
	return api.BuildOptions{
		AbsWorkingDir:     dir,
		Bundle:            true,
		Charset:           api.CharsetUTF8,
		Metafile:          true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Target:            api.ES2022,
		LegalComments:     api.LegalCommentsLinked,
		EntryNames:        "[name].[hash]",
		ChunkNames:        "shared.[hash]",
		AssetNames:        "[name].[hash]",
		Loader: map[string]api.Loader{
			".svg": api.LoaderFile, ".woff2": api.LoaderFile, ".png": api.LoaderFile,
			".bin":      api.LoaderBinary, // test data
			".lazy.css": api.LoaderText,   // styles of what is loaded at its first use
		},
		Plugins: []api.Plugin{{
			Name: "wasm_exec",
			Setup: func(build api.PluginBuild) {
				build.OnResolve(api.OnResolveOptions{Filter: "^wasm_exec$"},
					func(api.OnResolveArgs) (api.OnResolveResult, error) {
						return api.OnResolveResult{Path: support}, nil
					})
			},
		}},
		LogLevel: api.LogLevelSilent,
	}, nil
}

// metafile is the part of esbuild's own report that says which file came from which.
type metafile struct {
	Outputs map[string]struct {
		EntryPoint string `json:"entryPoint"`
		CSSBundle  string `json:"cssBundle"`
		Imports    []struct {
			Path     string `json:"path"`
			Kind     string `json:"kind"`
			External bool   `json:"external"`
		} `json:"imports"`
	} `json:"outputs"`
}

// bundle runs esbuild and adds what it made under logical names: an entry by its own name
// (playground.ts is "playground.js"), anything else by its hashed one.
func bundle(options api.BuildOptions, out *output) error {
	result := api.Build(options)
	if err := failure(result); err != nil {
		return err
	}
	var meta metafile
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return err
	}
	logical := map[string]string{} // base name of an output: its logical name
	for path, output := range meta.Outputs {
		base := filepath.Base(path)
		logical[base] = base
		if slices.Contains(options.EntryPoints, output.EntryPoint) { // not one that is imported later
			entry := filepath.Base(output.EntryPoint)
			logical[base] = strings.TrimSuffix(entry, filepath.Ext(entry)) + filepath.Ext(base)
		}
	}
	imports := map[string][]string{}
	for path, output := range meta.Outputs {
		base := filepath.Base(path)
		for _, item := range output.Imports {
			if (item.Kind == "import-statement" || item.Kind == "dynamic-import" && slices.Contains(options.EntryPoints, output.EntryPoint)) && !item.External {
				imports[base] = append(imports[base], logical[filepath.Base(item.Path)])
			}
		}
		slices.Sort(imports[base])
	}
	for _, file := range result.OutputFiles {
		base := filepath.Base(file.Path)
		name, ok := logical[base]
		if !ok { // a licence text beside a script
			name = base
		}
		if err := out.addNamed(name, base, file.Contents, imports[base]); err != nil {
			return err
		}
	}
	return nil
}

// failure turns esbuild's messages into one error. A warning fails the build too: each is
// a mistake that a browser would meet later.
func failure(result api.BuildResult) error {
	list := append(result.Errors, result.Warnings...)
	if len(list) == 0 {
		return nil
	}
	text := api.FormatMessages(list, api.FormatMessagesOptions{Kind: api.ErrorMessage})
	return errors.New("esbuild:\n" + strings.Join(text, ""))
}

// addAssets adds files that go to the browser as they are: icons.
func addAssets(dir string, out *output) error {
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, item := range list {
		data, err := os.ReadFile(filepath.Join(dir, item.Name()))
		if err != nil {
			return err
		}
		if err := out.add(item.Name(), data); err != nil {
			return err
		}
	}
	return nil
}

// bundleTests bundles each *.test.ts of web/ui for Node's own test runner.
func bundleTests(root, dir string) error {
	ui := filepath.Join(root, "web", "ui")
	if err := installPackages(ui); err != nil {
		return err
	}
	options, err := scriptOptions(ui)
	if err != nil {
		return err
	}
	if options.Outdir, err = filepath.Abs(dir); err != nil {
		return err
	}
	for _, pattern := range []string{"*.test.ts", "*/*.test.ts"} {
		found, err := filepath.Glob(filepath.Join(ui, pattern))
		if err != nil {
			return err
		}
		for _, path := range found {
			if !strings.Contains(path, "node_modules") {
				rel, _ := filepath.Rel(ui, path)
				options.EntryPoints = append(options.EntryPoints, rel)
			}
		}
	}
	if len(options.EntryPoints) == 0 {
		return nil
	}
	options.Write = true
	options.Platform = api.PlatformNode
	options.Format = api.FormatESModule
	options.OutExtension = map[string]string{".js": ".mjs"}
	options.EntryNames = "[name]"
	options.MinifyWhitespace, options.MinifyIdentifiers, options.MinifySyntax = false, false, false
	options.LegalComments = api.LegalCommentsNone
	options.External = []string{"built:*"} // nothing in Node starts one
	return failure(api.Build(options))
}
