import type { Consumer, EachBatchPayload } from 'kafkajs'
import { toInt64 } from '../../bytes/int64.ts'
import type { ClusterSettings } from '../../config/cluster-settings.ts'
import { KtoolError } from '../../errors.ts'
import type { GroupBatch, GroupConsumer, GroupWish } from '../../model/group-consumer.ts'
import type { TopicPartition } from '../../model/groups.ts'
import type { Clock } from '../../ports/clock.ts'
import { fromKafkajs } from '../kafkajs/kafkajs-error.ts'
import { type KafkajsWishes, openKafkajs } from '../kafkajs/open-kafkajs.ts'
import { partitionKey } from '../routing/by-leader.ts'
import { HandedBatch } from './handed-batch.ts'

export interface GroupWorld extends KafkajsWishes {
  readonly settings: ClusterSettings
  readonly clock: Clock
  /** Where the group stands in these partitions; null where it has committed nothing. */
  readonly committed: (partitions: readonly TopicPartition[]) => Promise<ReadonlyMap<string, number | bigint>>
  /** Where those begin that it has committed nothing of. */
  readonly starts: ReadonlyMap<string, number | bigint>
}

const SESSION_TIMEOUT_MS = 30_000
const REBALANCE_TIMEOUT_MS = 60_000
const HEARTBEAT_MS = 3000
const MAX_WAIT_MS = 500

/** Joins a group by kafkajs; nothing is committed that was not asked for. */
export async function joinGroup(world: GroupWorld, wish: GroupWish): Promise<GroupConsumer> {
  const { kafka } = await openKafkajs(world.settings, world)
  const consumer = kafka.consumer({
    groupId: wish.group,
    allowAutoTopicCreation: false,
    sessionTimeout: SESSION_TIMEOUT_MS,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: MAX_WAIT_MS,
    readUncommitted: wish.isolation === 'uncommitted',
    // What it gives up on ends the command, which says so.
    retry: { retries: 5, restartOnFailure: async () => false },
  })
  const member = new Member(consumer, world, wish)
  await member.join()
  return member
}

class Member implements GroupConsumer {
  readonly #consumer: Consumer
  readonly #world: GroupWorld
  readonly #wish: GroupWish
  readonly #queue: HandedBatch[] = []
  readonly #open = new Set<HandedBatch>()
  #assigned: readonly TopicPartition[] | undefined
  readonly #positions = new Map<string, number | bigint>()
  #isOver = false
  #failure: unknown
  #wake: (() => void) | undefined

  constructor(consumer: Consumer, world: GroupWorld, wish: GroupWish) {
    this.#consumer = consumer
    this.#world = world
    this.#wish = wish
  }

  async join(): Promise<void> {
    const { topics, from, partitionsAtOnce } = this.#wish
    const { events } = this.#consumer
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => this.#joined(payload.memberAssignment))
    this.#consumer.on(events.END_BATCH_PROCESS, ({ payload }) => {
      this.#passed(payload, toInt64(BigInt(payload.lastOffset) + 1n))
    })
    this.#consumer.on(events.CRASH, ({ payload }) => this.#end(payload.error))
    try {
      await this.#consumer.connect()
      await this.#consumer.subscribe({ topics: [...topics], fromBeginning: from === 'start' })
      await this.#consumer.run({
        autoCommit: false,
        partitionsConsumedConcurrently: partitionsAtOnce,
        eachBatch: (payload) => this.#hand(payload),
      })
    } catch (error) {
      await this.#consumer.disconnect().catch(() => undefined)
      throw fromKafkajs(error)
    }
  }

  async *batches(): AsyncGenerator<GroupBatch, void, undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw fromKafkajs(this.#failure)
      const next = this.#queue.shift()
      if (next !== undefined) yield next
      else if (this.#isOver) return
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  stop(): void {
    this.#isOver = true
    for (const batch of this.#queue.splice(0)) batch.done()
    this.#tell()
  }

  async leave(): Promise<void> {
    this.stop()
    for (const batch of this.#open) batch.done()
    await this.#consumer.disconnect().catch(() => undefined)
  }

  /** kafkajs waits until this is through before it fetches more of the partition. */
  async #hand(payload: EachBatchPayload): Promise<void> {
    if (this.#isOver) return
    const batch = new HandedBatch(payload, this.#consumer, this.#world.clock, HEARTBEAT_MS)
    this.#open.add(batch)
    this.#queue.push(batch)
    this.#tell()
    try {
      await batch.worked()
    } finally {
      this.#open.delete(batch)
    }
  }

  #joined(assignment: Readonly<Record<string, readonly number[]>>): void {
    const assigned = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    )
    this.#assigned = undefined
    this.#world.committed(assigned).then(
      (committed) => {
        for (const at of assigned) {
          const key = partitionKey(at)
          const start = this.#wish.from === 'start' ? this.#world.starts.get(key) : this.#wish.ends?.get(key)
          this.#positions.set(key, committed.get(key) ?? start ?? 0)
        }
        this.#assigned = assigned
        this.#endIfThrough()
      },
      (error: unknown) => this.#end(error),
    )
  }

  #passed(at: TopicPartition, next: number | bigint): void {
    const before = this.#positions.get(partitionKey(at))
    if (before === undefined || before < next) this.#positions.set(partitionKey(at), next)
    this.#endIfThrough()
  }

  #endIfThrough(): void {
    const { ends } = this.#wish
    if (ends === null || this.#assigned === undefined || this.#open.size > 0) return
    const isThrough = this.#assigned.every((at) => {
      const key = partitionKey(at)
      return (this.#positions.get(key) ?? 0) >= (ends.get(key) ?? 0)
    })
    if (isThrough) this.stop()
  }

  #end(error: unknown): void {
    this.#failure ??= error instanceof KtoolError ? error : fromKafkajs(error)
    this.stop()
  }

  #tell(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
