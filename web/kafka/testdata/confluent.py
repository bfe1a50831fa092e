"""librdkafka through confluent_kafka: confluent.py BOOTSTRAP TOPIC VERB

codecs   sends 50 records with each codec, idempotently, and reads all of them
txn      sends ten in a transaction that commits and ten in one that aborts
group    joins group g of TOPIC and prints "assigned P..." and "record P VALUE" until it is
         told to stop by the end of its input
next     the same in group g of KIP-848
static   the same with group.instance.id=static
fenced   opens a transaction, is replaced by a producer with the same transactional.id, and
         hears of it as a fatal error
admin    makes, describes, changes and deletes topics, groups, settings and records
etl      copies TOPIC to TOPIC-out in transactions of up to ten records, as a static member,
         and says how far it is; where it was, when somebody killed it, the next goes on
"""
import os, sys, threading
from confluent_kafka import Consumer, Producer, KafkaError, KafkaException, TopicPartition

bootstrap, topic, verb = sys.argv[1:4]


def fail(error):
    print("error", error)
    sys.exit(1)


def delivered(error, record):
    if error:
        fail(error)


def read(count, **more):
    c = Consumer({"bootstrap.servers": bootstrap, "group.id": "read", "enable.auto.commit": False,
                  "auto.offset.reset": "earliest", **more})
    c.assign([TopicPartition(topic, 0, 0)])
    values = []
    while len(values) < count:
        r = c.poll(30)
        if r is None:
            fail("only %d records came" % len(values))
        if r.error():
            fail(r.error())
        values.append(r.value().decode())
    c.close()
    return values


if verb == "codecs":
    want = []
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
        p = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "compression.type": codec, "linger.ms": 20})
        for i in range(50):
            want.append("%s %d %s" % (codec, i, "x" * 100))
            p.produce(topic, key="k", value=want[-1], partition=0, headers={"h": "v"}, on_delivery=delivered)
        p.flush(30)
    if read(len(want)) != want:
        fail("other records came than were sent")

if verb == "txn":
    p = Producer({"bootstrap.servers": bootstrap, "transactional.id": "librdkafka"})
    p.init_transactions(30)
    for name in ["abort", "commit"]:
        p.begin_transaction()
        for i in range(10):
            p.produce(topic, value="%s %d" % (name, i), partition=0, on_delivery=delivered)
        if name == "commit":
            p.commit_transaction(30)
        else:
            p.flush(30)
            p.abort_transaction(30)
    if read(10, **{"isolation.level": "read_committed"}) != ["commit %d" % i for i in range(10)]:
        fail("what was aborted came, or what was committed did not")

if verb == "fenced":
    old, new = [Producer({"bootstrap.servers": bootstrap, "transactional.id": "till"}) for _ in range(2)]
    old.init_transactions(30)
    old.begin_transaction()
    old.produce(topic, value="old", partition=0)
    old.flush(30)
    new.init_transactions(30)
    try:
        old.commit_transaction(30)
        fail("a producer that was replaced has committed")
    except KafkaException as e:
        if not e.args[0].fatal() or e.args[0].code() != KafkaError._FENCED:
            fail("not fenced: %s" % e.args[0])
    new.begin_transaction()
    new.produce(topic, value="new", partition=0)
    new.commit_transaction(30)
    if read(1, **{"isolation.level": "read_committed"}) != ["new"]:
        fail("the record of the fenced producer came")

