package engine

import "testing"

// TestOneTimerForDeferred: looks at commands that wait do not multiply.
func TestOneTimerForDeferred(t *testing.T) {
	e := New(Config{})
	for range 5 {
		e.retryDeferred(txnRetryMs)
	}
	e.retryDeferred(0)
	e.retryDeferred(txnRetryMs)
	count := 0
	for i := range e.timers.heap {
		if e.timers.heap[i].kind == timerTxnDeferred {
			count++
		}
	}
	if count != 2 {
		t.Errorf("%d timers, want one for soon and one for later", count)
	}
}
