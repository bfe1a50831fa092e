package client

// Choices lists what a setting of a consumer may be; nil for numbers and free text.
func (c *ConsumerConfig) Choices(name string) []string { return choicesOf(c.options(), name) }

// Choices lists what a setting of a producer may be; nil for numbers and free text.
func (c *ProducerConfig) Choices(name string) []string { return choicesOf(c.options(), name) }

func choicesOf(options []option, name string) []string {
	if o, _ := find(options, name, ""); o != nil {
		return o.choices()
	}
	return nil
}

func (o *option) choices() []string {
	switch {
	case o.special != 0:
		return choices(o.special)
	case o.flag != nil:
		return truths
	}
	return o.words
}

var truths = []string{"true", "false"}

// choices are the words of options that are kept in a form of their own.
func choices(special uint8) []string {
	switch special {
	case isAssignors:
		return assignors
	case isIsolation:
		return isolations
	case isCommit:
		return policies
	case isAcks:
		return acknowledge[:3]
	case isCompression:
		return codecs[:1]
	case isGuarantee:
		return guarantees
	case isProtocol:
		return protocols
	case isAcknowledge:
		return acknowledgements
	case isOrder:
		return orders
	case isMark:
		return commits
	case isShareMode:
		return shareModes
	case isCrash:
		return crashPoints
	}
	return nil
}
