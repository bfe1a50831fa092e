package swarm

import (
	"fmt"
	"testing"
)

// TestTraces prints the traces, for the native test that compares them.
func TestTraces(*testing.T) { fmt.Print(traces()) }
