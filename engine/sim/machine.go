package sim

import (
	"errors"

	"partita/engine"
	"partita/engine/client"
)

// ConsumerMachine is what a world calls of client.Consumer.
type ConsumerMachine interface {
	machine
	View() client.ConsumerView
	State() client.ConsumerState
	Close(now engine.Time)
	Commit(now engine.Time) error
	Seek(now engine.Time, topic string, p engine.Partition, o engine.Offset) error
	Pause(now engine.Time, topic string, p engine.Partition) error
	Resume(now engine.Time, topic string, p engine.Partition) error
	SetPolling(now engine.Time, on bool)
	SetProcess(ms int64)
}

// newConsumer makes a consumer; until there is one, worlds have none.
var newConsumer func(client.ConsumerConfig, uint64) ConsumerMachine

var errNoConsumer = errors.New("there are no simulated consumers yet")
