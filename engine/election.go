package engine

func (e *Engine) planBalance()                                          {}
func (e *Engine) balanceLeaders()                                       {}
func (e *Engine) completeReassignment(p *partition, next *registration) {}
func (c *ElectLeaders) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (c *AlterReassignments) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
func (c *ListReassignments) apply(e *Engine, from Session, tok Token) {
	e.reply(from, tok, UnsupportedVersion, nil)
}
