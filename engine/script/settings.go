package script

import (
	"strconv"
	"strings"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

// SettingRow is one setting of something, for a panel.
type SettingRow struct {
	Name, Value, Default string
	Valid                string // as Kafka's documentation writes it: [0,...,10] or [a, b]
	Kafka                bool   // else it is about the application, and no setting of Kafka's
	Locked               bool   // it cannot change while it runs, or at all
}

// Settings lists the settings of a consumer, a producer, a topic or a broker (all: of all
// brokers), by kind and name.
func (r *Runner) Settings(kind, name string) (list []SettingRow, err error) {
	w := r.World
	switch kind {
	case "consumer":
		if c := w.Consumer(name); c != nil {
			cfg := c.Config()
			return clientRows(cfg.Settings(), "group.id client.id", notKafkas), nil
		}
	case "producer":
		if p := w.Producer(name); p != nil {
			return clientRows(p.Config().Settings(), "client.id", ""), nil
		}
	case "topic":
		if list := w.Engine().TopicConfigs(name); list != nil {
			return configRows(list), nil
		}
	case "broker":
		id, err := strconv.Atoi(name)
		for _, b := range w.Engine().Brokers(nil) {
			if b.ID == int32(id) || name == allBrokers && err != nil {
				return configRows(w.Engine().BrokerConfigs(int32(id))), nil
			}
		}
	}
	return nil, refusal(sim.Phrase("there is no ", sim.Mark+kind, " ", clip(name), " now"))
}

// notKafkas are settings of a consumer's application.
const notKafkas = "acknowledge commit crash.at output process process.spread processing.guarantee share threads threads.commit threads.order transaction.timeout.ms transactional.id"

func clientRows(settings []client.Setting, locked, others string) (list []SettingRow) {
	in := func(words, name string) bool { return strings.Contains(" "+words+" ", " "+name+" ") }
	for i := range settings {
		s := &settings[i]
		list = append(list, SettingRow{s.Name, s.Value, s.Default, valid(s.Words, s.Min, s.Max), !in(others, s.Name), in(locked, s.Name)})
	}
	return list
}

func configRows(configs []engine.DescribedConfig) (list []SettingRow) {
	for i := range configs {
		c := &configs[i]
		text := valid(c.Words, c.Min, c.Max)
		if c.Type == engine.ConfigDouble {
			text = "[0,...,1]"
		}
		list = append(list, SettingRow{c.Name, c.Value, c.Kafka, text, true, c.ReadOnly})
	}
	return list
}

// valid says what a setting may be, as Kafka's documentation does.
func valid(words []string, min, max int64) string {
	switch {
	case words != nil:
		return "[" + strings.Join(words, ", ") + "]"
	case min == 0 && max == 0:
		return ""
	case max >= 1<<31-1:
		return "[" + itoa(min) + ",...]"
	}
	return "[" + itoa(min) + ",...," + itoa(max) + "]"
}
