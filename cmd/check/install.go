package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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

// clients finds the Kafka clients that the tests of the wire protocol run, or installs
// Debian's. Without them those tests fail.
func clients() tally {
	t := result(nothing(install("kcat, a Kafka client", "kcat", "kcat")))
	for _, module := range []struct{ name, debian string }{{"confluent_kafka", "python3-confluent-kafka"}, {"kafka", "python3-kafka"}} {
		// Debian's modules are for Debian's Python.
		t.add(result(nothing(installed("Python's "+module.name, module.debian, "python3 with the module "+module.name, func() string {
			if exec.Command("/usr/bin/python3", "-c", "import "+module.name).Run() != nil {
				return ""
			}
			return "/usr/bin/python3"
		}))))
	}
	t.add(result(newLibrdkafka()))
	return t
}

// newLibrdkafka finds the newest librdkafka, or installs it from Python's package index:
// Debian's knows no groups of KIP-848. The tests look for it where it is put.
func newLibrdkafka() error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	dir := filepath.Join(cache, "partita", "confluent-kafka-"+confluentKafka)
	works := func() string {
		cmd := exec.Command("/usr/bin/python3", "-c", "import confluent_kafka")
		cmd.Env = append(os.Environ(), "PYTHONPATH="+dir)
		if _, err := os.Stat(dir); err != nil || cmd.Run() != nil {
			return ""
		}
		return dir
	}
	if works() != "" {
		return nil
	}
	err = nothing(installed("Python's pip", "python3-pip", "python3 with pip", func() string {
		if exec.Command("/usr/bin/python3", "-m", "pip", "--version").Run() != nil {
			return ""
		}
		return "/usr/bin/python3"
	}))
	if err != nil {
		return err
	}
	fmt.Println("   installing confluent-kafka", confluentKafka)
	if err := command(nil, "/usr/bin/python3", "-m", "pip", "install", "--quiet", "--target", dir, "confluent-kafka=="+confluentKafka); err != nil {
		return err
	}
	if works() == "" {
		return fmt.Errorf("%s was filled by pip, and Python cannot import confluent_kafka from there", dir)
	}
	return nil
}

// confluentKafka is the version of Python's confluent-kafka, which brings its librdkafka.
const confluentKafka = "2.16.1"

func nothing(_ string, err error) error { return err }

// install returns the path of the first of the programs that is there. If none is, it
// installs the Debian packages (separated by blanks) and looks again.
func install(what, debian string, programs ...string) (string, error) {
	return installed(what, debian, strings.Join(programs, ", "), func() string {
		for _, name := range programs {
			if path, err := exec.LookPath(name); err == nil {
				return path
			}
		}
		return ""
	})
}

// installed is install for whatever find finds; names says what that may be.
func installed(what, debian, names string, find func() string) (string, error) {
	if path := find(); path != "" {
		return path, nil
	}
	var sudo []string
	if os.Getuid() != 0 {
		sudo = []string{"sudo", "-n"}
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return "", fmt.Errorf("%s is missing, and this machine has no apt-get: install one of %s", what, names)
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
	return "", fmt.Errorf("%s is missing: apt-get installed %s, but none of %s is there", what, debian, names)
}
