import type { Consumer, EachBatchPayload } from 'kafkajs'
import { toInt64 } from '../../bytes/int64.ts'
import type { ClusterSettings } from '../../config/cluster-settings.ts'
import { KtoolError } from '../../errors.ts'
import type { GroupBatch, GroupConsumer, GroupWish } from '../../model/group-consumer.ts'
import type { TopicPartition } from '../../model/groups.ts'
import { partitionName } from '../../model/partitions.ts'
import type { Clock } from '../../ports/clock.ts'
import { pause } from '../../ports/pause.ts'
import { fromKafkajs } from '../kafkajs/kafkajs-error.ts'
import { type KafkajsWishes, openKafkajs } from '../kafkajs/open-kafkajs.ts'
import { HandedBatch } from './handed-batch.ts'
import { Joining } from './joining.ts'

export interface GroupWorld extends KafkajsWishes {
  readonly settings: ClusterSettings
  readonly clock: Clock
  /** Where the group stands in these partitions; those are left out of which it has committed nothing. */
  readonly committed: (partitions: readonly TopicPartition[]) => Promise<ReadonlyMap<string, number | bigint>>
  /** Where the partitions begin. */
  readonly starts: ReadonlyMap<string, number | bigint>
  /** Takes a member out of the group that is not in it yet. */
  readonly leave: (memberId: string) => Promise<unknown>
  /** Where to begin instead of what is committed, for that is not there any more. */
  readonly detours: ReadonlyMap<string, number | bigint>
}

const SESSION_TIMEOUT_MS = 30_000
const REBALANCE_TIMEOUT_MS = 60_000
const HEARTBEAT_MS = 3000
const MAX_WAIT_MS = 500
/** New partitions are dealt out after that. */
const METADATA_MAX_AGE_MS = 10_000
/** For a group to let us in, so that we can leave it again: who is only gone is waited for as long as a session lasts. */
const PATIENCE_TO_LEAVE_MS = 5000

/**
 * Joins a group by kafkajs; nothing is committed that was not asked for. When it is to stop while it joins, it comes
 * back soon, with a member that hands out nothing.
 */
export async function joinGroup(
  world: GroupWorld,
  wish: GroupWish,
  signal: AbortSignal,
): Promise<GroupConsumer> {
  const { kafka, library } = await openKafkajs(world.settings, world)
  const joining = new Joining()
  const consumer = kafka.consumer({
    groupId: wish.group,
    partitionAssigners: [joining.watch(library.PartitionAssigners.roundRobin)],
    allowAutoTopicCreation: false,
    sessionTimeout: SESSION_TIMEOUT_MS,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: MAX_WAIT_MS,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    readUncommitted: wish.isolation === 'uncommitted',
    // What it gives up on ends the command, which says so.
    retry: { retries: 5, restartOnFailure: async () => false },
  })
  const member = new Member(consumer, world, wish, joining)
  await member.join(signal)
  return member
}

class Member implements GroupConsumer {
  readonly #consumer: Consumer
  readonly #world: GroupWorld
  readonly #wish: GroupWish
  readonly #joining: Joining
  readonly #queue: HandedBatch[] = []
  readonly #open = new Set<HandedBatch>()
  #assigned: readonly TopicPartition[] | undefined
  readonly #positions = new Map<string, number | bigint>()
  #isOver = false
  #hasJoined = false
  readonly #left: Promise<void>
  #letGo: () => void = () => undefined
  #failure: unknown
  #wake: (() => void) | undefined

  constructor(consumer: Consumer, world: GroupWorld, wish: GroupWish, joining: Joining) {
    this.#consumer = consumer
    this.#world = world
    this.#wish = wish
    this.#joining = joining
    this.#left = new Promise((resolve) => (this.#letGo = resolve))
  }

