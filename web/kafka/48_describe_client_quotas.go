package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DescribeClientQuotas: 0 and 1 (KIP-546). 1 is flexible. Quotas are of users and client
// ids; of addresses there are none.
func init() { on(48, 0, 1, describeClientQuotas) }

// defaultQuota is the engine's name for all users or all clients.
const defaultQuota = "<default>"

func describeClientQuotas(c *call, q *kmsg.DescribeClientQuotasRequest, a *kmsg.DescribeClientQuotasResponse) {
	if code := checkQuotaQuestion(q.Components); code != engine.None {
		a.ErrorCode = int16(code)
		return
	}
	r := c.ask(&engine.DescribeQuotas{})
	a.ErrorCode, a.ErrorMessage = int16(r.Code), orNull(r.Reason)
	body, ok := r.Body.(*engine.DescribeQuotasReply)
	if !ok {
		return
	}
	a.Entries = []kmsg.DescribeClientQuotasResponseEntry{}
	var last engine.Quota
	for _, quota := range body.Entries {
		if !quotaMatches(&quota, q) {
			continue
		}
		if n := len(a.Entries); n == 0 || last.User != quota.User || last.ClientID != quota.ClientID {
			a.Entries = append(a.Entries, kmsg.DescribeClientQuotasResponseEntry{Entity: quotaEntity(&quota)})
		}
		last = quota
		at := &a.Entries[len(a.Entries)-1]
		at.Values = append(at.Values, kmsg.DescribeClientQuotasResponseEntryValue{Key: quota.Key, Value: float64(quota.Value)})
	}
}

// checkQuotaQuestion refuses a question that has no answer, as Kafka's ClientQuotasImage.
func checkQuotaQuestion(components []kmsg.DescribeClientQuotasRequestComponent) engine.Code {
	asked := map[string]bool{}
	for i := range components {
		part := &components[i]
		switch exact := part.MatchType == kmsg.QuotasMatchTypeExact; {
		case part.EntityType == "", asked[part.EntityType], part.MatchType > kmsg.QuotasMatchTypeAny, exact != (part.Match != nil):
			return engine.InvalidRequest
		case part.EntityType != "user" && part.EntityType != "client-id" && part.EntityType != "ip":
			return engine.UnsupportedVersion
		}
		asked[part.EntityType] = true
	}
	if asked["ip"] && len(asked) > 1 {
		return engine.InvalidRequest
	}
	return engine.None
}

func quotaEntity(q *engine.Quota) (entity []kmsg.DescribeClientQuotasResponseEntryEntity) {
	add := func(kind, name string) {
		switch name {
		case "":
		case defaultQuota:
			entity = append(entity, kmsg.DescribeClientQuotasResponseEntryEntity{Type: kind})
		default:
			entity = append(entity, kmsg.DescribeClientQuotasResponseEntryEntity{Type: kind, Name: &name})
		}
	}
	add("user", q.User)
	add("client-id", q.ClientID)
	return entity
}

// quotaMatches tells whether a quota is what the request asks about: each component must
// fit, and a strict request wants no other.
func quotaMatches(quota *engine.Quota, q *kmsg.DescribeClientQuotasRequest) bool {
	asked := map[string]bool{}
	for i := range q.Components {
		component := &q.Components[i]
		name := map[string]string{"user": quota.User, "client-id": quota.ClientID}[component.EntityType]
		asked[component.EntityType] = true
		fits := false
		switch component.MatchType {
		case kmsg.QuotasMatchTypeExact:
			fits = name != "" && name != defaultQuota && name == text(component.Match)
		case kmsg.QuotasMatchTypeDefault:
			fits = name == defaultQuota
		case kmsg.QuotasMatchTypeAny:
			fits = name != ""
		}
		if !fits {
			return false
		}
	}
	return !q.Strict || (quota.User == "" || asked["user"]) && (quota.ClientID == "" || asked["client-id"])
}
