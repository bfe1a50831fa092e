package engine

// Commands that are in the vocabulary and not built yet: each is refused.
