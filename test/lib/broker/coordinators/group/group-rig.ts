import type { MetadataSubscriber } from '../../../../../src/lib/broker/controller/controller.ts'
import type { CommitWish, OffsetWish } from '../../../../../src/lib/broker/coordinators/group/commit-wish.ts'
import type {
  JoinAnswer,
  SyncAnswer,
} from '../../../../../src/lib/broker/coordinators/group/group-answers.ts'
import { GroupCoordinator } from '../../../../../src/lib/broker/coordinators/group/group-coordinator.ts'
import { noTopicId } from '../../../../../src/lib/broker/coordinators/group/group-record.ts'
import type { JoinWish } from '../../../../../src/lib/broker/coordinators/group/joins.ts'
import type { MetadataImage, PartitionImage } from '../../../../../src/lib/log/cluster/metadata-image.ts'
import type { Random } from '../../../../../src/lib/ports/random.ts'
import { consumerProtocolSubscription } from '../../../../../src/lib/protocol/records/consumer-protocol-records.ts'
import { SimClock, settled } from '../../../../simulation/sim-clock.ts'
import { MemoryOffsets } from './memory-offsets.ts'

const defaults: Readonly<Record<string, number>> = {
  'group.min.session.timeout.ms': 6000,
  'group.max.session.timeout.ms': 1_800_000,
  'group.max.size': 1000,
  'group.initial.rebalance.delay.ms': 0,
  'offset.metadata.max.bytes': 4096,
  'offsets.retention.minutes': 10_080,
  'offsets.retention.check.interval.ms': 600_000,
  'offsets.topic.num.partitions': 1,
  'offsets.topic.replication.factor': 1,
  'offsets.topic.segment.bytes': 104_857_600,
}

/** Ids that count up: 00000000-0000-4000-8000-000000000001 and so on. */
export class CountingRandom implements Random {
  #drawn = 0

  bytes(count: number): Buffer {
    const bytes = Buffer.alloc(count)
    bytes.writeUInt32BE(++this.#drawn, count - 4)
    return bytes
  }

  below(): number {
    return 0
  }
}

/** A coordinator with one partition in memory, and time that passes when it is told to. */
export class GroupRig {
  readonly clock = new SimClock()
  readonly store = new MemoryOffsets()
  readonly warnings: string[] = []
  readonly settings: Record<string, number>
  readonly #subscribers: MetadataSubscriber[] = []
  readonly #random: Random
  coordinator: GroupCoordinator

  constructor(settings: Readonly<Record<string, number>> = {}, random: Random = new CountingRandom()) {
    this.#random = random
    this.settings = { ...defaults, ...settings }
    this.coordinator = this.#coordinator()
    this.coordinator.start()
  }

  /** Another coordinator finds what this one has written. */
  async crash(): Promise<void> {
    this.clock.forget()
    this.store.crash()
    this.#subscribers.length = 0
    this.coordinator = this.#coordinator()
    this.coordinator.start()
    await this.clock.pass(0)
  }

