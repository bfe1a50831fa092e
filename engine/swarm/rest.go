package swarm

import (
	"errors"
	"strings"

	"partita/engine"
)

// unnoticed is what Settle says of partitions that no member knows of. With static
// members it may stay so: a group leader that restarts is told to skip the assignment
// (KIP-814), and takes for granted what it finds in the metadata then.
const (
	unnoticed = "does not know all partitions of its topics yet"
	undeleted = "does not know yet that a topic is gone"
)

// restMs is how long the cluster may take, once clients have settled, to end what they
// have left open: transactions run out, replicas catch up.
const restMs = 200_000

// liveness mends everything and waits for the end.
func (r *run) liveness() error {
	for _, line := range r.calming() {
		if err := r.do(line); err != nil && !refusable(line) && !strings.HasPrefix(line, "skew ") {
			return err
		}
	}
	if err := r.advance(20_000); err != nil {
		return err
	}
	for _, line := range r.healing() {
		if err := r.do(line); err != nil && !refusable(line) && !strings.HasPrefix(line, "consumer ") {
			return err // a consumer may have come to its own end meanwhile
		}
	}
	if r.plan.renew { // now that there is a controller again
		if err := r.advance(20_000); err != nil {
			return err
		}
		for _, t := range r.missing() {
			if err := r.do(createLine(t)); err != nil {
				return err
			}
		}
	}
	for left := restMs; ; left -= 5_000 {
		done, why := r.settle()
		if !done && (strings.HasSuffix(why, unnoticed) || strings.HasSuffix(why, undeleted)) && r.static {
			r.monitor.Excused["group.instance.id"]++
			return r.check()
		}
		if !done && r.hanging() {
			r.monitor.Excused["log.flush.interval.messages"]++
			return r.check()
		}
		if !done {
			return errors.New("liveness: it does not settle: " + why)
		}
		if err := r.check(); err != nil {
			return err
		}
		err := r.atRest()
		if err == nil {
			break
		}
		if left <= 0 {
			return err
		}
		if err := r.advance(5_000); err != nil {
			return err
		}
	}
	if err := r.world.Engine().CheckAtRest(); err != nil {
		return err
	}
	return r.exactlyOnce()
}

// settle waits for as long as something is processed: a consumer that asks for one record
// at a time needs long for all of them.
func (r *run) settle() (done bool, why string) {
	for range 10 {
		before := r.processed
		if done, why = r.world.Settle(5_000_000); done || r.processed == before {
			break
		}
	}
	return done, why
}

// hanging: a coordinator has lost its log with the power of its machine, and a transaction
// that was in it stays open for good.
func (r *run) hanging() bool {
	known := map[int64]bool{}
	r.world.Engine().Transactions(func(v engine.TransactionView) bool {
		known[v.ProducerID] = known[v.ProducerID] || v.State == engine.TxnOngoing || v.State == engine.TxnPrepareCommit || v.State == engine.TxnPrepareAbort
		return true
	})
	return r.plan.unsynced && r.everywhere(func(t engine.TopicView, p engine.Partition) error {
		for _, open := range r.world.Engine().OpenTransactions(t.ID, p) {
			if !known[open.ProducerID] {
				return errors.New("nobody ends a transaction")
			}
		}
		return nil
	}) != nil
}

// atRest looks at a cluster in which nothing is left to happen.
func (r *run) atRest() error {
	for _, look := range [...]func() error{r.groupsRest, r.transactionsRest, r.replicasRest} {
		if err := look(); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) groupsRest() (err error) {
	e := r.world.Engine()
	e.Groups(func(g engine.GroupView) bool {
		members := e.Members(g.ID, nil)
		switch {
		case g.State != engine.GroupStable && g.State != engine.GroupEmpty:
			err = errors.New("liveness: group " + g.Name + " is " + g.State.String())
		case g.State == engine.GroupEmpty && len(members) > 0:
			err = errors.New("liveness: group " + g.Name + " is Empty with members")
		}
		return err == nil
	})
	return err
}

func (r *run) transactionsRest() (err error) {
	r.world.Engine().Transactions(func(v engine.TransactionView) bool {
		if v.State == engine.TxnOngoing || v.State == engine.TxnPrepareCommit || v.State == engine.TxnPrepareAbort || v.State == engine.TxnPrepareEpochFence {
			err = errors.New("liveness: transaction " + v.TransactionalID + " is " + v.State.String())
		}
		return err == nil
	})
	if err != nil {
		return err
	}
	return r.everywhere(func(t engine.TopicView, p engine.Partition) error {
		// A coordinator that has lost its log cannot end what was in it.
		if v, _ := r.world.Engine().Partition(t.ID, p); !r.plan.unsynced && v.LastStable < v.HighWatermark {
			return errors.New("liveness: the last stable offset is " + itoa(int64(v.LastStable)) + ", the high watermark " + itoa(int64(v.HighWatermark)))
		}
		return nil
	})
}

// replicasRest: every replica is in the ISR and has everything.
func (r *run) replicasRest() error {
	return r.everywhere(func(t engine.TopicView, p engine.Partition) error {
		v, _ := r.world.Engine().Partition(t.ID, p)
		if v.Leader < 0 {
			return errors.New("liveness: no partition leader")
		}
		for _, one := range r.world.Engine().Replicas(t.ID, p, nil) {
			if !one.InSync || one.LEO < v.HighWatermark {
				return errors.New("liveness: replica " + itoa(int64(one.Broker)) + " is behind or not in the ISR")
			}
		}
		return nil
	})
}

// everywhere looks at each partition up to the first that is not right.
func (r *run) everywhere(look func(t engine.TopicView, p engine.Partition) error) (err error) {
	r.world.Engine().Topics(func(t engine.TopicView) bool {
		for p := range engine.Partition(t.Partitions) {
			if err = look(t, p); err != nil {
				err = errors.New(err.Error() + " of " + engine.TopicPartition{Topic: t.Name, Partition: p}.String())
				return false
			}
		}
		return true
	})
	return err
}
