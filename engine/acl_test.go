package engine

import (
	"slices"
	"testing"
)

const (
	alice = Session(20)
	admin = Session(21)
	bob   = Session(22)
)

// guarded is a cluster with an authorizer, a super user, and a topic.
func guarded(t *testing.T, more ...ConfigEntry) *Engine {
	t.Helper()
	e := New(Config{Seed: 1, Defaults: append([]ConfigEntry{{Name: "authorizer.class.name", Value: "StandardAuthorizer"},
		{Name: "super.users", Value: "User:admin;User:root"}}, more...)})
	as(t, e, admin, &Authenticate{Principal: "User:admin", Host: "10.0.0.1"})
	as(t, e, alice, &Authenticate{Principal: "User:alice", Host: "10.0.0.2"})
	as(t, e, bob, &Authenticate{Principal: "User:bob", Host: "10.0.0.3"})
	for _, name := range []string{"orders", "orders-eu", "bills"} {
		if r := as(t, e, admin, &CreateTopic{Name: name, Partitions: 1}); r.Code != None {
			t.Fatal(r.Code)
		}
	}
	return e
}

func as(t *testing.T, e *Engine, s Session, cmd Command) Reply {
	t.Helper()
	e.Apply(e.now, s, 1, cmd)
	got := drain(e)
	if len(got) != 1 {
		t.Fatalf("%T: %d replies", cmd, len(got))
	}
	return got[0]
}

func addRule(t *testing.T, e *Engine, permission, principal, op, resource, name, pattern, host string) {
	t.Helper()
	r := as(t, e, admin, &CreateACLs{Rules: []ACL{{resource, name, pattern, principal, host, op, permission}}})
	if r.Code != None || r.Body.(*CodesReply).Codes[0] != None {
		t.Fatalf("%v %+v", r.Code, r.Body)
	}
}

func TestAuthorizerDecides(t *testing.T) {
	e := guarded(t)
	addRule(t, e, allow, "User:alice", opRead, resTopic, "orders", literal, "*")
	addRule(t, e, allow, "User:*", opWrite, resTopic, "orders-", prefixed, "*")
	addRule(t, e, deny, "User:bob", opAll, resTopic, "*", literal, "10.0.0.3")
	addRule(t, e, allow, "User:alice", opAlterConfigs, resTopic, "bills", literal, "10.0.0.2")
	addRule(t, e, allow, "User:alice", opAll, resTopic, "bills", literal, "10.9.9.9")
	for _, c := range []struct {
		who      Session
		op, name string
		want     bool
	}{
		{alice, opRead, "orders", true}, {alice, opDescribe, "orders", true}, {alice, opWrite, "orders", false},
		{alice, opRead, "orders-eu", false}, {alice, opWrite, "orders-eu", true}, {alice, opDescribe, "orders-eu", true},
		{bob, opWrite, "orders-eu", false}, {bob, opDescribe, "bills", false}, {99, opWrite, "orders-eu", true},
		{alice, opDescribeConfigs, "bills", true}, {alice, opDescribe, "bills", false}, {alice, opRead, "bills", false},
		{admin, opDelete, "bills", true}, {0, opDelete, "bills", true}, {alice, opRead, "new", false},
	} {
		if got := e.allowed(c.who, c.op, resTopic, c.name); got != c.want {
			t.Errorf("session %d %s %s: %v", c.who, c.op, c.name, got)
		}
	}
	open := guarded(t, ConfigEntry{Name: "allow.everyone.if.no.acl.found", Value: "true"})
	addRule(t, open, allow, "User:bob", opRead, resTopic, "orders", literal, "*")
	if open.allowed(alice, opRead, resTopic, "orders") || !open.allowed(alice, opRead, resTopic, "bills") {
		t.Error("allow.everyone.if.no.acl.found is about resources without rules")
	}
}

