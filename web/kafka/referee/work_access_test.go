package referee

import (
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

func init() {
	on("acls", acls)
	on("quotas", quotas)
	on("scram", scram)
}

// settled asks until an answer, as text, is what is wanted or time is over, and notes it:
// Apache Kafka's brokers hear of what the controller has done a little later. An empty want
// is anything.
func (p *play) settled(step, want string, q kmsg.Request, text func(a kmsg.Response) string) {
	last := ""
	p.repeat(most/12, func() bool {
		a, err := p.ask(anyVersion, q)
		if err != nil {
			last = ended(err)
			return false
		}
		last = text(a)
		return want == "" || last == want || p.at.name != nameApache
	})
	p.see(step, last)
}

// sorted is lines in an order of their own.
func sorted(lines []string) string {
	slices.Sort(lines)
	return strings.Join(lines, "; ")
}

func orNull(s *string) string {
	if s == nil {
		return "null"
	}
	return fmt.Sprintf("%q", *s)
}

// acls makes, lists and deletes rules, right ones and wrong ones.
func acls(p *play) {
	type rule = kmsg.CreateACLsRequestCreation
	base := rule{ResourceType: kmsg.ACLResourceTypeTopic, ResourceName: "acls.a", ResourcePatternType: kmsg.ACLResourcePatternTypeLiteral, Principal: "User:acls-ann",
		Host: "*", Operation: kmsg.ACLOperationRead, PermissionType: kmsg.ACLPermissionTypeAllow}
	create := func(step string, change ...func(r *rule)) {
		q := kmsg.NewPtrCreateACLsRequest()
		for _, f := range change {
			r := base
			f(&r)
			q.Creations = append(q.Creations, r)
		}
		p.do(step, q)
	}
	create("one", func(r *rule) {})
	create("again", func(r *rule) {})
	create("two, one of them wrong", func(r *rule) { r.Operation = kmsg.ACLOperationWrite }, func(r *rule) { r.Principal = "acls-ann" })
	create("prefix", func(r *rule) {
		r.ResourceName, r.ResourcePatternType, r.PermissionType = "acls.", 4, kmsg.ACLPermissionTypeDeny
	})
	create("for one address", func(r *rule) { r.Host, r.ResourceType = "10.0.0.1", kmsg.ACLResourceTypeGroup })
	create("none")
	create("no name", func(r *rule) { r.ResourceName = "" })
	create("no principal", func(r *rule) { r.Principal = "" })
	create("no host", func(r *rule) { r.Host, r.Principal = "", "User:acls-adam" })
	create("any operation", func(r *rule) { r.Operation = kmsg.ACLOperationAny })
	create("unknown operation", func(r *rule) { r.Operation = 99 })
	create("operation that topics have not", func(r *rule) { r.Operation = 12 }) // IdempotentWrite
	create("any permission", func(r *rule) { r.PermissionType = 1 })
	create("any type", func(r *rule) { r.ResourceType = 1 })
	create("unknown type", func(r *rule) { r.ResourceType = 77 })
	create("any pattern", func(r *rule) { r.ResourcePatternType = 1 })
	create("matching pattern", func(r *rule) { r.ResourcePatternType = 2 })
	create("cluster of another name", func(r *rule) { r.ResourceType, r.ResourceName, r.Operation = kmsg.ACLResourceTypeCluster, "x", 12 })
	create("type of principal", func(r *rule) { r.Principal, r.ResourceName = "Robot:acls-r2", "acls.robot" })

	find := func(step, want string, change func(q *kmsg.DescribeACLsRequest)) {
		q := kmsg.NewPtrDescribeACLsRequest()
		q.ResourceType, q.ResourcePatternType, q.Operation, q.PermissionType = 1, 1, 1, 1
		q.Principal = kmsg.StringPtr("User:acls-ann")
		change(q)
		p.settled(step, want, q, aclText)
	}
	find("all of hers", "NONE 2 acls. 4 User:acls-ann * 3 2; 2 acls.a 3 User:acls-ann * 12 3; 2 acls.a 3 User:acls-ann * 3 3; 2 acls.a 3 User:acls-ann * 4 3; 3 acls.a 3 User:acls-ann 10.0.0.1 3 3", func(*kmsg.DescribeACLsRequest) {})
	find("what matches", "", func(q *kmsg.DescribeACLsRequest) {
		q.ResourceType, q.ResourceName, q.ResourcePatternType = kmsg.ACLResourceTypeTopic, kmsg.StringPtr("acls.a"), 2
	})
	find("denied", "", func(q *kmsg.DescribeACLsRequest) { q.PermissionType = kmsg.ACLPermissionTypeDeny })
	find("of nobody", "NONE ", func(q *kmsg.DescribeACLsRequest) { q.Principal = kmsg.StringPtr("User:acls-nobody") })
	find("of unknown operations", "", func(q *kmsg.DescribeACLsRequest) { q.Operation = 99 })
	find("of unknown types", "", func(q *kmsg.DescribeACLsRequest) { q.ResourceType = 77 })
	find("of unknown patterns", "", func(q *kmsg.DescribeACLsRequest) { q.ResourcePatternType = 9 })
	find("of no kind of permission", "", func(q *kmsg.DescribeACLsRequest) { q.PermissionType = 0 })

	remove := func(step string, change ...func(f *kmsg.DeleteACLsRequestFilter)) {
		q := kmsg.NewPtrDeleteACLsRequest()
		for _, change := range change {
			f := kmsg.DeleteACLsRequestFilter{ResourceType: 1, ResourcePatternType: 1, Operation: 1, PermissionType: 1, Principal: kmsg.StringPtr("User:acls-ann")}
			change(&f)
			q.Filters = append(q.Filters, f)
		}
		a, err := p.ask(anyVersion, q)
		if err != nil {
			p.see(step, ended(err))
			return
		}
		for _, r := range a.(*kmsg.DeleteACLsResponse).Results {
			var lines []string
			for _, m := range r.MatchingACLs {
				lines = append(lines, fmt.Sprint(codeName(m.ErrorCode), " ", int8(m.ResourceType), " ", m.ResourceName, " ", int8(m.ResourcePatternType), " ", m.Principal, " ", m.Host, " ", int8(m.Operation), " ", int8(m.PermissionType)))
			}
			p.see(step, codeName(r.ErrorCode)+" "+sorted(lines))
		}
	}
	remove("delete those of another", func(f *kmsg.DeleteACLsRequestFilter) { f.Principal = kmsg.StringPtr("User:acls-nobody") })
	remove("delete unknown operations", func(f *kmsg.DeleteACLsRequestFilter) { f.Operation = 99 })
	remove("delete writing, and of groups", func(f *kmsg.DeleteACLsRequestFilter) { f.Operation = kmsg.ACLOperationWrite },
		func(f *kmsg.DeleteACLsRequestFilter) { f.ResourceType = kmsg.ACLResourceTypeGroup })
	remove("delete all of hers", func(*kmsg.DeleteACLsRequestFilter) {})
	remove("delete those without a host", func(f *kmsg.DeleteACLsRequestFilter) { f.Principal = kmsg.StringPtr("User:acls-adam") })
	remove("delete the robot's", func(f *kmsg.DeleteACLsRequestFilter) { f.Principal = kmsg.StringPtr("Robot:acls-r2") })
	find("in the end", "NONE ", func(*kmsg.DescribeACLsRequest) {})
}

// aclText is the rules of an answer.
func aclText(r kmsg.Response) string {
	a := r.(*kmsg.DescribeACLsResponse)
	var lines []string
	for _, res := range a.Resources {
		for _, acl := range res.ACLs {
			lines = append(lines, fmt.Sprint(int8(res.ResourceType), " ", res.ResourceName, " ", int8(res.ResourcePatternType), " ", acl.Principal, " ", acl.Host, " ", int8(acl.Operation), " ", int8(acl.PermissionType)))
		}
	}
	return codeName(a.ErrorCode) + " " + sorted(lines)
}

// quotas sets, lists and removes quotas, right ones and wrong ones.
func quotas(p *play) {
	type entity = kmsg.AlterClientQuotasRequestEntryEntity
	type op = kmsg.AlterClientQuotasRequestEntryOp
	name := kmsg.StringPtr
	alter := func(step string, of []entity, ops ...op) {
		q := kmsg.NewPtrAlterClientQuotasRequest()
		q.ValidateOnly = strings.HasPrefix(step, "only")
		q.Entries = []kmsg.AlterClientQuotasRequestEntry{{Entity: of, Ops: ops}}
		a, err := p.ask(anyVersion, q)
		if err != nil {
			p.see(step, ended(err))
			return
		}
		for _, e := range a.(*kmsg.AlterClientQuotasResponse).Entries {
			p.see(step, codeName(e.ErrorCode))
		}
	}
	user, client := []entity{{Type: "user", Name: name("quotas.u")}}, entity{Type: "client-id", Name: name("quotas.c")}
	rate := op{Key: "producer_byte_rate", Value: 1e6}
	alter("user", user, rate)
	alter("again", user, rate)
	alter("user and client", append(slices.Clone(user), client), rate, op{Key: "request_percentage", Value: 50})
	alter("only validated", user, op{Key: "consumer_byte_rate", Value: 5})
	alter("only validated, wrong", user, op{Key: "no_such_rate", Value: 5})
	alter("unknown key", user, op{Key: "no_such_rate", Value: 5})
	alter("zero", user, op{Key: "consumer_byte_rate"})
	alter("negative", user, op{Key: "consumer_byte_rate", Value: -1})
	alter("not whole", user, op{Key: "consumer_byte_rate", Value: 1.5})
	alter("percentage not whole", user, op{Key: "request_percentage", Value: 12.5})
	alter("mutations", user, op{Key: "controller_mutation_rate", Value: 2.5})
	alter("nobody", nil, rate)
	alter("unknown type", []entity{{Type: "tenant", Name: name("quotas.t")}}, rate)
	alter("user twice", append(slices.Clone(user), entity{Type: "user", Name: name("quotas.v")}), rate)
	alter("no name", []entity{{Type: "user", Name: name("")}}, rate)
	alter("ip and user", []entity{{Type: "ip", Name: name("10.9.9.9")}, {Type: "user", Name: name("quotas.u")}}, rate)
	alter("ip with a client's key", []entity{{Type: "ip", Name: name("10.9.9.9")}}, rate)
	alter("ip", []entity{{Type: "ip", Name: name("10.9.9.9")}}, op{Key: "connection_creation_rate", Value: 7})
	alter("ip that is none", []entity{{Type: "ip", Name: name("not an address")}}, op{Key: "connection_creation_rate", Value: 7})
	alter("user with an address's key", user, op{Key: "connection_creation_rate", Value: 7})
	alter("remove what is not there", user, op{Key: "consumer_byte_rate", Remove: true})
	alter("nothing", user)

	find := func(step, want string, strict bool, of ...kmsg.DescribeClientQuotasRequestComponent) {
		q := kmsg.NewPtrDescribeClientQuotasRequest()
		q.Strict, q.Components = strict, of
		p.settled(step, want, q, quotaText)
	}
	type part = kmsg.DescribeClientQuotasRequestComponent
	byUser, byClient := part{EntityType: "user", Match: name("quotas.u")}, part{EntityType: "client-id", Match: name("quotas.c")}
	find("strictly the user", `NONE user "quotas.u": controller_mutation_rate 2.5, producer_byte_rate 1e+06, request_percentage 12.5`, true, byUser)
	find("the user", "", false, byUser)
	find("both", "", true, byUser, byClient)
	find("any client of the user", "", true, byUser, part{EntityType: "client-id", MatchType: 2})
	find("default client of the user", "NONE ", true, byUser, part{EntityType: "client-id", MatchType: 1})
	find("address", `NONE ip "10.9.9.9": connection_creation_rate 7`, true, part{EntityType: "ip", Match: name("10.9.9.9")})
	find("unknown type", "", true, part{EntityType: "tenant", Match: name("x")})
	find("no type", "", true, part{Match: name("x")})
	find("type twice", "", true, byUser, byUser)
	find("match that is none", "", true, part{EntityType: "user", MatchType: 9})
	find("exact without a name", "", true, part{EntityType: "user"})
	find("any with a name", "", true, part{EntityType: "user", MatchType: 2, Match: name("x")})
	find("address and user", "", true, byUser, part{EntityType: "ip", Match: name("10.9.9.9")})

	alter("remove", user, op{Key: "producer_byte_rate", Remove: true}, op{Key: "request_percentage", Remove: true})
	alter("remove the mutations", user, op{Key: "controller_mutation_rate", Remove: true})
	alter("remove the other", append(slices.Clone(user), client), op{Key: "producer_byte_rate", Remove: true}, op{Key: "request_percentage", Remove: true})
	alter("remove the address's", []entity{{Type: "ip", Name: name("10.9.9.9")}}, op{Key: "connection_creation_rate", Remove: true})
	find("in the end", "NONE ", false, byUser)
}

// quotaText is the quotas of an answer.
func quotaText(r kmsg.Response) string {
	a := r.(*kmsg.DescribeClientQuotasResponse)
	var lines []string
	for _, e := range a.Entries {
		var of, values []string
		for _, part := range e.Entity {
			of = append(of, part.Type+" "+orNull(part.Name))
		}
		for _, v := range e.Values {
			values = append(values, fmt.Sprint(v.Key, " ", v.Value))
		}
		slices.Sort(of)
		slices.Sort(values)
		lines = append(lines, strings.Join(of, " ")+": "+strings.Join(values, ", "))
	}
	return codeName(a.ErrorCode) + " " + sorted(lines)
}

// scram sets and describes credentials, right ones and wrong ones.
func scram(p *play) {
	type up = kmsg.AlterUserSCRAMCredentialsRequestUpsertion
	type down = kmsg.AlterUserSCRAMCredentialsRequestDeletion
	salt, salted := []byte("0123456789abcdef"), []byte("0123456789abcdef0123456789abcdef")
	alter := func(step string, ups []up, downs ...down) {
		q := kmsg.NewPtrAlterUserSCRAMCredentialsRequest()
		q.Upsertions, q.Deletions = ups, downs
		a, err := p.ask(anyVersion, q)
		if err != nil {
			p.see(step, ended(err))
			return
		}
		var lines []string
		for _, r := range a.(*kmsg.AlterUserSCRAMCredentialsResponse).Results {
			lines = append(lines, r.User+" "+codeName(r.ErrorCode))
		}
		p.see(step, sorted(lines))
	}
	ann := up{Name: "scram.ann", Mechanism: 1, Iterations: 4096, Salt: salt, SaltedPassword: salted}
	with := func(change func(u *up)) []up {
		u := ann
		u.Name = "scram.bad"
		change(&u)
		return []up{u}
	}
	alter("one", []up{ann})
	alter("the other mechanism", []up{{Name: "scram.ann", Mechanism: 2, Iterations: 8192, Salt: salt, SaltedPassword: append(salted, salted...)}})
	alter("both mechanisms at once", []up{{Name: "scram.both", Mechanism: 1, Iterations: 4096, Salt: salt, SaltedPassword: salted},
		{Name: "scram.both", Mechanism: 2, Iterations: 4096, Salt: salt, SaltedPassword: salted}})
	alter("twice", []up{ann, ann})
	alter("set and deleted", []up{ann}, down{Name: "scram.ann", Mechanism: 1})
	alter("no name", with(func(u *up) { u.Name = "" }))
	alter("unknown mechanism", with(func(u *up) { u.Mechanism = 9 }))
	alter("no mechanism", with(func(u *up) { u.Mechanism = 0 }))
	alter("too few iterations", with(func(u *up) { u.Iterations = 4095 }))
	alter("too many iterations", with(func(u *up) { u.Iterations = 16385 }))
	alter("no salt", with(func(u *up) { u.Salt = nil }))
	alter("no password", with(func(u *up) { u.SaltedPassword = nil }))
	alter("one right and one wrong", append(with(func(u *up) { u.Iterations = 1 }), up{Name: "scram.bob", Mechanism: 1, Iterations: 5000, Salt: salt, SaltedPassword: salted}))
	alter("delete of nobody", nil, down{Name: "scram.nobody", Mechanism: 1})
	alter("delete the other mechanism", nil, down{Name: "scram.bob", Mechanism: 2})
	alter("delete without a name", nil, down{Mechanism: 1})
	alter("delete an unknown mechanism", nil, down{Name: "scram.ann", Mechanism: 9})
	alter("nothing", nil)

	find := func(step, want string, users ...string) {
		q := kmsg.NewPtrDescribeUserSCRAMCredentialsRequest()
		for _, u := range users {
			q.Users = append(q.Users, kmsg.DescribeUserSCRAMCredentialsRequestUser{Name: u})
		}
		p.settled(step, want, q, scramText)
	}
	find("both mechanisms", "", "scram.both")
	find("ann", "NONE scram.ann NONE 1 4096, 2 8192", "scram.ann")
	find("ann and bob", "NONE scram.ann NONE 1 4096, 2 8192; scram.bob NONE 1 5000", "scram.ann", "scram.bob")
	find("nobody", "", "scram.nobody")
	find("ann twice", "", "scram.ann", "scram.ann")
	find("no name", "", "")
	alter("delete", nil, down{Name: "scram.ann", Mechanism: 1}, down{Name: "scram.bob", Mechanism: 1})
	find("afterwards", "NONE scram.ann NONE 2 8192; scram.bob RESOURCE_NOT_FOUND ", "scram.ann", "scram.bob")
	alter("delete the rest", nil, down{Name: "scram.ann", Mechanism: 2})
	find("in the end", "NONE scram.ann RESOURCE_NOT_FOUND ", "scram.ann")
}

// scramText is the credentials of an answer.
func scramText(r kmsg.Response) string {
	a := r.(*kmsg.DescribeUserSCRAMCredentialsResponse)
	var lines []string
	for _, u := range a.Results {
		var infos []string
		for _, c := range u.CredentialInfos {
			infos = append(infos, fmt.Sprint(c.Mechanism, " ", c.Iterations))
		}
		slices.Sort(infos)
		lines = append(lines, fmt.Sprint(u.User, " ", codeName(u.ErrorCode), " ", strings.Join(infos, ", ")))
	}
	return codeName(a.ErrorCode) + " " + sorted(lines)
}