  deleteTopic(name: string): void {
    const topic = { name, topicId: noTopicId, partitions: new Map<number, PartitionImage>() }
    for (const subscriber of this.#subscribers) subscriber.topicDeleted?.(topic)
  }

  join(wish: Partial<JoinWish> = {}): Asked<JoinAnswer> {
    const asked = new Asked<JoinAnswer>()
    asked.orNow(this.coordinator.join({ ...member, ...wish }, asked.take))
    return asked
  }

  sync(memberId: string, generation: number, assignments: Readonly<Record<string, string>> = {}) {
    const asked = new Asked<SyncAnswer>()
    const given = new Map(Object.entries(assignments).map(([id, text]) => [id, Buffer.from(text)]))
    const wish = {
      groupId: 'g',
      generation,
      memberId,
      groupInstanceId: null,
      protocolType: null,
      protocol: null,
    }
    asked.orNow(this.coordinator.sync({ ...wish, assignments: given }, asked.take))
    return asked
  }

  /** A group of its own with one member, which knows its assignment. */
  async stable(wish: Partial<JoinWish> = {}): Promise<JoinAnswer> {
    const joined = this.join({ mustKnowItsId: false, ...wish }).now()
    const { memberId, generation } = joined
    this.sync(memberId, generation, { [memberId]: 'all' })
    await settled()
    return joined
  }

  beat(memberId: string, generation: number, groupInstanceId: string | null = null) {
    return this.coordinator.heartbeat({ groupId: 'g', memberId, generation, groupInstanceId })
  }

  leave(memberId: string, groupInstanceId: string | null = null) {
    return this.coordinator.leave('g', [{ memberId, groupInstanceId }])
  }

  commit(wish: Partial<CommitWish> = {}, offset: Partial<OffsetWish> = {}) {
    return this.coordinator.commit(this.#commit(wish, offset), { noSuchGroup: 'GROUP_ID_NOT_FOUND' })
  }

  commitInTransaction(producerId: number, offset: Partial<OffsetWish> = {}, wish: Partial<CommitWish> = {}) {
    return this.coordinator.commitInTransaction(this.#commit(wish, offset), { producerId, producerEpoch: 0 })
  }

  /** What is committed of a partition: its offset, null for none, 'unstable'. */
  async committed(topic = 't', partition = 0, requireStable = false) {
    const topics = [{ topic, partitions: [partition] }]
    const wish = { groupId: 'g', topics, requireStable, topicIdOf: () => undefined }
    const [fetched] = await this.coordinator.fetchOffsets(wish)
    const [found] = fetched?.partitions ?? []
    return found?.isUnstable === true ? 'unstable' : (found?.commit?.offset ?? null)
  }

  #commit(wish: Partial<CommitWish>, offset: Partial<OffsetWish>): CommitWish {
    const offsets = [{ ...place, ...offset }]
    const from = { groupId: 'g', memberId: '', groupInstanceId: null, generation: -1, retentionMs: null }
    return { ...from, offsets, ...wish }
  }

  #coordinator(): GroupCoordinator {
    const configs = { int: (name: string) => this.settings[name] ?? Number.NaN }
    const partitions = new Map([[0, {} as PartitionImage]])
    const topic = { name: '__consumer_offsets', topicId: noTopicId, partitions }
    return new GroupCoordinator({
      ports: {
        clock: this.clock,
        random: this.#random,
        log: { log: (_level, message) => this.warnings.push(message) },
      },
      configs: {
        ...configs,
        long: configs.int,
        list: () => [],
        string: () => '',
        dynamicOf: () => new Map(),
      },
      controller: {
        topicByName: (name) => (name === topic.name ? topic : undefined),
        topicById: () => undefined,
        topics: () => [topic],
        endOffset: 1,
        createTopic: () => topic,
        image: () => ({ brokers: new Map() }) as unknown as MetadataImage,
        subscribe: (subscriber) => this.#subscribers.push(subscriber),
      },
      partitions: { get: () => this.store },
    })
  }
}

/** An answer that may be there at once, later, or never. */
export class Asked<T> {
  answer: T | null = null
  #then: ((answer: T) => void) | null = null
  readonly take = (answer: T): void => {
    this.answer = answer
    this.#then?.(answer)
  }

  whenAnswered(run: (answer: T) => void): void {
    this.#then = run
    if (this.answer !== null) run(this.answer)
  }

  orNow(answer: T | null): void {
    if (answer !== null) this.answer = answer
  }

  now(): T {
    if (this.answer === null) throw new Error('there is no answer yet')
    return this.answer
  }
}

const member: JoinWish = {
  groupId: 'g',
  memberId: '',
  groupInstanceId: null,
  clientId: 'client',
  clientHost: '/127.0.0.1',
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 60_000,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: subscription('t') }],
  mustKnowItsId: true,
  maySkipAssignment: true,
  mayDescribe: () => true,
}

const place: OffsetWish = {
  topic: 't',
  topicId: noTopicId,
  partition: 0,
  offset: 1n,
  leaderEpoch: -1,
  metadata: null,
}

/** What a consumer says that it wants to read. */
export function subscription(...topics: readonly string[]): Buffer {
  const fields = { topics: [...topics] }
  return consumerProtocolSubscription.encodeFramed(fields, 1)
}
