package kafka

// absent says, by protocol key, why an API of Kafka's is not served. A request for it ends
// the connection, as a broker of Kafka's ends it; clients look into ApiVersions first.
//
// What is left out of an API that is served stands at the top of its file.
var absent = map[int16]string{
	4:  "LeaderAndIsr: between brokers; the engine is all of them",
	5:  "StopReplica: between brokers",
	6:  "UpdateMetadata: between brokers",
	7:  "ControlledShutdown: between brokers; brokers are stopped by script",
	27: "WriteTxnMarkers: between brokers",
	34: "AlterReplicaLogDirs: a broker keeps its records in one place",
	35: "DescribeLogDirs: a broker keeps its records in one place",
	38: "CreateDelegationToken: there are no delegation tokens",
	39: "RenewDelegationToken: there are no delegation tokens",
	40: "ExpireDelegationToken: there are no delegation tokens",
	41: "DescribeDelegationToken: there are no delegation tokens",
	52: "Vote: the controller is one, and inside the engine",
	53: "BeginQuorumEpoch: the controller is one, and inside the engine",
	54: "EndQuorumEpoch: the controller is one, and inside the engine",
	55: "DescribeQuorum: the controller is one, and inside the engine",
	56: "AlterPartition: between brokers",
	57: "UpdateFeatures: there are no feature levels to choose",
	58: "Envelope: between brokers",
	59: "FetchSnapshot: the controller is one, and inside the engine",
	62: "BrokerRegistration: between brokers",
	63: "BrokerHeartbeat: between brokers",
	64: "UnregisterBroker: brokers come and go by script",
	67: "AllocateProducerIds: between brokers",
	70: "ControllerRegistration: between brokers",
	72: "PushTelemetry: nobody wants clients' metrics",
	73: "AssignReplicasToDirs: between brokers",
	74: "ListConfigResources: there are no client metrics",
	80: "AddRaftVoter: the controller is one, and inside the engine",
	81: "RemoveRaftVoter: the controller is one, and inside the engine",
	82: "UpdateRaftVoter: the controller is one, and inside the engine",
	83: "InitializeShareGroupState: between brokers",
	84: "ReadShareGroupState: between brokers",
	85: "WriteShareGroupState: between brokers",
	86: "DeleteShareGroupState: between brokers",
	87: "ReadShareGroupStateSummary: between brokers",
	88: "StreamsGroupHeartbeat: there are no streams groups",
	89: "StreamsGroupDescribe: there are no streams groups",
	90: "DescribeShareGroupOffsets: not yet",
	91: "AlterShareGroupOffsets: not yet",
	93: "StreamsGroupTopologyDescriptionUpdate: there are no streams groups",
	94: "UnregisterController: the controller is one, and inside the engine",
	92: "DeleteShareGroupOffsets: not yet",
}

// underWay are APIs that are not served until the engine carries out their commands, or
// until they are written: whoever finishes one takes it out.
var underWay = map[int16]string{}
