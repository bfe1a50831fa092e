package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestVerify: a folder of jars is as the list says, or it is not.
func TestVerify(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list := filepath.Join(dir, "list")
	write("list", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.jar\n")
	if verify(dir, list) == nil {
		t.Error("a jar that is missing went unnoticed")
	}
	write("a.jar", "abd")
	if verify(dir, list) == nil {
		t.Error("a jar that is another went unnoticed")
	}
	write("a.jar", "abc")
	if err := verify(dir, list); err != nil {
		t.Error(err)
	}
	write("list", "nonsense\n")
	if verify(dir, list) == nil {
		t.Error("a list that is none went unnoticed")
	}
}
