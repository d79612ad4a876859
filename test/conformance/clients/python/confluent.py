"""librdkafka, by its Python binding."""

import json
import sys
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType

bootstrap, prefix = sys.argv[1:3]
# The newer protocol (KIP-848) leaves heartbeats and assignors to the broker.
is_modern = sys.argv[3:] == ["consumer"]
topic, copies, group = f"{prefix}-orders", f"{prefix}-copies", f"{prefix}-group"
seen = {}


def admin():
    client = AdminClient({"bootstrap.servers": bootstrap})
    wanted = [NewTopic(topic, 3, 1), NewTopic(copies, 1, 1, config={"retention.ms": "86400000"})]
    for future in client.create_topics(wanted).values():
        future.result()
    while copies not in client.list_topics(timeout=10).topics:
        time.sleep(0.05)
    seen["created"] = len(client.list_topics(topic, timeout=10).topics[topic].partitions)
    resource = ConfigResource(ResourceType.TOPIC, copies)
    configs = client.describe_configs([resource])[resource].result()
    seen["retentionMs"] = int(configs["retention.ms"].value)
    return client


def produce():
    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "compression.type": "zstd"})
    reports = []
    for i in range(300):
        producer.produce(topic, key=f"k{i % 30}", value=f"v{i}", on_delivery=lambda error, _: reports.append(error))
    producer.flush(30)
    seen["produced"] = sum(1 for error in reports if error is None)


classic = {
    "partition.assignment.strategy": "cooperative-sticky",
    "session.timeout.ms": 10000,
    "heartbeat.interval.ms": 300,
}


def consume():
    config = {
        "bootstrap.servers": bootstrap,
        "group.id": group,
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        **({"group.protocol": "consumer"} if is_modern else classic),
    }
    members = [Consumer(config), Consumer(config)]
    for member in members:
        member.subscribe([topic])
    values = set()
    deadline = time.time() + 40
    while time.time() < deadline:
        for member in members:
            message = member.poll(0.05)
            if message is not None and message.error() is None:
                values.add(message.value())
                commit(member)
        if len(values) == 300 and all(member.assignment() for member in members):
            break
    seen["consumed"] = len(values)
    seen["shared"] = all(member.assignment() for member in members)
    for member in members:
        commit(member)
    partitions = [TopicPartition(topic, p) for p in range(3)]
    seen["committed"] = sum(max(0, tp.offset) for tp in members[0].committed(partitions, timeout=10))
    for member in members:
        member.close()


MOVING = ("ILLEGAL_GENERATION", "REBALANCE_IN_PROGRESS", "STALE_MEMBER_EPOCH", "_NO_OFFSET")


def commit(member):
    try:
        member.commit(asynchronous=False)
    except KafkaException as refused:
        # The group is being rebalanced; what is read then is committed later.
        if refused.args[0].name() not in MOVING:
            raise


def transact():
    producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": f"{prefix}-tx"})
    producer.init_transactions(30)
    for outcome in ("commit", "abort", "commit"):
        producer.begin_transaction()
        for i in range(5):
            producer.produce(copies, value=f"{outcome}-{i}")
        if outcome == "commit":
            producer.commit_transaction(30)
        else:
            producer.flush(10)
            producer.abort_transaction(30)
    reader = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": f"{group}-reader", "isolation.level": "read_committed"}
    )
    reader.assign([TopicPartition(copies, 0, 0)])
    values = []
    deadline = time.time() + 20
    while len(values) < 10 and time.time() < deadline:
        message = reader.poll(0.2)
        if message is not None and message.error() is None:
            values.append(message.value().decode())
    message = reader.poll(0.5)
    if message is not None and message.error() is None:
        values.append(message.value().decode())
    reader.close()
    seen["transactions"] = [len(values), sum(1 for value in values if value.startswith("abort"))]


def remove(client):
    for future in client.delete_topics([topic, copies]).values():
        future.result()
    deadline = time.time() + 10
    while time.time() < deadline and topic in client.list_topics(timeout=10).topics:
        time.sleep(0.05)
    seen["deleted"] = topic not in client.list_topics(timeout=10).topics


client = admin()
produce()
consume()
if not is_modern:
    transact()
remove(client)
print(json.dumps(seen))
