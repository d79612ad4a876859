"""kafka-python."""

import json
import sys
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic

bootstrap, prefix = sys.argv[1:3]
topic, copies, group = f"{prefix}-orders", f"{prefix}-copies", f"{prefix}-group"
seen = {}


def admin():
    client = KafkaAdminClient(bootstrap_servers=bootstrap)
    client.create_topics([NewTopic(topic, 3, 1), NewTopic(copies, 1, 1, topic_configs={"retention.ms": "86400000"})])
    while copies not in client.list_topics():
        time.sleep(0.05)
    seen["created"] = len(client.describe_topics([topic])[0]["partitions"])
    answer = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, copies)])
    seen["retentionMs"] = int(find(answer, "retention.ms"))
    return client


def find(answer, name):
    """Its shape differs from release to release."""
    text = json.dumps(answer, default=lambda o: o.to_object() if hasattr(o, "to_object") else vars(o))
    return find_in(json.loads(text), name)


def find_in(part, name):
    if isinstance(part, dict):
        if part.get("name") == name:
            return part["value"]
        if name in part:
            return part[name]["value"] if isinstance(part[name], dict) else part[name]
        part = list(part.values())
    for item in part if isinstance(part, list) else []:
        found = find_in(item, name)
        if found is not None:
            return found
    return None


def produce():
    producer = KafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, compression_type="gzip")
    futures = [producer.send(topic, key=f"k{i % 30}".encode(), value=f"v{i}".encode()) for i in range(300)]
    seen["produced"] = sum(1 for future in futures if future.get(timeout=30))
    producer.close()


def member():
    return KafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        heartbeat_interval_ms=300,
    )


def consume():
    first = member()
    # The client forgets a join that it leads because of new metadata, should its poll end before the join does:
    # it then neither joins nor sends heartbeats. So the first poll is one that waits.
    values = polled(first, 20_000)
    members = [first, member()]
    deadline = time.time() + 40
    while time.time() < deadline:
        for each in members:
            values |= polled(each, 100)
        if len(values) == 300 and all(each.assignment() for each in members):
            break
    seen["consumed"] = len(values)
    seen["shared"] = all(each.assignment() for each in members)
    seen["committed"] = sum(members[0].committed(TopicPartition(topic, p)) or 0 for p in range(3))
    for each in members:
        each.close()


def polled(consumer, patience_ms):
    values = set()
    for messages in consumer.poll(timeout_ms=patience_ms).values():
        values.update(message.value for message in messages)
        consumer.commit()
    return values


def transact():
    producer = KafkaProducer(bootstrap_servers=bootstrap, transactional_id=f"{prefix}-tx")
    producer.init_transactions()
    for outcome in ("commit", "abort", "commit"):
        producer.begin_transaction()
        for future in [producer.send(copies, f"{outcome}-{i}".encode()) for i in range(5)]:
            future.get(timeout=30)
        if outcome == "commit":
            producer.commit_transaction()
        else:
            producer.abort_transaction()
    producer.close()
    reader = KafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    partition = TopicPartition(copies, 0)
    reader.assign([partition])
    reader.seek_to_beginning(partition)
    values = []
    deadline = time.time() + 20
    while len(values) < 10 and time.time() < deadline:
        for messages in reader.poll(timeout_ms=200).values():
            values += [message.value.decode() for message in messages]
    reader.close()
    seen["transactions"] = [len(values), sum(1 for value in values if value.startswith("abort"))]


def remove(client):
    client.delete_topics([topic, copies])
    deadline = time.time() + 10
    while time.time() < deadline and topic in client.list_topics():
        time.sleep(0.05)
    seen["deleted"] = topic not in client.list_topics()
    client.close()


client = admin()
produce()
consume()
transact()
remove(client)
print(json.dumps(seen))
