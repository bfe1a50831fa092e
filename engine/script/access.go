package script

import (
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

func accessVerbs() []verb {
	return []verb{
		{words: "user", form: "ww", run: user, example: "user c1 alice", same: same{text: "sasl.jaas.config=… username=@2, of @1"}},
		permit("allow", "Allow"),
		permit("deny", "Deny"),
		{words: "acl remove", form: "|www", settings: "host", run: removeACLs, example: "acl remove alice Read topic:orders",
			same: same{text: "kafka-acls" + server + " --remove --allow-principal User:@2 --operation @3 # @4"}},
		{words: "quota", form: "|w", settings: "user producer_byte_rate consumer_byte_rate request_percentage", run: quota,
			example: "quota p1 producer_byte_rate=1000", same: same{text: "kafka-configs" + server + " --alter --entity-type clients --entity-name @1",
				props: " --add-config "}},
	}
}

// user says who a client is, as its broker knows after SASL or TLS.
func user(r *Runner, a *args) {
	if !r.World.SetUser(a.words[0], principal(a.words[1])) {
		r.fail(r.noClient(a.words[0]))
	}
}

// principal completes a name: alice is User:alice.
func principal(name string) string {
	if strings.HasPrefix(name, "User:") {
		return name
	}
	return "User:" + name
}

var (
	resources  = [...]string{"topic:Topic", "group:Group", "cluster:Cluster", "transactional-id:TransactionalId"}
	operations = [...]string{"All", "Read", "Write", "Create", "Delete", "Alter", "Describe", "ClusterAction",
		"DescribeConfigs", "AlterConfigs", "IdempotentWrite"}
)

// rule reads alice Read topic:orders; a name that ends with * is a prefix.
func (r *Runner) rule(words []string, a *args) (rule engine.ACL) {
	rule = engine.ACL{Host: "*", Pattern: "Literal"}
	if host, ok := a.setting("host"); ok {
		rule.Host = host
	}
	for i, word := range words {
		switch i {
		case 0:
			rule.Principal = principal(word)
		case 1:
			for _, o := range operations {
				if strings.EqualFold(o, word) {
					rule.Operation = o
				}
			}
			if rule.Operation == "" {
				r.fail(sim.Phrase("", clip(word), " is not an operation: there are ", strings.Join(operations[:], ", ")))
			}
		case 2:
			kind, name, _ := strings.Cut(word, ":")
			for _, k := range resources {
				if full, ok := strings.CutPrefix(k, kind+":"); ok {
					rule.Resource, rule.Name = full, name
				}
			}
			if stem, ok := strings.CutSuffix(name, "*"); ok && stem != "" {
				rule.Name, rule.Pattern = stem, "Prefixed"
			}
			if rule.Resource == "Cluster" {
				rule.Name = "kafka-cluster"
			}
			if rule.Resource == "" || rule.Name == "" {
				r.fail(sim.Phrase("", clip(word), " is not a resource: write topic:orders, topic:ord*, group:billing, transactional-id:t1 or cluster"))
			}
		}
	}
	return rule
}

func permit(second, permission string) verb {
	words := "acl " + second
	return verb{words: words, form: "www", settings: "host", example: words + " alice Read topic:orders",
		same: same{write: func(l *Line) string {
			var r Runner
			a := args{Line: l, words: l.Words[2:]}
			rule := r.rule(a.words, &a)
			text := "kafka-acls" + server + " --add --" + second + "-principal " + arg(rule.Principal) + " --operation " + arg(rule.Operation)
			switch {
			case rule.Resource == "Cluster":
				return text + " --cluster"
			case rule.Pattern == "Prefixed":
				text += " --resource-pattern-type prefixed"
			}
			kind, _, _ := strings.Cut(a.words[2], ":")
			return text + " --" + kind + " " + arg(rule.Name)
		}},
		run: func(r *Runner, a *args) {
			rule := r.rule(a.words, a)
			rule.Permission = permission
			if r.err == nil {
				r.codesCall(&engine.CreateACLs{Rules: []engine.ACL{rule}})
			}
		}}
}

// codesCall sends a command that is answered with codes, and fails with the first refusal.
func (r *Runner) codesCall(cmd engine.Command) {
	r.refused(r.World.Call(cmd, func(reply *engine.Reply) {
		if body, ok := reply.Body.(*engine.CodesReply); ok {
			for _, code := range body.Codes {
				r.refused(code, refuses)
			}
		}
	}), refuses)
}

// removeACLs takes away the rules that match: all, those of a principal, and so on.
func removeACLs(r *Runner, a *args) {
	filter := r.rule(a.words, a)
	if filter.Resource == "" {
		filter.Pattern = "Any"
	}
	if _, ok := a.setting("host"); !ok {
		filter.Host = ""
	}
	if r.err == nil {
		r.refused(r.World.Call(&engine.DeleteACLs{Filters: []engine.ACL{filter}}, nil), refuses)
	}
}

// quota sets limits of a client, by its name, or of a user; an empty value takes one away.
func quota(r *Runner, a *args) {
	cmd := &engine.AlterQuotas{}
	user, _ := a.setting("user")
	for _, s := range a.Settings {
		if s.Name == "user" {
			continue
		}
		q := engine.Quota{User: user, ClientID: a.word(0), Key: s.Name, Remove: s.Value == ""}
		if !q.Remove {
			q.Value = r.number(s.Name, s.Value, 1, 1<<40)
		}
		cmd.Entries = append(cmd.Entries, q)
	}
	if cmd.Entries == nil || user == "" && a.word(0) == "" {
		r.fail(sim.Mark + "quota needs a client or a user, and a limit, as in: quota p1 producer_byte_rate=1000")
	}
	if r.err == nil {
		r.codesCall(cmd)
	}
}
