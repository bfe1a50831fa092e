package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// program puts a shell script into a folder that is all of PATH.
func program(t *testing.T, dir, name, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestInstall(t *testing.T) {
	// The stand-in for apt-get writes the program that it is asked to install.
	const works = `case "$1" in install) echo '#!/bin/sh' > "$APT_TARGET"; /bin/chmod +x "$APT_TARGET";; esac`
	for name, c := range map[string]struct {
		apt     string // the stand-in; empty: no apt-get at all
		present bool
		want    string // part of the error; empty: found
	}{
		"there already":                    {present: true},
		"installed":                        {apt: works},
		"no apt-get":                       {want: "a browser is missing, and this machine has no apt-get: install one of browser1, browser2"},
		"apt-get fails":                    {apt: "echo no such package; exit 100", want: "no such package"},
		"apt-get installs nothing of ours": {apt: "exit 0", want: "none of browser1, browser2 is there"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("PATH", dir)
			t.Setenv("APT_TARGET", filepath.Join(dir, "browser2"))
			program(t, dir, "sudo", `shift; exec "$@"`) // for those who are not root
			if c.apt != "" {
				program(t, dir, "apt-get", c.apt)
			}
			if c.present {
				program(t, dir, "browser2", "")
			}
			path, err := install("a browser", "browser-package", "browser1", "browser2")
			if c.want == "" && (err != nil || path != filepath.Join(dir, "browser2")) {
				t.Errorf("path %q, error %v", path, err)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
