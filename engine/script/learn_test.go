package script_test

import (
	"sync"
	"testing"
)

// TestRunnersSideBySide: rooms run at the same time, and what all of them share is filled
// once, by whoever comes first. The race detector looks on.
func TestRunnersSideBySide(t *testing.T) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			r := newRunner()
			if _, list := r.Complete("kafka-top"); len(list) != 1 {
				t.Errorf("the tools that begin with kafka-top: %v", list)
			}
			if _, err := r.Run("kafka-topics --list"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