// TestEveryCommandAsks: a session without any rights gets an authorization error from
// every command of the protocol.
func TestEveryCommandAsks(t *testing.T) {
	e := guarded(t)
	id := e.topicByName["orders"]
	topic, group, cluster, txn := TopicAuthorizationFailed, GroupAuthorizationFailed, ClusterAuthorizationFailed, TransactionalIDAuthorizationFailed
	for _, c := range []struct {
		cmd  Command
		want Code
	}{
		{&Produce{Topic: id, Acks: 1, Batch: records(0, "v")}, topic}, {&ListOffsets{Topic: id}, topic}, {&OffsetForLeaderEpoch{Topic: id}, topic},
		{&DescribeProducers{Topic: id}, topic}, {&DeleteRecords{Topic: id}, topic}, {&CreateTopic{Name: "new", Partitions: 1}, topic},
		{&DeleteTopic{Name: "orders"}, topic}, {&CreatePartitions{Name: "orders", Count: 3}, topic}, {&AlterConfig{Topic: "orders"}, topic},
		{&DescribeConfigs{Topic: "orders"}, topic}, {&InitProducerID{}, cluster}, {&InitProducerID{TransactionalID: "t"}, txn},
		{&AddPartitionsToTxn{TransactionalID: "t"}, txn}, {&AddOffsetsToTxn{TransactionalID: "t", Group: "g"}, txn},
		{&TxnOffsetCommit{TransactionalID: "t", Group: "g"}, txn}, {&EndTxn{TransactionalID: "t"}, txn},
		{&FindCoordinator{Key: "g"}, group}, {&FindCoordinator{Key: "t", Transactional: true}, txn},
		{&JoinGroup{Group: "g"}, group}, {&SyncGroup{Group: "g"}, group}, {&Heartbeat{Group: "g"}, group}, {&LeaveGroup{Group: "g"}, group},
		{&OffsetCommit{Group: "g"}, group}, {&OffsetFetch{Group: "g"}, group}, {&OffsetDelete{Group: "g"}, group},
		{&AlterGroupConfig{Group: "g"}, group}, {&DescribeGroupConfig{Group: "g"}, group},
		{&ConsumerGroupHeartbeat{Group: "g"}, group}, {&ShareGroupHeartbeat{Group: "g"}, group}, {&ShareFetch{Group: "g"}, group}, {&ShareAcknowledge{Group: "g"}, group},
		{&AlterBrokerConfig{}, cluster}, {&DescribeBrokerConfigs{}, cluster}, {&AlterQuotas{}, cluster}, {&DescribeQuotas{}, cluster},
		{&ElectLeaders{}, cluster}, {&AlterReassignments{}, cluster}, {&ListReassignments{}, cluster},
		{&CreateACLs{}, cluster}, {&DeleteACLs{}, cluster}, {&DescribeACLs{}, cluster},
	} {
		e.Apply(e.now, alice, 1, c.cmd)
		if events := e.Ready().Events; len(events) != 1 || events[0].Kind != KindDenied || events[0].Code != c.want {
			t.Errorf("%T: events %+v", c.cmd, events)
		}
		if r := drain(e); len(r) != 1 || r[0].Code != c.want {
			t.Errorf("%T: %+v, want %v", c.cmd, r, c.want)
		}
	}
	if r := replies(e, e.now, &Produce{Topic: id, Batch: records(0, "v")}); len(r) != 0 {
		t.Errorf("acks=0 is answered: %+v", r)
	}
	if v, _ := e.Partition(id, 0); v.LogEnd != 0 {
		t.Error("a record was appended")
	}
}

