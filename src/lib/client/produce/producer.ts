import type { KtoolError } from '../../errors.ts'
import type { Cancel } from '../../ports/clock.ts'
import type { RecordFields } from '../../records/record-fields.ts'
import type { Cluster } from '../cluster.ts'
import { gather } from '../routing/ask-routed.ts'
import type { Bell } from './bell.ts'
import type { PartitionLane } from './partition-lane.ts'
import type { Spread } from './partitioners.ts'
import type { Sender } from './pending-batch.ts'
import { PendingRecords } from './pending-records.ts'
import type { ProduceSettings } from './produce-settings.ts'
import { producerNumber } from './producer-number.ts'
import { type Judged, leaderless, sendBatches } from './send-batches.ts'
import type { SentBatch } from './sent-batch.ts'
import { type Settlement, settleBatch } from './settle-batch.ts'
import { TopicLeaders } from './topic-leaders.ts'
import { Transaction } from './transaction.ts'

/** Brokers take requests of 100 MiB by default. */
const REQUEST_BYTES = 16 * 1024 * 1024

/**
 * Writes records to the partitions of one topic: when what is sent to whom. What waits is in `PendingRecords`, and what
 * becomes of a batch after its answer in `settleBatch`.
 *
 * kafkajs is not in the way of records: its headers are an object, which loses their order and what is no text; one
 * partition's error throws away what became of the others; and on the machine of docs/benchmarks.md it sent 50,000
 * records a second where kcat sent 500,000.
 */
export class Producer {
  readonly #cluster: Cluster
  readonly #settings: ProduceSettings
  readonly #leaders: TopicLeaders
  readonly #transaction: Transaction | null
  readonly #pending: PendingRecords
  readonly #settlement: Settlement
  readonly #mutedUntilMs = new Map<number, number>()
  #isFlushing = false
  #linger: Cancel | undefined
  #bug: unknown

