package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// referee is the package whose tests run Apache Kafka. It has a step of its own, so that
// its Java programs do not take the machine from under other tests.
const referee = "partita/web/kafka/referee"

// refereeTests finds Java and Apache Kafka, or installs them, and runs what compares
// Partita with them. Without either it fails.
func refereeTests() tally {
	jars := filepath.Join("web", "kafka", "referee", "testdata")
	t := result(nothing(install("Java for Apache Kafka", "openjdk-17-jre-headless", "java")))
	t.add(result(apache(filepath.Join(jars, "pom.xml"), filepath.Join(jars, "jars.sha256"))))
	t.add(clients())
	if t.failed > 0 {
		return t
	}
	t.add(goTest(os.Environ(), []string{"-timeout=9m", "-parallel=3"}, []string{referee}))
	return t
}

// apache makes sure that the jars of Apache Kafka are in the user's cache, each with the
// hash that the list names. What is missing or different is fetched anew with Maven.
func apache(pom, list string) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	dir := filepath.Join(cache, "partita", "apache-kafka")
	if verify(dir, list) == nil {
		return nil
	}
	if _, err := install("Maven for Apache Kafka", "maven", "mvn"); err != nil {
		return err
	}
	fmt.Println("   fetching Apache Kafka into", dir)
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	err = command(nil, "mvn", "-q", "-B", "-f", pom, "--strict-checksums", "dependency:copy-dependencies",
		"-DincludeScope=runtime", "-DoutputDirectory="+dir)
	if err != nil {
		return fmt.Errorf("Apache Kafka could not be fetched: %w", err)
	}
	return verify(dir, list)
}

// verify compares the files of a folder with a list as sha256sum writes it.
func verify(dir, list string) error {
	text, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	var wrong []error
	for line := range strings.Lines(string(text)) {
		want, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			return fmt.Errorf("%s: a line is a hash, two blanks and a name: %q", list, line)
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if sum := sha256.Sum256(data); err == nil && hex.EncodeToString(sum[:]) != want {
			err = fmt.Errorf("%s is not the file that %s names", name, list)
		}
		if err != nil {
			wrong = append(wrong, err)
		}
	}
	return errors.Join(wrong...)
}
