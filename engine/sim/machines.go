package sim

import (
	"partita/engine"
	"partita/engine/client"
)

type consumerMachine interface {
	machine
	View() client.ConsumerView
	Close(now engine.Time)
	Commit(now engine.Time)
	Seek(topic string, p engine.Partition, o engine.Offset) error
	Pause(topic string, p engine.Partition) error
	Resume(topic string, p engine.Partition) error
	SetPolling(now engine.Time, on bool)
	SetProcess(ms int64)
}

type producerMachine interface {
	machine
	Send(now engine.Time, topic string, p engine.Partition, key, value []byte) error
	Idle() bool
}

var (
	newConsumer func(client.ConsumerConfig, uint64) consumerMachine
	newProducer func(client.ProducerConfig, uint64) producerMachine
)