  async join(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return this.stop()
    const joined = this.#join()
    const isLate = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        this.stop()
        this.#world.clock.after(PATIENCE_TO_LEAVE_MS, resolve)
        this.#leaveUnlet().then(resolve, resolve)
      })
    })
    await Promise.race([joined, isLate])
  }

  /** A group lets nobody in before all of its members are there, which may take minutes. */
  async #leaveUnlet(): Promise<void> {
    const memberId = await this.#joining.memberId()
    // kafkajs leaves by itself.
    if (this.#hasJoined) return new Promise(() => {})
    await this.#leaveAs(memberId)
  }

  async #join(): Promise<void> {
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
      if (!this.#isOver) throw fromKafkajs(error)
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
    this.#letGo()
    for (const batch of this.#open) batch.done()
    const gone = this.#consumer.disconnect().catch(() => undefined)
    if (this.#joining.isOver || (await this.#isSoon(gone))) return gone
    await Promise.race([gone, this.#leaveByItself()])
  }

  /** kafkajs would wait until the others are there again too, whether it has asked to be let in before or does only now. */
  async #isSoon(gone: Promise<void>): Promise<boolean> {
    const over = new AbortController()
    const isSoon = await Promise.race([
      gone.then(() => true),
      pause(this.#world.clock, PATIENCE_TO_LEAVE_MS, over.signal).then(() => false),
      this.#joining.asked().then(() => false),
    ])
    over.abort()
    return isSoon
  }

  async #leaveByItself(): Promise<void> {
    await this.#leaveAs(await this.#joining.memberId()).catch(() => undefined)
  }

  async #leaveAs(memberId: string): Promise<void> {
    this.#joining.end()
    await this.#world.leave(memberId)
  }

  /** kafkajs waits until this is through before it fetches more of the partition. */
  async #hand(payload: EachBatchPayload): Promise<void> {
    if (this.#isOver) return this.#left
    const batch = new HandedBatch(payload, {
      consumer: this.#consumer,
      clock: this.#world.clock,
      heartbeatMs: HEARTBEAT_MS,
      isOver: () => this.#isOver,
    })
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
    // Before kafkajs fetches for the first time. By itself it would commit −2 for the group, and ask where that is.
    const detours = this.#hasJoined ? new Map<string, number | bigint>() : this.#world.detours
    this.#hasJoined = true
    this.#joining.answered()
    for (const at of assigned) {
      const offset = detours.get(partitionName(at))
      if (offset !== undefined) this.#consumer.seek({ ...at, offset: String(offset) })
    }
    this.#assigned = undefined
    this.#world.committed(assigned).then(
      (committed) => {
        for (const at of assigned) {
          const key = partitionName(at)
          const position = detours.get(key) ?? this.#positionOf(key, committed.get(key))
          this.#positions.set(key, position)
        }
        this.#assigned = assigned
        this.#endIfThrough()
      },
      (error: unknown) => this.#end(error),
    )
  }

  #positionOf(key: string, committed: number | bigint | undefined): number | bigint {
    const { from, ends } = this.#wish
    const start = this.#world.starts.get(key) ?? 0
    if (committed === undefined) return from === 'start' ? start : (ends?.get(key) ?? 0)
    return committed < start ? start : committed
  }

  #passed(at: TopicPartition, next: number | bigint): void {
    const before = this.#positions.get(partitionName(at))
    if (before === undefined || before < next) this.#positions.set(partitionName(at), next)
    this.#endIfThrough()
  }

  #endIfThrough(): void {
    const { ends } = this.#wish
    if (ends === null || this.#assigned === undefined || this.#open.size > 0) return
    const isThrough = this.#assigned.every((at) => {
      const key = partitionName(at)
      return (this.#positions.get(key) ?? 0) >= (ends.get(key) ?? 0)
    })
    if (isThrough) this.stop()
  }

  #end(error: unknown): void {
    // It was told that its member is gone, or that it is not to join again.
    if (this.#joining.isOver) return
    this.#failure ??= error instanceof KtoolError ? error : fromKafkajs(error)
    this.stop()
  }

  #tell(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
