package why

import (
	"slices"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

func (q *query) settings(list []client.Setting, owner string, names []string) {
	for i := range list {
		if s := &list[i]; slices.Contains(names, s.Name) {
			q.put('s', s.Name, s.Value, s.Default, owner)
		}
	}
}

func (q *query) producerSettings(p *sim.Producer, names ...string) {
	q.settings(p.Config().Settings(), "producer "+p.Name, names)
}

func (q *query) consumerSettings(c *sim.Consumer, names ...string) {
	cfg := c.Config()
	q.settings(cfg.Settings(), "consumer "+c.Name, names)
}

func (q *query) configs(list []engine.DescribedConfig, owner string, names []string) {
	for i := range list {
		if c := &list[i]; slices.Contains(names, c.Name) {
			q.put('s', c.Name, c.Value, c.Kafka, owner)
		}
	}
}

func (q *query) topicSettings(topic string, names ...string) {
	q.configs(q.e.TopicConfigs(topic), "topic "+topic, names)
}

// brokerSettings are those that all brokers have, or one.
func (q *query) brokerSettings(broker int32, names ...string) {
	owner := "broker all"
	if broker != 0 {
		owner = "broker " + itoa(broker)
	}
	q.configs(q.e.BrokerConfigs(broker), owner, names)
}
