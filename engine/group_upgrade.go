package engine

func (e *Engine) mayUpgrade(g *group) bool                                      { return false }
func (e *Engine) upgrade(g *group, from Session)                                {}
func (e *Engine) mayDowngrade(g *group) bool                                    { return false }
func (e *Engine) downgrade(g *group, from Session, who MemberID)                {}
func (e *Engine) targetShared(g *group, members []AssignorMember, from Session) {}
