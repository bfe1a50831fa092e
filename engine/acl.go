package engine

import (
	"slices"
	"strings"
)

// Words of access rules, Kafka's.
const (
	resTopic   = "Topic"
	resGroup   = "Group"
	resCluster = "Cluster"
	resTxn     = "TransactionalId"

	opAll             = "All"
	opRead            = "Read"
	opWrite           = "Write"
	opCreate          = "Create"
	opDelete          = "Delete"
	opAlter           = "Alter"
	opDescribe        = "Describe"
	opDescribeConfigs = "DescribeConfigs"
	opAlterConfigs    = "AlterConfigs"
	opIdempotentWrite = "IdempotentWrite"
	opClusterAction   = "ClusterAction"

	literal  = "Literal"
	prefixed = "Prefixed"
	allow    = "Allow"
	deny     = "Deny"
	wildcard = "*"

	clusterName = "kafka-cluster"
)

var (
	aclResources  = []string{resTopic, resGroup, resCluster, resTxn, "DelegationToken", "User"}
	aclOperations = []string{opAll, opRead, opWrite, opCreate, opDelete, opAlter, opDescribe, opClusterAction, opDescribeConfigs,
		opAlterConfigs, opIdempotentWrite, "CreateTokens", "DescribeTokens"}
)

// allowed tells whether a session may do that, as Kafka's StandardAuthorizer decides: a
// super user may; a rule that denies wins over one that allows; without any rule about
// the resource allow.everyone.if.no.acl.found decides. Session 0 is the cluster itself.
func (e *Engine) allowed(from Session, op, resource, name string) bool {
	p := e.callerOf(from)
	if from == 0 || slices.Contains(strings.Split(e.broker.texts[e.broker.value[brkSuperUsers]], ";"), p.principal) {
		return true
	}
	found, yes := false, false
	for _, a := range e.acls {
		if a.Resource != resource || !a.covers(name) {
			continue
		}
		found = true
		if !a.isAbout(p) || !a.means(op) {
			continue
		}
		if a.Permission == deny {
			return false
		}
		yes = true
	}
	return yes || !found && e.broker.value[brkAllowIfNoACL] != 0
}

// covers tells whether a rule is about the resource of that name.
func (a *ACL) covers(name string) bool {
	if a.Pattern == prefixed {
		return strings.HasPrefix(name, a.Name)
	}
	return a.Name == name || a.Name == wildcard
}

func (a *ACL) isAbout(p *caller) bool {
	return (a.Principal == p.principal || a.Principal == "User:*") && (a.Host == p.host || a.Host == wildcard)
}

// means tells whether a rule is about an operation. Who may read, write, delete or alter
// may also describe; but who may not, may still describe.
func (a *ACL) means(op string) bool {
	switch {
	case a.Operation == op || a.Operation == opAll:
		return true
	case a.Permission == deny:
		return false
	case op == opDescribe:
		return a.Operation == opRead || a.Operation == opWrite || a.Operation == opDelete || a.Operation == opAlter
	}
	return op == opDescribeConfigs && a.Operation == opAlterConfigs
}

// allowedAny tells whether a session may write to some topic at all, which is enough for
// an idempotent producer to get its id (KIP-679).
func (e *Engine) allowedAny(from Session, op, resource string) bool {
	p := e.callerOf(from)
	for _, a := range e.acls {
		if a.Resource == resource && a.Permission == allow && a.isAbout(p) && a.means(op) && e.allowed(from, op, resource, a.Name) {
			return true
		}
	}
	return e.allowed(from, op, resource, "")
}

// denied is the code for a session that may not do that, or None; the refusal is an event.
func (e *Engine) denied(from Session, op, resource, name string) Code {
	if !e.authorizing || e.allowed(from, op, resource, name) {
		return None
	}
	code, ev := ClusterAuthorizationFailed, Event{Kind: KindDenied, Session: from}
	switch resource {
	case resTopic:
		code, ev.Topic = TopicAuthorizationFailed, e.topicByName[name]
	case resGroup:
		code, ev.Group = GroupAuthorizationFailed, e.groupByName[name]
	case resTxn:
		code = TransactionalIDAuthorizationFailed
	}
	ev.Code, ev.Bytes = code, []byte(e.callerOf(from).principal+" "+op+" "+resource+" "+name)
	e.emit(ev)
	return code
}

