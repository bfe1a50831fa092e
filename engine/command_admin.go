package engine

// Commands about access, quotas and old records.
type (
	// DeleteRecords moves the log start offset forward (protocol key 21). Reply.Offset is
	// the new one. Codes: OffsetOutOfRange, PolicyViolation on a topic that is only compacted.
	DeleteRecords struct {
		Topic     TopicID
		Partition Partition
		Before    Offset // -1: the high watermark
	}

	// OffsetDelete removes committed offsets of a group (protocol key 47). Body:
	// *CodesReply. Codes: GroupIDNotFound, NonEmptyGroup, GroupSubscribedToTopic.
	OffsetDelete struct {
		Group      string
		Partitions []TopicPartition
	}

	// Authenticate says who a session is, once SASL or TLS has proved it. A session that
	// never says so is User:ANONYMOUS. There is no protocol key: brokers do this themselves.
	Authenticate struct {
		Principal string // User:alice
		Host      string
		ClientID  string
	}

	// CreateACLs adds access rules (protocol key 30). Body: *CodesReply.
	CreateACLs struct{ Rules []ACL }

	// DeleteACLs removes the rules that match any filter (protocol key 31). Body:
	// *DeleteACLsReply.
	DeleteACLs struct{ Filters []ACL }

	// DescribeACLs lists the rules that match (protocol key 29). Body: *DescribeACLsReply.
	DescribeACLs struct{ Filter ACL }

	// ACL is a rule, or a filter, in which empty words stand for any.
	ACL struct {
		Resource   string // Topic, Group, Cluster, TransactionalId, DelegationToken, User
		Name       string // "*" for all
		Pattern    string // Literal, Prefixed; in a filter also Match or Any
		Principal  string // User:alice, User:*
		Host       string // "*" for all
		Operation  string // All, Read, Write, Create, Delete, Alter, Describe, ClusterAction, DescribeConfigs, AlterConfigs, IdempotentWrite
		Permission string // Allow, Deny
	}

	// AlterQuotas sets quotas of clients (protocol key 49). Body: *CodesReply.
	AlterQuotas struct{ Entries []Quota }

	// DescribeQuotas lists all quotas (protocol key 48). Body: *DescribeQuotasReply.
	DescribeQuotas struct{}

	// Quota is one limit: producer_byte_rate or consumer_byte_rate, in bytes a second, or
	// request_percentage. "<default>" stands for all users or clients, empty for none named.
	Quota struct {
		User     string
		ClientID string
		Key      string
		Value    int64
		Remove   bool
	}
)

type (
	// DeleteACLsReply lists what was removed.
	DeleteACLsReply struct{ Removed []ACL }

	// DescribeACLsReply lists rules in a fixed order.
	DescribeACLsReply struct{ Rules []ACL }

	// DescribeQuotasReply lists quotas in a fixed order.
	DescribeQuotasReply struct{ Entries []Quota }
)

func (*DeleteACLsReply) body()     {}
func (*DescribeACLsReply) body()   {}
func (*DescribeQuotasReply) body() {}
