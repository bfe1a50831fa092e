package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// The words of access rules by their numbers in the protocol. "Any" is the engine's empty
// word; "" is a number without a meaning.
var (
	aclResources   = []string{"", "Any", "Topic", "Group", "Cluster", "TransactionalId", "DelegationToken", "User"}
	aclPatterns    = []string{"", "Any", "Match", "Literal", "Prefixed"}
	aclPermissions = []string{"", "Any", "Deny", "Allow"}
	aclOperations  = []string{"", "Any", "All", "Read", "Write", "Create", "Delete", "Alter", "Describe", "ClusterAction", "DescribeConfigs", "AlterConfigs", "IdempotentWrite"}
)

// word gives the engine's word for a number; false for a number without a meaning.
func word(words []string, n int8, filter bool) (string, bool) {
	if n < 1 || int(n) >= len(words) || n == 1 && !filter {
		return "", false
	}
	if n == 1 && &words[0] != &aclPatterns[0] {
		return "", true
	}
	return words[n], true
}

// number is the opposite.
func number(words []string, word string) int8 {
	return int8(max(0, slices.Index(words, word)))
}

// numbersOfACL are a rule as it is on the wire.
type numbersOfACL struct {
	resource   kmsg.ACLResourceType
	pattern    kmsg.ACLResourcePatternType
	operation  kmsg.ACLOperation
	permission kmsg.ACLPermissionType
}

// rule gives a rule or a filter in the engine's words; before version 1 all patterns are
// literal.
func (c *call) rule(n numbersOfACL, name, principal, host string, filter bool) (engine.ACL, bool) {
	if c.version < 1 {
		n.pattern = kmsg.ACLResourcePatternTypeLiteral
	}
	resource, ok1 := word(aclResources, int8(n.resource), filter)
	pattern, ok2 := word(aclPatterns, int8(n.pattern), filter)
	operation, ok3 := word(aclOperations, int8(n.operation), filter)
	permission, ok4 := word(aclPermissions, int8(n.permission), filter)
	return engine.ACL{Resource: resource, Name: name, Pattern: pattern, Principal: principal, Host: host, Operation: operation, Permission: permission},
		ok1 && ok2 && ok3 && ok4
}

func numbersOf(a *engine.ACL) numbersOfACL {
	return numbersOfACL{
		resource:   kmsg.ACLResourceType(number(aclResources, a.Resource)),
		pattern:    kmsg.ACLResourcePatternType(number(aclPatterns, a.Pattern)),
		operation:  kmsg.ACLOperation(number(aclOperations, a.Operation)),
		permission: kmsg.ACLPermissionType(number(aclPermissions, a.Permission)),
	}
}