// key orders rules.
func (a *ACL) key() string {
	return a.Resource + "\x00" + a.Name + "\x00" + a.Pattern + "\x00" + a.Principal + "\x00" + a.Host + "\x00" + a.Operation + "\x00" + a.Permission
}

// words are for people.
func (a *ACL) words() []byte {
	s := a.Permission + " " + a.Principal + " " + a.Operation + " " + a.Resource + " " + a.Name
	if a.Pattern == prefixed {
		s += wildcard
	}
	if a.Host != wildcard {
		s += " from " + a.Host
	}
	return []byte(s)
}

func (e *Engine) emitACL(from Session, kind Kind, a *ACL) {
	ev := Event{Kind: kind, Session: from, Bytes: a.words(), Offset: Offset(len(a.Principal)), End: Offset(len(a.Name))}
	if a.Pattern == prefixed {
		ev.Aux = 1
	}
	e.emit(ev)
}

// check says what is wrong with a new rule.
func (a *ACL) check() Code {
	switch {
	case !slices.Contains(aclResources, a.Resource), !slices.Contains(aclOperations, a.Operation),
		a.Pattern != literal && a.Pattern != prefixed, a.Permission != allow && a.Permission != deny,
		a.Name == "" || a.Host == "" || !strings.HasPrefix(a.Principal, "User:"),
		a.Resource == resCluster && a.Name != clusterName:
		return InvalidRequest
	}
	return None
}

// matches tells whether a rule passes a filter, in which empty words stand for any.
func (f *ACL) matches(a *ACL) bool {
	is := func(filter, word string) bool { return filter == "" || filter == "Any" || filter == word }
	if !is(f.Resource, a.Resource) || !is(f.Principal, a.Principal) || !is(f.Host, a.Host) || !is(f.Operation, a.Operation) || !is(f.Permission, a.Permission) {
		return false
	}
	switch {
	case f.Pattern == "Match" && f.Name != "":
		return a.covers(f.Name)
	case f.Pattern != "Match" && !is(f.Pattern, a.Pattern):
		return false
	}
	return f.Name == "" || f.Name == a.Name
}

func (c *CreateACLs) apply(e *Engine, from Session, tok Token) {
	if !e.authorizing {
		e.refuse(from, tok, SecurityDisabled, "No Authorizer is configured on the broker")
		return
	}
	body := &CodesReply{Codes: make([]Code, len(c.Rules))}
	for i := range c.Rules {
		a := c.Rules[i]
		if body.Codes[i] = a.check(); body.Codes[i] != None {
			continue
		}
		e.setACL(from, &a, true)
	}
	e.reply(from, tok, None, body)
}

// setACL adds a rule, or takes it away.
func (e *Engine) setACL(from Session, a *ACL, add bool) {
	at, key := 0, a.key()
	for at < len(e.acls) && e.acls[at].key() < key {
		at++
	}
	switch there := at < len(e.acls) && *e.acls[at] == *a; {
	case add && !there:
		e.acls = InsertAt(e.acls, at, a)
		e.emitACL(from, KindACLAdded, a)
	case !add && there:
		e.acls = removeAt(e.acls, at)
		e.emitACL(from, KindACLRemoved, a)
	}
}

func (c *DeleteACLs) apply(e *Engine, from Session, tok Token) {
	if !e.authorizing {
		e.refuse(from, tok, SecurityDisabled, "No Authorizer is configured on the broker")
		return
	}
	body := &DeleteACLsReply{}
	for at := 0; at < len(e.acls); {
		a, gone := e.acls[at], false
		for i := range c.Filters {
			gone = gone || c.Filters[i].matches(a)
		}
		if !gone {
			at++
			continue
		}
		e.setACL(from, a, false)
		body.Removed = append(body.Removed, *a)
	}
	e.reply(from, tok, None, body)
}

func (c *DescribeACLs) apply(e *Engine, from Session, tok Token) {
	if !e.authorizing {
		e.refuse(from, tok, SecurityDisabled, "No Authorizer is configured on the broker")
		return
	}
	body := &DescribeACLsReply{}
	for _, a := range e.acls {
		if c.Filter.matches(a) {
			body.Rules = append(body.Rules, *a)
		}
	}
	e.reply(from, tok, None, body)
}