// TestPartlyDenied: commands about many things answer for each.
func TestPartlyDenied(t *testing.T) {
	e := guarded(t)
	addRule(t, e, allow, "User:alice", opRead, resTopic, "orders", literal, "*")
	addRule(t, e, allow, "User:alice", opAll, resGroup, "mine", literal, "*")
	orders, bills := e.topicByName["orders"], e.topicByName["bills"]
	as(t, e, admin, &Produce{Topic: orders, Acks: 1, Batch: records(0, "v")})
	as(t, e, admin, &Produce{Topic: bills, Acks: 1, Batch: records(0, "v")})

	m := as(t, e, alice, &Metadata{All: true}).Body.(*MetadataReply)
	if len(m.Topics) != 1 || m.Topics[0].Name != "orders" {
		t.Errorf("all topics: %+v", m.Topics)
	}
	m = as(t, e, alice, &Metadata{Names: []string{"bills", "orders"}}).Body.(*MetadataReply)
	if m.Topics[0].Code != TopicAuthorizationFailed || len(m.Topics[0].Partitions) != 0 || m.Topics[1].Code != None {
		t.Errorf("two topics: %+v", m.Topics)
	}
	parts := []FetchPart{{Topic: bills, MaxBytes: 1000}, {Topic: orders, MaxBytes: 1000}}
	f := as(t, e, alice, &Fetch{Parts: parts, MinBytes: 1, MaxBytes: 1000, MaxWaitMs: 500}).Body.(*FetchReply)
	if f.Parts[0].Code != TopicAuthorizationFailed || f.Parts[0].Records != nil || f.Parts[1].Code != None || f.Parts[1].Records == nil {
		t.Errorf("fetch: %+v", f.Parts)
	}
	parts[1].Offset = 1
	e.Apply(e.now, alice, 1, &Fetch{Parts: parts, MinBytes: 1, MaxBytes: 1000, MaxWaitMs: 500})
	if len(drain(e)) != 0 {
		t.Error("a fetch that may read one of two partitions does not wait")
	}
	c := as(t, e, alice, &OffsetCommit{Group: "mine", Generation: -1, Offsets: []CommitOffset{{Topic: "bills"}, {Topic: "orders", Offset: 1}}})
	if codes := c.Body.(*OffsetCommitReply).Codes; !slices.Equal(codes, []Code{TopicAuthorizationFailed, None}) {
		t.Errorf("commit: %v", codes)
	}
	o := as(t, e, alice, &OffsetFetch{Group: "mine", Partitions: []TopicPartition{{"bills", 0}, {"orders", 0}}}).Body.(*OffsetFetchReply)
	if o.Offsets[0].Code != TopicAuthorizationFailed || o.Offsets[1].Offset != 1 {
		t.Errorf("offsets: %+v", o.Offsets)
	}
	as(t, e, admin, &OffsetCommit{Group: "others", Generation: -1, Offsets: []CommitOffset{{Topic: "bills"}}})
	l := as(t, e, alice, &ListGroups{}).Body.(*ListGroupsReply)
	if len(l.Groups) != 1 || l.Groups[0].Group != "mine" {
		t.Errorf("groups: %+v", l.Groups)
	}
	d := as(t, e, alice, &DescribeGroups{Groups: []string{"mine", "others"}}).Body.(*DescribeGroupsReply)
	if d.Groups[0].Code != None || d.Groups[1].Code != GroupAuthorizationFailed {
		t.Errorf("described: %+v", d.Groups)
	}
	x := as(t, e, alice, &DeleteGroups{Groups: []string{"others", "mine"}}).Body.(*DeleteGroupsReply)
	if !slices.Equal(x.Codes, []Code{GroupAuthorizationFailed, None}) {
		t.Errorf("deleted: %v", x.Codes)
	}
}

func TestRules(t *testing.T) {
	e := guarded(t)
	good := ACL{resTopic, "orders", literal, "User:alice", "*", opRead, allow}
	bad := []ACL{good, good, good, good, good, good}
	bad[0].Pattern, bad[1].Principal, bad[2].Operation, bad[3].Permission, bad[4].Resource, bad[5].Name = "Match", "alice", "Look", "", resCluster, ""
	for i, code := range as(t, e, admin, &CreateACLs{Rules: bad}).Body.(*CodesReply).Codes {
		if code != InvalidRequest {
			t.Errorf("%+v: %v", bad[i], code)
		}
	}
	wide := ACL{resTopic, "or", prefixed, "User:bob", "*", opWrite, deny}
	group := ACL{resGroup, "g", literal, "User:bob", "*", opRead, allow}
	as(t, e, admin, &CreateACLs{Rules: []ACL{wide, good, group, good}})
	for _, c := range []struct {
		filter ACL
		want   []ACL
	}{
		{ACL{}, []ACL{group, wide, good}}, {ACL{Resource: resTopic}, []ACL{wide, good}}, {ACL{Name: "orders", Pattern: "Match"}, []ACL{wide, good}},
		{ACL{Name: "orders", Pattern: literal}, []ACL{good}}, {ACL{Principal: "User:bob", Permission: allow}, []ACL{group}}, {ACL{Host: "1.1.1.1"}, nil},
	} {
		if got := as(t, e, admin, &DescribeACLs{c.filter}).Body.(*DescribeACLsReply).Rules; !slices.Equal(got, c.want) {
			t.Errorf("%+v: %+v", c.filter, got)
		}
	}
	removed := as(t, e, admin, &DeleteACLs{[]ACL{{Principal: "User:bob"}}}).Body.(*DeleteACLsReply).Removed
	if !slices.Equal(removed, []ACL{group, wide}) || len(e.acls) != 1 {
		t.Errorf("removed %+v, left %+v", removed, e.acls)
	}
	off, _ := newTopic(t, 1)
	for _, cmd := range []Command{&CreateACLs{}, &DeleteACLs{}, &DescribeACLs{}} {
		if r := ask(t, off, 0, cmd); r.Code != SecurityDisabled {
			t.Errorf("%T without an authorizer: %v", cmd, r.Code)
		}
	}
}
