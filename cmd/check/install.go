package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// browser finds a Chromium, or installs Debian's. Without one the end-to-end tests cannot
// run, and that is a failure.
func browser() tally {
	path, err := install("Chromium for the end-to-end tests", "chromium", "chromium", "chromium-browser", "google-chrome")
	if err == nil {
		fmt.Println("  ", path)
	}
	return result(err)
}

// install returns the path of the first of the programs that is there. If none is, it
// installs the Debian packages (separated by blanks) and looks again.
func install(what, debian string, programs ...string) (string, error) {
	find := func() string {
		for _, name := range programs {
			if path, err := exec.LookPath(name); err == nil {
				return path
			}
		}
		return ""
	}
	if path := find(); path != "" {
		return path, nil
	}
	var sudo []string
	if os.Getuid() != 0 {
		sudo = []string{"sudo", "-n"}
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return "", fmt.Errorf("%s is missing, and this machine has no apt-get: install one of %s", what, strings.Join(programs, ", "))
	}
	fmt.Println("   installing", debian)
	for _, args := range [][]string{
		{"apt-get", "update", "-qq"},
		append([]string{"apt-get", "install", "-y", "-qq", "--no-install-recommends"}, strings.Fields(debian)...),
	} {
		args = append(sudo, args...)
		if err := command([]string{"DEBIAN_FRONTEND=noninteractive"}, args[0], args[1:]...); err != nil {
			return "", fmt.Errorf("%s is missing and could not be installed: %w", what, err)
		}
	}
	if path := find(); path != "" {
		return path, nil
	}
	return "", fmt.Errorf("%s is missing: apt-get installed %s, but none of %s is there", what, debian, strings.Join(programs, ", "))
}
