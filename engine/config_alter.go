package engine

// hasBroker tells whether there is a broker of that id; 0 stands for all of them.
func (e *Engine) hasBroker(id int32) bool { return id == 0 || e.brokerAt(id) != nil }

func (c *AlterBrokerConfig) apply(e *Engine, from Session, tok Token) {
	code, wrong := None, ""
	if !e.hasBroker(c.Broker) {
		code = InvalidRequest
	}
	for i := 0; i < len(c.Entries) && code == None; i++ {
		code, wrong = e.checkBrokerSetting(c, &c.Entries[i])
	}
	if code != None {
		e.refuse(from, tok, code, wrong)
		return
	}
	b := &e.broker
	for i := range c.Entries {
		entry := &c.Entries[i]
		s, v, _ := b.parse(entry)
		if !c.Static {
			b.set(c.Broker, s, v, entry.Unset)
		} else if b.static[s], b.source[s] = v, StaticBroker; entry.Unset {
			r, _ := s.rule()
			b.static[s], b.source[s] = r.value, DefaultConfig
		}
		ev := Event{Kind: KindBrokerConfigAltered, Session: from, Aux: int64(c.Broker), Bytes: entry.bytes()}
		if c.Static {
			ev.Epoch = 1
		}
		e.emit(ev)
	}
	e.reconfigure()
	e.reguard()
	e.reply(from, tok, None, nil)
}

// checkBrokerSetting says what speaks against a new value.
func (e *Engine) checkBrokerSetting(c *AlterBrokerConfig, entry *ConfigEntry) (code Code, wrong string) {
	s, _, wrong := e.broker.parse(entry)
	_, ok := brokerSettingNamed(entry.Name)
	switch {
	case wrong != "" && c.Static:
		return InvalidConfig, wrong
	case !c.Static && (!ok || !s.dynamic()):
		return InvalidRequest, "Cannot update these configs dynamically: Set(" + entry.Name + ")"
	case wrong != "":
		return InvalidRequest, wrong
	case c.Broker != 0 && c.Static:
		return InvalidRequest, entry.Name + " in server.properties is the same for all brokers here: set it for all of them"
	}
	return None, ""
}

// onlyBroker is the broker when there is one, else 0 for all.
func (e *Engine) onlyBroker() int32 {
	if len(e.brokers) == 1 {
		return FirstBroker
	}
	return 0
}

// reconfigure brings the broker's settings into force, and as defaults into topics. With
// a single broker, its own settings are everybody's.
func (e *Engine) reconfigure() {
	only := e.onlyBroker()
	for s := range allBrokerSettings {
		e.broker.value[s], _ = e.broker.at(only, s)
	}
	for _, t := range e.topics {
		if t == nil {
			continue
		}
		for i := range t.config.value {
			if !t.config.set[i] {
				t.config.value[i] = e.broker.value[int(brokerSettings)+i]
			}
		}
	}
	e.eachPartition(e.localize)
}

// localize finds out whether the broker that leads a partition has settings of its own
// which are defaults of topics (log.retention.ms of one broker). Followers in Kafka go by
// their own broker's; here there is one copy of the bytes, and the leader's count.
func (e *Engine) localize(p *partition) {
	p.local = nil
	for _, o := range e.broker.own {
		if o.broker == 0 || o.broker != p.actor() || o.setting < brokerSettings {
			continue
		}
		i := o.setting - brokerSettings
		if p.topic.config.set[i] {
			continue
		}
		if p.local == nil {
			c := p.topic.config
			p.local = &c
		}
		p.local.value[i] = o.value
	}
}

func (c *DescribeBrokerConfigs) apply(e *Engine, from Session, tok Token) {
	if !e.hasBroker(c.Broker) {
		e.reply(from, tok, InvalidRequest, nil)
		return
	}
	e.reply(from, tok, None, &DescribeConfigsReply{Entries: e.BrokerConfigs(c.Broker)})
}

// BrokerConfigs lists the settings of a broker by name; 0 stands for all of them.
func (e *Engine) BrokerConfigs(id int32) (l []DescribedConfig) {
	for s := range allBrokerSettings {
		r, name := s.rule()
		v, source := e.broker.at(id, s)
		text := ""
		if r.flags&ruleText != 0 {
			text = e.broker.texts[v]
		} else {
			text = r.text(v)
		}
		d := r.describe(name, text, source)
		d.ReadOnly = !s.dynamic()
		l = append(l, d)
	}
	SortBy(len(l), func(i, j int) bool { return l[i].Name < l[j].Name }, func(i, j int) { l[i], l[j] = l[j], l[i] })
	return l
}
