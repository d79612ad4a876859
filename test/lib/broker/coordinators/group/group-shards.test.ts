import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../../../src/lib/broker/api-error.ts'
import type { TopicWish } from '../../../../../src/lib/broker/controller/controller.ts'
import { consumerSettings } from '../../../../../src/lib/broker/coordinators/group/consumer/consumer-settings.ts'
import { noTopicId } from '../../../../../src/lib/broker/coordinators/group/group-record.ts'
import { groupSettings } from '../../../../../src/lib/broker/coordinators/group/group-settings.ts'
import { GroupShards } from '../../../../../src/lib/broker/coordinators/group/group-shards.ts'
import type { TopicsView } from '../../../../../src/lib/broker/coordinators/group/modern/topics-view.ts'
import { javaHash } from '../../../../../src/lib/bytes/java-hash.ts'
import { DataError } from '../../../../../src/lib/errors.ts'
import type { MetadataImage, PartitionImage } from '../../../../../src/lib/log/cluster/metadata-image.ts'
import { SimClock } from '../../../../simulation/sim-clock.ts'
import { CountingRandom } from './group-rig.ts'
import { MemoryOffsets } from './memory-offsets.ts'

const configs: Readonly<Record<string, number>> = {
  'offsets.topic.num.partitions': 50,
  'offsets.topic.replication.factor': 3,
  'offsets.topic.segment.bytes': 104_857_600,
}

function rig() {
  const wishes: TopicWish[] = []
  const told: string[] = []
  const stores = new Map<number, MemoryOffsets>()
  const clock = new SimClock()
  const get = (name: string) => configs[name] ?? Number.NaN
  const topic = () => {
    const [wish] = wishes
    if (wish === undefined) return undefined
    const partitions = new Map(Array.from({ length: wish.partitions }, (_, i) => [i, {} as PartitionImage]))
    return { name: wish.name, topicId: noTopicId, partitions }
  }
  const shards = new GroupShards({
    controller: {
      topicByName: topic,
      createTopic: (wish) => {
        wishes.push(wish)
        for (let i = 0; i < wish.partitions; i++) stores.set(i, new MemoryOffsets(i))
        return topic() ?? { name: '', topicId: '', partitions: new Map() }
      },
      image: () => ({ brokers: new Map([[1, {}]]) }) as unknown as MetadataImage,
    },
    partitions: { get: (_topic, partition) => stores.get(partition) },
    configs: { int: get, long: get },
    world: {
      clock,
      random: new CountingRandom(),
      log: { log: (_level, message) => told.push(message) },
      settings: groupSettings({ int: get }),
      consumer: consumerSettings({ int: get, list: () => [], string: () => '', dynamicOf: () => new Map() }),
      topics: {} as TopicsView,
    },
  })
  return { shards, wishes, stores, clock, told }
}

describe('__consumer_offsets', () => {
  it('is made once, as Kafka makes it, with no more replicas than there are brokers', () => {
    const { shards, wishes } = rig()
    shards.createTopic()
    shards.createTopic()
    expect(wishes).toEqual([
      {
        ...{ name: '__consumer_offsets', partitions: 50, replicationFactor: 1, assignments: null },
        configs: new Map([
          ['cleanup.policy', 'compact'],
          ['segment.bytes', '104857600'],
          ['compression.type', 'producer'],
        ]),
      },
    ])
  })

  it('keeps a group in the partition that its name hashes to', () => {
    const { shards } = rig()
    expect(['p-c', 'p-none', ''].map((group) => shards.partitionFor(group))).toEqual([26, 47, 0])
    expect(javaHash('polygenelubricants')).toBe(-(2 ** 31))
    expect(shards.partitionFor('polygenelubricants')).toBe(0)
  })

  it('has no coordinator before it is made', () => {
    const { shards } = rig()
    expect(() => shards.of('g')).toThrow(new ApiError('NOT_COORDINATOR'))
    expect(shards.all()).toEqual([])
    shards.createTopic()
    expect(shards.of('g').shard.store.partition).toBe(shards.partitionFor('g'))
  })

  it('answers for several groups by partition, in the order of a Java map', () => {
    const { shards } = rig()
    // 26, 47, 0: by what Java 17 makes of the TopicPartitions.
    expect(shards.sorted(['p-c', 'p-none', '', 'p-c'])).toEqual(['p-none', '', 'p-c', 'p-c'])
  })

  it('is read one partition at a time after a start, and not any more after a stop', async () => {
    const { shards, stores, clock } = rig()
    shards.createTopic()
    let read = 0
    for (const store of stores.values()) {
      const batches = store.batches.bind(store)
      store.batches = () => {
        read++
        return batches()
      }
    }
    shards.loadInTurns()
    expect(read).toBe(0)
    await clock.pass(0)
    expect(read).toBe(50)
    shards.loadInTurns()
    shards.clear()
    expect(clock.pending).toBe(0)
  })

  it('is not coordinated where its log cannot be read to its end, and that is said once', () => {
    const { shards, stores, told } = rig()
    shards.createTopic()
    const store = stores.get(shards.partitionFor('g'))
    if (store !== undefined) {
      store.batches = () => {
        throw new DataError('corrupt-batch', 'there is nothing but noise')
      }
    }
    expect(() => shards.of('g')).toThrow(new ApiError('NOT_COORDINATOR'))
    expect(() => shards.of('g')).toThrow(new ApiError('NOT_COORDINATOR'))
    expect(shards.all()).toHaveLength(49)
    expect(told).toEqual(['the groups of a partition cannot be read'])
  })
})
