// Command bundle builds the site into static/dist: scripts and styles from web/ui, the
// engine as WebAssembly, each with a hash of its content in its name and compressed copies
// (brotli, gzip) beside it, and a manifest of it all. Package static embeds the result.
//
// It needs what the project needs and nothing else: Go, and Node with npm for the packages
// that web/ui imports. What did not change is not compressed again.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

func main() {
	root := flag.String("root", ".", "the project's folder")
	tests := flag.String("tests", "", "instead of the site, bundle web/ui's *.test.ts into this folder")
	size := flag.Bool("size", false, "instead of building the site, say where the engine's bytes went")
	flags := flag.Bool("flags", false, "print the compiler flags that the engine is built with, for benchmarks of it")
	flag.Parse()
	if *flags {
		fmt.Println(strings.Join(inlining, " "))
		return
	}
	run := buildSite
	if *tests != "" {
		run = func(root string) error { return bundleTests(root, *tests) }
	}
	if *size {
		run = func(root string) error { return reportSize(root, os.Stdout) }
	}
	if err := run(*root); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

// buildSite builds everything. The engine takes the longest, so it is built beside the
// scripts, and every file is compressed as soon as it exists.
func buildSite(root string) error {
	start := time.Now()
	out, err := newOutput(filepath.Join(root, "static", "dist"))
	if err != nil {
		return err
	}
	ui := filepath.Join(root, "web", "ui")
	jobs := []func() error{
		func() error { return buildEngines(root, out) },
		func() error {
			if err := installPackages(ui); err != nil {
				return err
			}
			return buildScripts(ui, out)
		},
	}
	errs := make([]error, len(jobs))
	var wait sync.WaitGroup
	for i, job := range jobs {
		wait.Go(func() { errs[i] = job() })
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	if err := out.finish(); err != nil {
		return err
	}
	out.report(os.Stdout, time.Since(start))
	return nil
}
