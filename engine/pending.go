package engine

// Commands that are in the vocabulary and not built yet: each is refused.

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
