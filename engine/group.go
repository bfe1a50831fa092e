package engine

type group struct{}

func (e *Engine) fireGroup(g *group, t timer) {}

// forgetTopic drops the committed offsets of a deleted topic in every group.
func (e *Engine) forgetTopic(id TopicID, name string) {}

func (c *JoinGroup) apply(e *Engine, from Session, tok Token)      {}
func (c *SyncGroup) apply(e *Engine, from Session, tok Token)      {}
func (c *Heartbeat) apply(e *Engine, from Session, tok Token)      {}
func (c *LeaveGroup) apply(e *Engine, from Session, tok Token)     {}
func (c *OffsetCommit) apply(e *Engine, from Session, tok Token)   {}
func (c *OffsetFetch) apply(e *Engine, from Session, tok Token)    {}
func (c *DescribeGroups) apply(e *Engine, from Session, tok Token) {}
func (c *ListGroups) apply(e *Engine, from Session, tok Token)     {}
func (c *DeleteGroups) apply(e *Engine, from Session, tok Token)   {}
func (e *Engine) dropGroupCalls(from Session)                      {}