if verb == "admin":
    from confluent_kafka import ConsumerGroupTopicPartitions, TopicCollection
    from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions, NewTopic, OffsetSpec

    a = AdminClient({"bootstrap.servers": bootstrap})

    def done(futures):
        return {k: f.result(30) for k, f in futures.items()}

    def check(what, got, want):
        if got != want:
            fail("%s: %r, want %r" % (what, got, want))

    done(a.create_topics([NewTopic(topic, 2, 1, config={"retention.ms": "60000"})]))
    try:
        done(a.create_topics([NewTopic(topic, 2, 1)]))
        fail("a topic was made twice")
    except KafkaException as e:
        check("made twice", e.args[0].code(), KafkaError.TOPIC_ALREADY_EXISTS)
    done(a.create_partitions([NewPartitions(topic, 3)]))
    described = a.describe_topics(TopicCollection([topic]))[topic].result(30)
    check("partitions", [p.id for p in described.partitions], [0, 1, 2])
    cluster = a.describe_cluster().result(30)
    check("brokers", [n.id for n in cluster.nodes], [101])
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    resource.add_incremental_config(ConfigEntry("retention.ms", "70000", incremental_operation=AlterConfigOpType.SET))
    done(a.incremental_alter_configs([resource]))
    got = done(a.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, topic)]))
    check("retention.ms", list(got.values())[0]["retention.ms"].value, "70000")

    p = Producer({"bootstrap.servers": bootstrap})
    for i in range(10):
        p.produce(topic, value=str(i), partition=0, on_delivery=delivered)
    p.flush(30)
    first = TopicPartition(topic, 0)
    check("the end", done(a.list_offsets({first: OffsetSpec.latest()}))[first].offset, 10)
    check("deleted records", done(a.delete_records([TopicPartition(topic, 0, 4)]))[first].low_watermark, 4)
    check("the start", done(a.list_offsets({first: OffsetSpec.earliest()}))[first].offset, 4)

    group = ConsumerGroupTopicPartitions("idle", [TopicPartition(topic, 0, 7)])
    done(a.alter_consumer_group_offsets([group]))
    got = done(a.list_consumer_group_offsets([ConsumerGroupTopicPartitions("idle")]))["idle"]
    check("committed", [(t.topic, t.partition, t.offset) for t in got.topic_partitions], [(topic, 0, 7)])
    check("listed", "idle" in [g.group_id for g in a.list_consumer_groups().result(30).valid], True)
    check("described", done(a.describe_consumer_groups(["idle"]))["idle"].state.name, "EMPTY")
    done(a.delete_consumer_groups(["idle"]))
    done(a.delete_topics([topic]))
    check("deleted", topic in a.list_topics(timeout=30).topics, False)

if verb == "etl":
    p = Producer({"bootstrap.servers": bootstrap, "transactional.id": "etl", "linger.ms": 5})
    p.init_transactions(30)
    c = Consumer({"bootstrap.servers": bootstrap, "group.id": "etl", "group.instance.id": "etl", "enable.auto.commit": False,
                  "auto.offset.reset": "earliest", "isolation.level": "read_committed", "session.timeout.ms": 30000})
    c.subscribe([topic])
    while True:
        some = [r for r in c.consume(10, 0.5) if not r.error()]
        if not some:
            continue
        p.begin_transaction()
        for r in some:
            p.produce(topic + "-out", key=r.key(), value=r.value(), on_delivery=delivered)
        print("begun", flush=True)
        p.flush(30)
        print("written", flush=True)
        p.send_offsets_to_transaction(c.position(c.assignment()), c.consumer_group_metadata(), 30)
        print("offsets", flush=True)
        p.commit_transaction(30)
        print("committed", flush=True)

if verb in ("group", "next", "static"):
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    settings = {"bootstrap.servers": bootstrap, "group.id": "g", "client.id": os.environ["PARTITA_CLIENT"], "auto.offset.reset": "earliest"}
    if verb == "next":
        settings["group.protocol"] = "consumer"
    else:
        settings.update({"session.timeout.ms": 3000, "heartbeat.interval.ms": 500, "partition.assignment.strategy": "range"})
    if verb == "static":
        settings["group.instance.id"] = "static"
    c = Consumer(settings)
    c.subscribe([topic], on_assign=lambda c, parts: print("assigned", *sorted(p.partition for p in parts), flush=True))
    while not stop.is_set():
        r = c.poll(0.2)
        if r is not None and r.error() and r.error().code() == KafkaError._FATAL:
            print("record fenced", r.error(), flush=True)
            break
        if r is not None and not r.error():
            print("record", r.partition(), r.value().decode(), flush=True)
    c.close()
print("done")
