"""kafka-python: kafkapython.py BOOTSTRAP TOPIC VERB

codecs   sends 20 records with each codec that it has, and reads all of them
group    joins group g of TOPIC and prints "assigned P..." and "record P VALUE" until it is
         told to stop by the end of its input
"""
import sys, threading
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.coordinator.assignors.range import RangePartitionAssignor

bootstrap, topic, verb = sys.argv[1:4]


def fail(error):
    print("error", error)
    sys.exit(1)


if verb == "codecs":
    want = []
    for codec in [None, "gzip"]:
        p = KafkaProducer(bootstrap_servers=bootstrap, compression_type=codec, acks="all", linger_ms=20)
        for i in range(20):
            want.append(("%s %d %s" % (codec, i, "x" * 100)).encode())
            p.send(topic, key=b"k", value=want[-1], partition=0)
        p.flush(30)
        p.close()
    c = KafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", consumer_timeout_ms=30000)
    c.assign([TopicPartition(topic, 0)])
    for value in want:
        if next(c).value != value:
            fail("other records came than were sent")
    c.close()

if verb == "group":
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    c = KafkaConsumer(topic, bootstrap_servers=bootstrap, group_id="g", client_id="kafka-python", auto_offset_reset="earliest",
                      session_timeout_ms=3000, heartbeat_interval_ms=500, partition_assignment_strategy=[RangePartitionAssignor])
    had = None
    while not stop.is_set():
        for parts in c.poll(timeout_ms=200).values():
            for r in parts:
                print("record", r.partition, r.value.decode(), flush=True)
        have = sorted(p.partition for p in c.assignment())
        if have and have != had:
            print("assigned", *have, flush=True)
            had = have
    c.close()
print("done")
