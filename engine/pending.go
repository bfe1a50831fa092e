package engine

// Commands that are in the vocabulary and not built yet: each is refused.

func (*ElectLeaders) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*AlterReassignments) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*ListReassignments) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*OffsetForLeaderEpoch) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*DescribeCluster) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*CrashBroker) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*StopBroker) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*StartBroker) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*PauseBroker) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*ResumeBroker) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*SlowBroker) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*CutLink) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*HealLink) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*SetBrokerLatency) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*FindCoordinator) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*ShareFetch) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*ShareAcknowledge) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*OffsetDelete) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*Authenticate) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*CreateACLs) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*DeleteACLs) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*DescribeACLs) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*AlterQuotas) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (*DescribeQuotas) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
