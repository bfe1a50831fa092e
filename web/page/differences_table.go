package page

import "partita/web/lang"

// differences is what is known to differ, by reason. lang.English.Text marks a text for the
// catalogues and gives it back.
var differences = []Reason{
	{lang.English.Text("Nothing here compresses: batches stay as producers compressed them. A setting that asks for another codec is refused, not ignored."), []Difference{
		{"create: config compression.type=gzip create.config", "NONE partitions=1 replicas=1", "INVALID_CONFIG partitions=-1 replicas=-1"},
		{"settings: all Resources[settings.a].Configs[compression.*.level]", "*", Absent},
	}},
	{lang.English.Text("There is no tiered storage, so its settings are refused."), []Difference{
		{"create: config remote.storage.enable=false create.config", "NONE partitions=1 replicas=1", "INVALID_CONFIG partitions=-1 replicas=-1"},
		{"settings: all Resources[settings.a].Configs[local.retention.*]", "*", Absent},
		{"settings: all Resources[settings.a].Configs[remote.*]", "*", Absent},
	}},
	{lang.English.Text("Copying between brokers is not throttled, so the settings for it are refused."), []Difference{
		{"create: config leader.replication.throttled.replicas=* create.config", "NONE partitions=1 replicas=1", "INVALID_CONFIG partitions=-1 replicas=-1"},
		{"settings: all Resources[settings.a].Configs[*.replication.throttled.replicas]", "*", Absent},
	}},
	{lang.English.Text("There are no Kafka Streams groups, so groups have no settings for them."), []Difference{
		{"settings2: group #2 Resources[settings2.g].Configs[streams.*]", "*", Absent},
	}},
	{lang.English.Text("Partita shows how long records are kept in milliseconds. Apache Kafka shows nothing there when the setting in hours decides."), []Difference{
		{"settings2: broker log.retention.ms", `null *`, `"604800000" *`},
	}},
	{lang.English.Text("Apache Kafka stumbles over requests that no client sends and answers with an unknown server error. Partita answers what is the case."), []Difference{
		{"fetch: *at most -1 Topics[fetch.a].Partitions[0].ErrorCode", "UNKNOWN_SERVER_ERROR", "NONE"},
		{"fetch: *at most -1 Topics[fetch.a].Partitions[0].*", "*", "*"},
		{"metadata: describe #3 Topics[].ErrorCode", "UNKNOWN_SERVER_ERROR", "INVALID_TOPIC_EXCEPTION"},
		{"metadata: describe #3 Topics[].AuthorizedOperations", "*", "3576"},
		{"settings: no operation Resources[settings.a].ErrorCode", "UNKNOWN_SERVER_ERROR", "INVALID_REQUEST"},
		{"acls: any operation Results[0].ErrorCode", "UNKNOWN_SERVER_ERROR", "INVALID_REQUEST"},
		{"acls: any pattern Results[0].ErrorCode", "UNKNOWN_SERVER_ERROR", "INVALID_REQUEST"},
		{"acls: any permission Results[0].ErrorCode", "UNKNOWN_SERVER_ERROR", "INVALID_REQUEST"},
		{"acls: any type Results[0].ErrorCode", "UNKNOWN_SERVER_ERROR", "INVALID_REQUEST"},
		{"acls: matching pattern Results[0].ErrorCode", "UNKNOWN_SERVER_ERROR", "INVALID_REQUEST"},
		{"acls: of no kind of permission", "the connection is closed", "NONE "},
		{"scram: no password", "scram.bad UNKNOWN_SERVER_ERROR", "scram.bad UNACCEPTABLE_CREDENTIAL"},
		{"send: codec 6 Topics[send.odd].Partitions[0].ErrorCode", "UNKNOWN_SERVER_ERROR", "INVALID_RECORD"},
	}},
	{lang.English.Text("The epoch of the last record that was fetched is for followers, which are inside the engine. Consumers do not send it."), []Difference{
		{"fetch: last epoch *9 Topics[fetch.a].Partitions[0].*", "*", "*"},
		{"fetch: last epoch 1 Topics[fetch.a].Partitions[0].*", "*", "*"},
	}},
	{lang.English.Text("For a batch that came again Apache Kafka gives the time of the producer's own records as the time of appending. Partita says that there is none."), []Difference{
		{"ids: *again Topics[ids.a].Partitions[0].LogAppendTime", "a time", "none"},
		{"ids: two batches of a producer Topics[ids.a].Partitions[0].LogAppendTime", "a time", "none"},
	}},
	{lang.English.Text("A batch is kept as the producer sent it. Partita does not open compressed batches to see whether they are right, and does not clear a mark that a producer should not have set."), []Difference{
		{"send: says gzip Topics[send.odd].Partitions[0].ErrorCode", "UNKNOWN_SERVER_ERROR", "NONE"},
		{"send: says gzip Topics[send.odd].Partitions[0].BaseOffset", "-1", "1"},
		{"send: in the end #5 Topics[send.odd].Partitions[0].*", "*", "*"},
		{"send: end of send.odd Topics[send.odd].Partitions[0].Offset", "1", "2"},
	}},
	{lang.English.Text("A fetch of Apache Kafka ends where a segment ends. Partita reads on."), []Difference{
		{"fetch: from three segments Topics[fetch.segments].Partitions[0].RecordBatches", "[0..0 0:=\"0\"]", "[0..0 0:=\"0\"] [1..1 1:=\"1\"] [2..2 2:=\"2\"]"},
	}},
	{lang.English.Text("The words of a setting that is a list are kept in Kafka's own order, not in the one in which they were given."), []Difference{
		{"settings: policies Resources[settings.a].Configs[cleanup.policy]", `"compact,delete" *`, `"delete,compact" *`},
	}},
	{lang.English.Text("A share group's records go to its members only. Apache Kafka's brokers ask nobody who is a member."), []Difference{
		{"badshare: session of no member", "NONE", "GROUP_ID_NOT_FOUND"},
	}},
	{lang.English.Text("Access rules are for users, each at an address or at all of them. Others can match nobody here and are refused."), []Difference{
		{"acls: no host Results[0].ErrorCode", "NONE", "INVALID_REQUEST"},
		{"acls: type of principal Results[0].ErrorCode", "NONE", "INVALID_REQUEST"},
		{"acls: delete the robot's", "NONE NONE 2 acls.robot 3 Robot:acls-r2 * 3 3", "NONE "},
		{"acls: delete those without a host", "NONE NONE 2 acls.a 3 User:acls-adam  3 3", "NONE "},
	}},
	{lang.English.Text("Quotas are for the bytes and the request time of users and client ids, in whole numbers. Those of addresses, those of changes to topics, and fractions are refused, not ignored."), []Difference{
		{"quotas: address", "NONE ip \"10.9.9.9\": connection_creation_rate 7", "NONE "},
		{"quotas: ip", "NONE", "INVALID_REQUEST"},
		{"quotas: mutations", "NONE", "INVALID_REQUEST"},
		{"quotas: percentage not whole", "NONE", "INVALID_REQUEST"},
		{"quotas: remove the address's", "NONE", "INVALID_REQUEST"},
		{"quotas: remove the mutations", "NONE", "INVALID_REQUEST"},
		{"quotas: strictly the user", "NONE user \"quotas.u\": controller_mutation_rate 2.5, producer_byte_rate 1e+06, request_percentage 12.5", "NONE user \"quotas.u\": producer_byte_rate 1e+06"},
		{"quotas: the user", "NONE client-id \"quotas.c\" user \"quotas.u\": producer_byte_rate 1e+06, request_percentage 50; user \"quotas.u\": controller_mutation_rate 2.5, producer_byte_rate 1e+06, request_percentage 12.5", "NONE client-id \"quotas.c\" user \"quotas.u\": producer_byte_rate 1e+06, request_percentage 50; user \"quotas.u\": producer_byte_rate 1e+06"},
	}},
}
