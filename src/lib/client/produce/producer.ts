import type { KtoolError } from '../../errors.ts'
import type { Cancel } from '../../ports/clock.ts'
import type { RecordFields } from '../../records/record-fields.ts'
import type { Cluster } from '../cluster.ts'
import { gather } from '../routing/ask-routed.ts'
import { Bell } from './bell.ts'
import { PartitionLane } from './partition-lane.ts'
import type { Spread } from './partitioners.ts'
import type { PendingBatch, Sender } from './pending-batch.ts'
import type { ProduceSettings } from './produce-settings.ts'
import { producerNumber } from './producer-number.ts'
import { leaderless, sendBatches } from './send-batches.ts'
import type { SentBatch } from './sent-batch.ts'
import { TopicLeaders } from './topic-leaders.ts'
import { Transaction } from './transaction.ts'
import { inDoubt, type Verdict } from './verdict.ts'

/** As much may wait to be sent; whoever has more to send waits. */
const BUFFER_BYTES = 32 * 1024 * 1024
/** Brokers take requests of 100 MiB by default. */
const REQUEST_BYTES = 16 * 1024 * 1024
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1000

/**
 * Writes records to the partitions of one topic.
 *
 * kafkajs is not in the way of records: its headers are an object, which loses their order and what is no text; one
 * partition's error throws away what became of the others; and on the machine of docs/benchmarks.md it sent 50,000
 * records a second where kcat sent 500,000.
 */
export class Producer {
  readonly bell = new Bell()
  readonly #cluster: Cluster
  readonly #settings: ProduceSettings
  readonly #leaders: TopicLeaders
  readonly #transaction: Transaction | null
  readonly #sender: Sender | null
  readonly #lanes = new Map<number, PartitionLane>()
  readonly #busy = new Set<PartitionLane>()
  readonly #mutedUntilMs = new Map<number, number>()
  #sent: SentBatch[] = []
  #bufferedBytes = 0
  #isFlushing = false
  #linger: Cancel | undefined
  #bug: unknown
  /** Nothing more can be written: why not. */
  fatal: KtoolError | undefined

