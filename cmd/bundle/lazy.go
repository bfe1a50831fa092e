package main

import (
	"encoding/json"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// esbuild puts what two entry points share into a chunk of its own, and each import() is
// an entry point: the page's own code would fall into twenty files, one for each set of
// lazy parts that share it. So each lazy part that only the app can ask for is told to
// import the app, which is there by then: whatever the app holds stays in one file.

const (
	app     = "panel/app.ts"
	withApp = "with-app" // namespace of the modules that stand before lazy parts
)

// keepWhole is the plugin that does so. Elsewhere are the entry points of pages that do
// without the app.
func keepWhole(options api.BuildOptions, elsewhere ...string) (api.Plugin, error) {
	outside, err := reached(options, elsewhere)
	if err != nil {
		return api.Plugin{}, err
	}
	return api.Plugin{Name: withApp, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^\.`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			importer := strings.TrimPrefix(args.Importer, options.AbsWorkingDir+"/")
			target := path.Join(path.Dir(importer), args.Path)
			if args.Kind != api.ResolveJSDynamicImport || outside[importer] || target == app {
				return api.OnResolveResult{}, nil
			}
			return api.OnResolveResult{Path: "./" + target, Namespace: withApp}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: withApp}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			text := "import \"./" + app + "\";\nexport * from \"" + args.Path + "\";\n"
			return api.OnLoadResult{Contents: &text, ResolveDir: options.AbsWorkingDir, Loader: api.LoaderTS}, nil
		})
	}}, nil
}

// reached is the modules that entry points import without import().
func reached(options api.BuildOptions, entries []string) (map[string]bool, error) {
	options.EntryPoints = entries
	options.Splitting = false
	result := api.Build(options)
	if err := failure(result); err != nil {
		return nil, err
	}
	var meta struct {
		Inputs map[string]struct {
			Imports []struct{ Path, Kind string }
		}
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, err
	}
	found := map[string]bool{}
	var follow func(name string)
	follow = func(name string) {
		if found[name] {
			return
		}
		found[name] = true
		for _, item := range meta.Inputs[name].Imports {
			if item.Kind == "import-statement" {
				follow(item.Path)
			}
		}
	}
	for _, entry := range entries {
		follow(entry)
	}
	return found, nil
}
