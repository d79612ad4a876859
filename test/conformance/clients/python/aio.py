"""aiokafka."""

import asyncio
import json
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

bootstrap, prefix = sys.argv[1:3]
topic, copies, group = f"{prefix}-orders", f"{prefix}-copies", f"{prefix}-group"
seen = {}


async def admin():
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await client.start()
    await client.create_topics(
        [NewTopic(topic, 3, 1), NewTopic(copies, 1, 1, topic_configs={"retention.ms": "86400000"})]
    )
    while copies not in await client.list_topics():
        await asyncio.sleep(0.05)
    described = await client.describe_topics([topic])
    seen["created"] = len(described[0]["partitions"])
    answers = await client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, copies)])
    entries = answers[0].resources[0][4]
    seen["retentionMs"] = int(next(entry[1] for entry in entries if entry[0] == "retention.ms"))
    return client


async def produce():
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, compression_type="gzip")
    await producer.start()
    sends = [await producer.send(topic, key=f"k{i % 30}".encode(), value=f"v{i}".encode()) for i in range(300)]
    seen["produced"] = len(await asyncio.gather(*sends))
    await producer.stop()


def member():
    return AIOKafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        heartbeat_interval_ms=300,
        metadata_max_age_ms=2000,
    )


async def consume():
    members = [member(), member()]
    await asyncio.gather(*(each.start() for each in members))
    values = set()
    for _ in range(400):
        for each in members:
            for messages in (await each.getmany(timeout_ms=50)).values():
                values.update(message.value for message in messages)
                await each.commit()
        if len(values) == 300 and all(each.assignment() for each in members):
            break
    seen["consumed"] = len(values)
    seen["shared"] = all(each.assignment() for each in members)
    offsets = []
    for each in members:
        offsets += [await each.committed(partition) or 0 for partition in each.assignment()]
    seen["committed"] = sum(offsets)
    for each in members:
        await each.stop()


async def transact():
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=f"{prefix}-tx")
    await producer.start()
    for outcome in ("commit", "abort", "commit"):
        await producer.begin_transaction()
        for i in range(5):
            await producer.send_and_wait(copies, f"{outcome}-{i}".encode())
        await (producer.commit_transaction() if outcome == "commit" else producer.abort_transaction())
    await producer.stop()
    reader = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    await reader.start()
    partition = TopicPartition(copies, 0)
    reader.assign([partition])
    await reader.seek_to_beginning(partition)
    values = []
    for _ in range(30):
        for messages in (await reader.getmany(timeout_ms=200)).values():
            values += [message.value.decode() for message in messages]
        if len(values) >= 10:
            break
    await reader.stop()
    seen["transactions"] = [len(values), sum(1 for value in values if value.startswith("abort"))]


async def remove(client):
    await client.delete_topics([topic, copies])
    for _ in range(100):
        if topic not in await client.list_topics():
            break
        await asyncio.sleep(0.05)
    seen["deleted"] = topic not in await client.list_topics()
    await client.close()


async def main():
    client = await admin()
    await produce()
    await consume()
    await transact()
    await remove(client)


asyncio.run(main())
print(json.dumps(seen))
