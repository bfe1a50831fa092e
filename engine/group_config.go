package engine

// groupRule numbers the settings that a group may have for itself (KIP-848 and KIP-932),
// by Kafka's names. A group without one has the broker's.
type groupRule uint8

const (
	grpHeartbeat groupRule = iota
	grpSession
	grpShareReset
	grpShareHeartbeat
	grpShareIsolation
	grpShareLockMs
	grpShareSession
	groupRulesCount
)

const (
	resetEarliest       = 1
	isolationCommitted  = 1
	noBrokerSetting     = allBrokerSettings
	heartbeatLow        = 5_000
	heartbeatHigh       = 15_000
	sessionLow          = 45_000
	sessionHigh, lockUp = 60_000, 60_000
)

var groupRules = [groupRulesCount]struct {
	rule
	broker brokerSetting
}{
	grpHeartbeat:      {rule{name: "consumer.heartbeat.interval.ms", min: heartbeatLow, max: heartbeatHigh}, brkModernHeartbeat},
	grpSession:        {rule{name: "consumer.session.timeout.ms", min: sessionLow, max: sessionHigh}, brkModernSession},
	grpShareReset:     {rule{name: "share.auto.offset.reset", words: []string{"latest", "earliest"}}, noBrokerSetting},
	grpShareHeartbeat: {rule{name: "share.heartbeat.interval.ms", min: heartbeatLow, max: heartbeatHigh}, brkShareHeartbeat},
	grpShareIsolation: {rule{name: "share.isolation.level", words: []string{"read_uncommitted", "read_committed"}}, noBrokerSetting},
	grpShareLockMs:    {rule{name: "share.record.lock.duration.ms", min: 15_000, max: lockUp}, brkShareLockMs},
	grpShareSession:   {rule{name: "share.session.timeout.ms", min: sessionLow, max: sessionHigh}, brkShareSession},
}

// groupSettings are those that were set for one group, which need not exist yet.
type groupSettings struct {
	name  string
	set   [groupRulesCount]bool
	value [groupRulesCount]int64
}

func (e *Engine) settingsOf(group string) *groupSettings {
	for _, s := range e.groupSettings {
		if s.name == group {
			return s
		}
	}
	return nil
}

// groupSetting is a setting as a group has it.
func (e *Engine) groupSetting(group string, r groupRule) int64 {
	if s := e.settingsOf(group); s != nil && s.set[r] {
		return s.value[r]
	}
	if b := groupRules[r].broker; b != noBrokerSetting {
		return e.broker.value[b]
	}
	return 0
}

// interval and session of the members of a consumer or share group.
func (g *group) rules() (heartbeat, session groupRule) {
	if g.kind == GroupShare {
		return grpShareHeartbeat, grpShareSession
	}
	return grpHeartbeat, grpSession
}

func (c *AlterGroupConfig) apply(e *Engine, from Session, tok Token) {
	if c.Group == "" || len(c.Group) > maxName {
		e.reply(from, tok, InvalidRequest, nil)
		return
	}
	now := &groupSettings{name: c.Group}
	if s := e.settingsOf(c.Group); s != nil {
		*now = *s
	}
	for i := range c.Entries {
		entry := &c.Entries[i]
		r := 0
		for r < len(groupRules) && groupRules[r].name != entry.Name {
			r++
		}
		v, wrong := int64(0), ""
		if r == len(groupRules) {
			wrong = entry.Name
		} else if !entry.Unset {
			v, wrong = groupRules[r].parse(entry.Value)
		}
		if wrong != "" {
			e.reply(from, tok, InvalidConfig, nil)
			return
		}
		now.set[r], now.value[r] = !entry.Unset, v
	}
	if s := e.settingsOf(c.Group); s != nil {
		*s = *now
	} else {
		e.groupSettings = append(e.groupSettings, now)
	}
	for _, entry := range c.Entries {
		text := c.Group + ": " + entry.Name
		if !entry.Unset {
			text += "=" + entry.Value
		}
		e.emit(Event{Kind: KindGroupConfig, Session: from, Offset: Offset(len(c.Group)), Bytes: []byte(text)})
	}
	e.reply(from, tok, None, nil)
}

func (c *DescribeGroupConfig) apply(e *Engine, from Session, tok Token) {
	body := &DescribeConfigsReply{}
	s := e.settingsOf(c.Group)
	for i := range groupRules {
		r := &groupRules[i]
		source := DefaultConfig
		if s != nil && s.set[i] {
			source = DynamicGroup
		}
		body.Entries = append(body.Entries, r.describe(r.name, r.text(e.groupSetting(c.Group, groupRule(i))), source))
	}
	e.reply(from, tok, None, body)
}
