package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// installPackages runs npm ci in web/ui unless node_modules already is what the lock file
// says: a stamp inside node_modules holds the hash of the lock that it was made from.
func installPackages(ui string) error {
	sum := sha256.New()
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join(ui, name))
		if err != nil {
			return err
		}
		sum.Write(data)
	}
	want := hex.EncodeToString(sum.Sum(nil))
	stamp := filepath.Join(ui, "node_modules", ".partita-lock")
	if have, err := os.ReadFile(stamp); err == nil && string(have) == want {
		return nil
	}
	if _, err := exec.LookPath("npm"); err != nil {
		return errors.New("npm is not installed: the build needs Node.js 20 or newer with npm")
	}
	fmt.Println("bundle: npm ci in", ui)
	cmd := exec.Command("npm", "ci", "--ignore-scripts")
	cmd.Dir = ui
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, text)
	}
	return os.WriteFile(stamp, []byte(want), 0o644)
}
