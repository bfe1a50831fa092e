"""librdkafka through confluent_kafka: confluent.py BOOTSTRAP TOPIC VERB

codecs   sends 50 records with each codec, idempotently, and reads all of them
txn      sends ten in a transaction that commits and ten in one that aborts
group    joins group g of TOPIC and prints "assigned P..." and "record P VALUE" until it is
         told to stop by the end of its input
"""
import sys, threading
from confluent_kafka import Consumer, Producer, KafkaError, TopicPartition

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

if verb == "group":
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    c = Consumer({"bootstrap.servers": bootstrap, "group.id": "g", "client.id": "librdkafka", "auto.offset.reset": "earliest",
                  "session.timeout.ms": 6000, "heartbeat.interval.ms": 500, "partition.assignment.strategy": "range"})
    c.subscribe([topic], on_assign=lambda c, parts: print("assigned", *sorted(p.partition for p in parts), flush=True))
    while not stop.is_set():
        r = c.poll(0.2)
        if r is not None and not r.error():
            print("record", r.partition(), r.value().decode(), flush=True)
    c.close()
print("done")
