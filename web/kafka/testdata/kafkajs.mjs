// kafkajs: kafkajs.mjs BOOTSTRAP TOPIC VERB
//
// codecs   sends 20 records plain and 20 with gzip, and reads all of them
// group    joins group g of TOPIC and prints "assigned P..." and "record P VALUE" until it is
//          told to stop by the end of its input
import { createRequire } from "node:module";

const require = createRequire(process.env.PARTITA_UI + "/");
const { Kafka, AssignerProtocol, CompressionTypes, logLevel } = require("kafkajs");

const [bootstrap, topic, verb] = process.argv.slice(2);
const kafka = new Kafka({ clientId: "kafkajs", brokers: [bootstrap], logLevel: logLevel.ERROR });

if (verb === "codecs") {
	const want = [];
	const producer = kafka.producer({ idempotent: true });
	await producer.connect();
	for (const compression of [CompressionTypes.None, CompressionTypes.GZIP]) {
		const messages = [];
		for (let i = 0; i < 20; i++) {
			messages.push({ key: "k", value: `${compression} ${i} ${"x".repeat(100)}`, partition: 0, headers: { h: "v" } });
		}
		want.push(...messages.map((m) => m.value));
		await producer.send({ topic, compression, messages });
	}
	await producer.disconnect();
	const consumer = kafka.consumer({ groupId: "read" });
	await consumer.connect();
	await consumer.subscribe({ topic, fromBeginning: true });
	const got = await new Promise((done) => {
		const values = [];
		consumer.run({
			eachMessage: async ({ message }) => {
				values.push(message.value.toString());
				if (values.length === want.length) done(values);
			},
		});
	});
	await consumer.disconnect();
	if (got.join() !== want.join()) throw new Error("other records came than were sent");
}

// range is Kafka's assignor of that name, for one topic: kafkajs has only one of its own, and
// a group must agree on one.
const range = ({ cluster }) => ({
	name: "range",
	version: 0,
	protocol: ({ topics }) => ({
		name: "range",
		metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
	}),
	assign: async ({ members, topics }) => {
		const partitions = topics.flatMap((name) => cluster.findTopicPartitionMetadata(name).map((m) => m.partitionId)).toSorted((a, b) => a - b);
		const ids = members.map((m) => m.memberId).toSorted();
		const least = Math.floor(partitions.length / ids.length);
		const more = partitions.length % ids.length;
		return ids.map((memberId, i) => {
			const from = i * least + Math.min(i, more);
			const own = partitions.slice(from, from + least + (i < more ? 1 : 0));
			return { memberId, memberAssignment: AssignerProtocol.MemberAssignment.encode({ version: 0, assignment: { [topics[0]]: own }, userData: Buffer.alloc(0) }) };
		});
	},
});

if (verb === "group") {
	const consumer = kafka.consumer({ groupId: "g", partitionAssigners: [range], sessionTimeout: 3000, heartbeatInterval: 500, maxWaitTimeInMs: 500 });
	consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
		console.log("assigned", ...(payload.memberAssignment[topic] ?? []).toSorted());
	});
	await consumer.connect();
	await consumer.subscribe({ topic, fromBeginning: true });
	await consumer.run({ eachMessage: async ({ partition, message }) => console.log("record", partition, message.value.toString()) });
	for await (const _ of process.stdin);
	await consumer.disconnect();
}
console.log("done");
