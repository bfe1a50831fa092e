package swarm

// cluster draws the brokers and their settings.
func (r *run) cluster() string {
	p := &r.plan
	line := "cluster brokers=" + itoa(p.brokers) + " latency=" + itoa(r.below(30)) + "ms"
	replicas := itoa(min(p.brokers, 1+r.below(3)))
	line += " offsets.topic.num.partitions=" + r.pick("1", "2", "5") + " transaction.state.log.num.partitions=" + r.pick("1", "3") +
		" group.initial.rebalance.delay.ms=" + r.pick("0", "500", "3000") +
		" offsets.topic.replication.factor=" + replicas + " transaction.state.log.replication.factor=" + replicas
	if r.chanceOf(500) || p.clean {
		line += " log.retention.check.interval.ms=" + r.pick("1000", "7000") + " offsets.topic.segment.bytes=" + r.pick("500", "4000") +
			" log.cleaner.backoff.ms=" + r.pick("500", "15000")
	}
	if r.chanceOf(100) {
		line += " group.max.size=" + r.pick("2", "4")
	}
	if r.chanceOf(500) {
		line += " replica.lag.time.max.ms=" + r.pick("1000", "5000") + " broker.session.timeout.ms=" + r.pick("2000", "5000")
	}
	line += r.groupSettings() + r.txnSettings()
	if p.guarded {
		line += " authorizer.class.name=StandardAuthorizer super.users=User:admin allow.everyone.if.no.acl.found=true"
	}
	if p.racks && p.brokers > 1 {
		line += " racks=a,b,c,a,b replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector"
	}
	return line
}

// groupSettings are those of the coordinators of consumer and share groups.
func (r *run) groupSettings() string {
	text := " group.consumer.session.timeout.ms=" + r.pick("6000", "10000", "45000") +
		" group.consumer.heartbeat.interval.ms=" + r.pick("500", "2000", "5000")
	if r.chanceOf(100) {
		text += " group.consumer.max.size=" + r.pick("2", "4")
	}
	if r.chanceOf(200) {
		text += " group.consumer.migration.policy=" + r.pick("disabled", "upgrade", "downgrade")
	}
	if !r.plan.share {
		return text
	}
	return text + " group.share.session.timeout.ms=" + r.pick("6000", "45000") + " group.share.heartbeat.interval.ms=" + r.pick("500", "5000") +
		" group.share.record.lock.duration.ms=" + r.pick("1000", "5000", "30000") +
		" group.share.delivery.count.limit=" + r.pick("2", "5") + " group.share.partition.max.record.locks=" + r.pick("100", "2000") +
		" share.coordinator.state.topic.num.partitions=" + r.pick("1", "3") +
		" share.coordinator.state.topic.replication.factor=" + itoa(min(r.plan.brokers, 1+r.below(3)))
}

func (r *run) txnSettings() string {
	if !r.plan.txn && !r.plan.worker {
		return ""
	}
	text := " transaction.state.log.min.isr=" + r.pick("1", "2")
	if r.chanceOf(200) {
		text += " transaction.state.log.segment.bytes=" + r.pick("500", "4000")
	}
	if r.chanceOf(200) {
		text += " transaction.partition.verification.enable=false"
	}
	return text
}

// replication is what a topic has of it, and what it asks of the ISR.
func (r *run) replication() (text string) {
	if r.plan.brokers == 1 {
		return ""
	}
	replicas := min(r.plan.brokers, 1+r.below(4))
	text = " replication=" + itoa(replicas)
	if replicas > 1 && r.chanceOf(600) {
		text += " min.insync.replicas=2"
	}
	if r.chanceOf(150) {
		text += " unclean.leader.election.enable=true"
	}
	return text
}

// topicSettings are drawn so that retention rarely takes what a group has yet to read,
// unless the seed is about that.
func (r *run) topicSettings() string {
	text := r.replication()
	if r.chanceOf(300) || r.plan.clean {
		text += " segment.bytes=" + r.pick("200", "2000", "20000")
	}
	switch {
	case r.plan.clean && r.chanceOf(600):
		text += " cleanup.policy=" + r.pick("compact", "compact", "compact,delete") + " min.cleanable.dirty.ratio=" + r.pick("0", "0.1", "0.5") +
			" delete.retention.ms=" + r.pick("0", "1000", "10000")
		if r.chanceOf(200) {
			text += " min.compaction.lag.ms=" + r.pick("500", "5000")
		}
	case r.plan.clean && r.chanceOf(500):
		text += " retention.bytes=" + r.pick("1000", "10000")
	}
	if r.chanceOf(100) || r.plan.clean && r.chanceOf(300) {
		text += " retention.ms=" + r.pick("5000", "20000")
	}
	if r.plan.unsynced && r.chanceOf(500) {
		text += " flush.messages=" + r.pick("1", "20") + " flush.ms=" + r.pick("100", "2000")
	}
	if r.chanceOf(100) {
		text += " message.timestamp.type=LogAppendTime"
	}
	return text
}
