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
		return choices[o.special]
	case o.flag != nil:
		return truths
	}
	return o.words
}

var truths = []string{"true", "false"}

// choices are the words of options that are kept in a form of their own.
var choices = [...][]string{isAssignors: assignors, isIsolation: isolations, isCommit: policies, isAcks: acknowledge[:3], isCompression: codecs[:1],
	isGuarantee: guarantees, isProtocol: protocols, isAcknowledge: acknowledgements, isOrder: orders, isMark: commits, isShareMode: shareModes, isCrash: crashPoints}
