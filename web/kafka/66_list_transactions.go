package kafka

import (
	"regexp"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// ListTransactions: 0 to 2 (KIP-664). 1 filters by duration (KIP-994), 2 by a regular
// expression of the transactional id, which RE2 reads there and Go here (KIP-1152).
func init() { on(66, 0, 2, listTransactions) }

// txnStates are the states that a filter may name.
var txnStates = []string{"Empty", "Ongoing", "PrepareCommit", "PrepareAbort", "CompleteCommit", "CompleteAbort", "PrepareEpochFence", "Dead"}

func listTransactions(c *call, q *kmsg.ListTransactionsRequest, a *kmsg.ListTransactionsResponse) {
	cmd := &engine.ListTransactions{ProducerIDs: q.ProducerIDFilters}
	if c.version >= 1 {
		cmd.OlderThanMs = q.DurationFilterMillis
	}
	var name *regexp.Regexp
	if c.version >= 2 && text(q.TransactionalIDPattern) != "" {
		var err error
		if name, err = regexp.Compile("^(?:" + *q.TransactionalIDPattern + ")$"); err != nil {
			a.ErrorCode = int16(engine.InvalidRegularExpression)
			return
		}
	}
	for _, state := range q.StateFilters {
		if slices.Contains(txnStates, state) {
			cmd.States = append(cmd.States, state)
		} else {
			a.UnknownStateFilters = append(a.UnknownStateFilters, state)
		}
	}
	if len(q.StateFilters) > 0 && len(cmd.States) == 0 {
		return // nothing is in a state that is not there
	}
	r := c.ask(cmd)
	a.ErrorCode = int16(r.Code)
	if body, ok := r.Body.(*engine.ListTransactionsReply); ok {
		for i := range body.Transactions {
			t := &body.Transactions[i]
			if name != nil && !name.MatchString(t.TransactionalID) {
				continue
			}
			a.TransactionStates = append(a.TransactionStates, kmsg.ListTransactionsResponseTransactionState{
				TransactionalID: t.TransactionalID, ProducerID: t.ProducerID, TransactionState: t.State})
		}
	}
}