  private constructor(
    cluster: Cluster,
    settings: ProduceSettings,
    parts: { leaders: TopicLeaders; transaction: Transaction | null; sender: Sender | null },
  ) {
    this.#cluster = cluster
    this.#settings = settings
    this.#leaders = parts.leaders
    this.#transaction = parts.transaction
    this.#pending = new PendingRecords(settings.packing, parts.sender)
    this.#settlement = {
      pending: this.#pending,
      clock: this.#clock,
      deliveryMs: settings.deliveryMs,
      sendAgain: () => this.#sendAgain(),
    }
  }

  static async open(cluster: Cluster, settings: ProduceSettings): Promise<Producer> {
    const leaders = await TopicLeaders.of(cluster, settings.topic)
    const { transaction: wanted, acks } = settings
    const transaction = wanted === null ? null : await Transaction.begin(cluster, wanted)
    // A broker leaves out what it was sent twice only where it may wait for its replicas.
    const sender = transaction?.sender ?? (acks === -1 ? await producerNumber(cluster) : null)
    return new Producer(cluster, settings, { leaders, transaction, sender })
  }

  get spread(): Spread {
    return this.#leaders.spread
  }

  /** Rings when something came of batches. */
  get bell(): Bell {
    return this.#pending.bell
  }

  /** Nothing more can be written: why not. */
  get fatal(): KtoolError | undefined {
    return this.#pending.fatal
  }

  get isFull(): boolean {
    return this.#pending.isFull
  }

  /** Nothing is under way; or nothing of it will come to an end, for a mistake of ours. */
  get isEmpty(): boolean {
    return this.#pending.busy.size === 0 || this.#bug !== undefined
  }

  /** Copies the record. True where a batch was closed for it. */
  add(partition: number, place: number, record: RecordFields): boolean {
    const { batchSizeBytes, lingerMs } = this.#settings
    const { lane, hasClosed } = this.#pending.add(partition, place, record, batchSizeBytes)
    if (lane.isReady || this.isFull) this.#pump()
    this.#linger ??= this.#clock.after(lingerMs, () => this.#lingered())
    return hasClosed
  }

  /** What became of batches since the last time. */
  take(): SentBatch[] {
    if (this.#bug !== undefined) throw this.#bug
    return this.#pending.takeSent()
  }

  /** Waits for nothing more than what is under way. The bell tells when it is done. */
  flush(): void {
    this.#isFlushing = true
    this.#pump()
  }

  /** Makes the transaction count, or takes all of it back. */
  async end(isCommitted: boolean): Promise<void> {
    this.#linger?.()
    await this.#transaction?.end(isCommitted)
  }

  get #clock() {
    return this.#cluster.world.clock
  }

  #lingered(): void {
    this.#linger = undefined
    for (const lane of this.#pending.busy) lane.isDue = true
    this.#pump()
  }

  /** Sends what is ready, each leader's in one request, or in several where they are large. */
  #pump(): void {
    const nowMs = this.#clock.monotonicMs()
    if (this.#leaders.isStale) void this.#guarded(this.#leaders.refresh())
    const byLeader = new Map<number, PartitionLane[]>()
    for (const lane of this.#pending.busy) {
      if (this.isFull || this.#isFlushing) lane.isDue = true
      if (!lane.isReady || lane.retryAtMs > nowMs) continue
      if (lane.end !== undefined) this.#pending.loseAll(lane, lane.end)
      else gather(byLeader, this.#leaders.leaderOf(lane.partition), lane)
    }
    for (const [leader, lanes] of byLeader) this.#sendTo(leader, lanes, nowMs)
  }

  #sendTo(leader: number, lanes: readonly PartitionLane[], nowMs: number): void {
    const mutedMs = (this.#mutedUntilMs.get(leader) ?? 0) - nowMs
    if (mutedMs > 0) {
      this.#clock.after(mutedMs, () => this.#pump())
      return
    }
    let request: PartitionLane[] = []
    let sizeBytes = 0
    for (const lane of lanes) {
      const size = this.#seal(lane, nowMs)
      if (request.length > 0 && sizeBytes + size > REQUEST_BYTES) {
        void this.#guarded(this.#send(leader, request))
        request = []
        sizeBytes = 0
      }
      request.push(lane)
      sizeBytes += size
    }
    if (request.length > 0) void this.#guarded(this.#send(leader, request))
  }

  #seal(lane: PartitionLane, nowMs: number): number {
    const batch = lane.first
    if (batch === undefined) return 0
    lane.isUnderWay = true
    lane.isDue = false
    batch.triedSinceMs ??= nowMs
    batch.tries += 1
    return batch.seal(lane.sender, lane.sequence).length
  }

  async #send(leader: number, lanes: readonly PartitionLane[]): Promise<void> {
    if (leader < 0) {
      for (const lane of lanes) this.#settle(lane, nobodyAsked(leaderless(this.#settings.topic, lane)))
      return
    }
    const batches = new Map(
      lanes.flatMap((lane) => (lane.first === undefined ? [] : [[lane.partition, lane.first] as const])),
    )
    const outcome = await sendBatches(leader, batches, {
      cluster: this.#cluster,
      settings: this.#settings,
      transaction: this.#transaction,
    })
    if (outcome.throttleMs > 0) {
      this.#mutedUntilMs.set(leader, this.#clock.monotonicMs() + outcome.throttleMs)
    }
    for (const lane of lanes) this.#settle(lane, outcome.of(lane.partition))
    this.#pump()
  }

  #settle(lane: PartitionLane, told: Judged): void {
    settleBatch(lane, told, this.#settlement)
  }

  #sendAgain(): void {
    if (this.isEmpty) return
    void this.#guarded(this.#leaders.refresh().then(() => this.#pump()))
  }

  /** A mistake of ours ends the command, not this batch alone. */
  async #guarded(work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (error) {
      this.#bug ??= error
      this.bell.ring()
    }
  }
}

function nobodyAsked(error: KtoolError): Judged {
  return { verdict: { kind: 'again', error }, offset: null, stampMs: null }
}
