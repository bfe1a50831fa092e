package main

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/evanw/esbuild/pkg/api"
)

// alsoOnSeats are modules whose parts a seat's page loads too, which has no stage.
var alsoOnSeats = []string{"terms.ts", "later.ts", "cells.ts"}

// whole keeps the page in one piece. esbuild cuts a module that several entry points share
// into a chunk for each set of them, and each part that is loaded at its first use is one
// more entry point: the page fell into twenty files, most of them tiny, that a browser had
// to ask for before it could draw. So each such part is told to import the page, which is
// there already when that part comes: then all of them share all of it.
var whole = api.Plugin{
	Name: "whole",
	Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^\.{1,2}/.*\.ts$`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if args.Kind != api.ResolveJSDynamicImport || slices.Contains(alsoOnSeats, filepath.Base(args.Importer)) {
				return api.OnResolveResult{}, nil
			}
			return api.OnResolveResult{Path: filepath.Join(args.ResolveDir, args.Path), PluginData: true}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: `\.ts$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			if args.PluginData != true {
				return api.OnLoadResult{}, nil
			}
			text, err := os.ReadFile(args.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			contents := string(text) + "\nimport \"../panel/app.ts\";\n"
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderTS, ResolveDir: filepath.Dir(args.Path)}, nil
		})
	},
}