  private constructor(
    cluster: Cluster,
    settings: ProduceSettings,
    parts: { leaders: TopicLeaders; transaction: Transaction | null; sender: Sender | null },
  ) {
    this.#cluster = cluster
    this.#settings = settings
    this.#leaders = parts.leaders
    this.#transaction = parts.transaction
    this.#sender = parts.sender
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

  get isFull(): boolean {
    return this.#bufferedBytes >= BUFFER_BYTES
  }

  /** Nothing is under way; or nothing of it will come to an end, for a mistake of ours. */
  get isEmpty(): boolean {
    return this.#busy.size === 0 || this.#bug !== undefined
  }

  /** Copies the record. True where a batch was closed for it. */
  add(partition: number, place: number, record: RecordFields): boolean {
    const lane = this.#laneOf(partition)
    const { sizeBytes, hasClosed } = lane.append(place, record, this.#settings.batchSizeBytes)
    this.#bufferedBytes += sizeBytes
    this.#busy.add(lane)
    if (lane.isReady || this.isFull) this.#pump()
    this.#linger ??= this.#clock.after(this.#settings.lingerMs, () => this.#lingered())
    return hasClosed
  }

  /** What became of batches since the last time. */
  take(): SentBatch[] {
    if (this.#bug !== undefined) throw this.#bug
    const sent = this.#sent
    this.#sent = []
    return sent
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

  #laneOf(partition: number): PartitionLane {
    const known = this.#lanes.get(partition)
    if (known !== undefined) return known
    const lane = new PartitionLane(partition, this.#settings.packing, this.#sender)
    this.#lanes.set(partition, lane)
    return lane
  }

  #lingered(): void {
    this.#linger = undefined
    for (const lane of this.#busy) lane.isDue = true
    this.#pump()
  }

  /** Sends what is ready, each leader's in one request, or in several where they are large. */
  #pump(): void {
    const nowMs = this.#clock.monotonicMs()
    if (this.#leaders.isStale) void this.#guarded(this.#leaders.refresh())
    const byLeader = new Map<number, PartitionLane[]>()
    for (const lane of this.#busy) {
      if (this.isFull || this.#isFlushing) lane.isDue = true
      if (!lane.isReady || lane.retryAtMs > nowMs) continue
      if (lane.end !== undefined) this.#drop(lane, lane.end)
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
      for (const lane of lanes)
        this.#judge(lane, { kind: 'again', error: leaderless(this.#settings.topic, lane) })
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
    for (const lane of lanes) {
      const { verdict, offset, stampMs } = outcome.of(lane.partition)
      this.#judge(lane, verdict, offset, stampMs)
    }
    this.#pump()
  }

  #judge(
    lane: PartitionLane,
    verdict: Verdict,
    offset: bigint | null = null,
    stampMs: bigint | null = null,
  ): void {
    const batch = lane.first
    lane.isUnderWay = false
    if (batch === undefined) return
    switch (verdict.kind) {
      case 'written':
        lane.sequence = (lane.sequence + batch.count) % 2 ** 31
        this.#tell({
          kind: 'written',
          partition: lane.partition,
          places: batch.places,
          batch: batch.batch,
          sizeBytes: batch.sizeBytes,
          baseOffset: exact(offset),
          logAppendTimeMs: exact(stampMs),
        })
        this.#take(lane, [])
        break
      case 'again':
        this.#tryAgain(lane, batch, verdict.error)
        break
      case 'split':
        this.#split(lane, batch, verdict)
        break
      case 'renumber':
        if (!lane.renumber()) this.#endAt(lane, batch, verdict.error)
        break
      case 'lost':
        if (verdict.isFatal) this.#end(lane, verdict.error)
        this.#lose(lane, batch, verdict.error)
        break
    }
  }

  #tryAgain(lane: PartitionLane, batch: PendingBatch, error: KtoolError): void {
    const { deliveryMs } = this.#settings
    const nowMs = this.#clock.monotonicMs()
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(batch.tries - 1, 10), LONGEST_PAUSE_MS)
    if (nowMs + pauseMs - (batch.triedSinceMs ?? nowMs) > deliveryMs) {
      this.#endAt(lane, batch, error)
      return
    }
    lane.retryAtMs = nowMs + pauseMs
    this.#clock.after(pauseMs, () => {
      if (this.isEmpty) return
      void this.#guarded(this.#leaders.refresh().then(() => this.#pump()))
    })
  }

  /** A number that may have been used is used for nothing else. */
  #endAt(lane: PartitionLane, batch: PendingBatch, error: KtoolError): void {
    const last = batch.isInDoubt ? inDoubt(error) : error
    this.#end(lane, last)
    this.#lose(lane, batch, last)
  }

  #split(
    lane: PartitionLane,
    batch: PendingBatch,
    { error, refused }: Verdict & { readonly kind: 'split' },
  ): void {
    for (const [index, reason] of refused) {
      this.#tellLost(lane, batch.places.slice(index, index + 1), reason)
    }
    const half = Math.ceil(batch.count / 2)
    const parts =
      refused.size > 0
        ? batch.split(1, (index) => (refused.has(index) ? undefined : 0))
        : batch.split(2, (index) => (index < half ? 0 : 1))
    // The smaller ones are sent at once; each comes back here, until it is one record that is wrong.
    for (const part of parts) part.tries = 1
    if (parts.length === 0 && refused.size === 0) this.#tellLost(lane, batch.places, error)
    this.#take(lane, parts)
  }

  #lose(lane: PartitionLane, batch: PendingBatch, error: KtoolError): void {
    this.#tellLost(lane, batch.places, error)
    this.#take(lane, [])
  }

  /** All that waits behind. */
  #drop(lane: PartitionLane, error: KtoolError): void {
    for (let batch = lane.first; batch !== undefined; batch = lane.first) this.#lose(lane, batch, error)
  }

  #end(lane: PartitionLane, error: KtoolError): void {
    lane.end = error
    this.fatal ??= error
  }

  #take(lane: PartitionLane, parts: readonly PendingBatch[]): void {
    const { first } = lane
    if (first === undefined) return
    for (const { sizeBytes } of parts) this.#bufferedBytes += sizeBytes
    this.#bufferedBytes -= first.sizeBytes
    lane.replaceFirst(parts)
    if (lane.isEmpty) this.#busy.delete(lane)
  }

  #tellLost(lane: PartitionLane, places: readonly number[], error: KtoolError): void {
    this.#tell({ kind: 'lost', partition: lane.partition, places, error })
  }

  #tell(sent: SentBatch): void {
    this.#sent.push(sent)
    this.bell.ring()
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

/** Brokers say −1 for what they do not know. */
function exact(value: bigint | null): number | bigint | null {
  if (value === null || value < 0n) return null
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}
