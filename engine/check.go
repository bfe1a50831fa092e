package engine

func (e *Engine) Check() error { return nil }
