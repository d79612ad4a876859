import { BugError } from '../../errors.ts'
import type { PartitionLog } from '../../log/write/partition-log.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ErrorName } from '../../protocol/error-codes.ts'
import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { NO_SEQUENCE } from '../../records/sequence.ts'
import { ApiError } from '../api-error.ts'
import type { TopicConfigs } from '../configs/topic-configs.ts'
import type {
  CoordinatorEntry,
  CoordinatorPartition,
  TransactionalProducer,
  TransactionMarker,
} from '../coordinators/coordinator-partition.ts'
import { type Appended, admitClientBatch } from './client-batch.ts'
import { coordinatorBatch } from './coordinator-batch.ts'
import { checkMarker, markerBatch } from './marker-batch.ts'
import { UnverifiedProducers } from './unverified-producers.ts'

export interface PartitionFacts {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly log: PartitionLog
  readonly clock: Clock
  readonly configs: () => TopicConfigs
  /** No write is acknowledged, and none is shown to readers, before the disk itself has it. */
  readonly isFlushedFirst: boolean
}

const NOT_SAID = -1

/** A partition of which this node has a replica, and which it leads most of the time. */
export class Partition implements CoordinatorPartition {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly isFlushedFirst: boolean
  #log: PartitionLog
  readonly #clock: Clock
  readonly #configs: () => TopicConfigs
  #leaderId = -1
  #leaderEpoch = -1
  #isLeader = false
  #isDeleted = false
  readonly #unverified = new UnverifiedProducers()
  readonly #waiting = new Set<() => void>()
  readonly #markerReaders: ((marker: TransactionMarker) => void)[] = []

  constructor(facts: PartitionFacts) {
    this.topic = facts.topic
    this.topicId = facts.topicId
    this.partition = facts.partition
    this.#log = facts.log
    this.isFlushedFirst = facts.isFlushedFirst
    this.#clock = facts.clock
    this.#configs = facts.configs
  }

  /** Another one from when it has moved to another directory. */
  get log(): PartitionLog {
    return this.#log
  }

  get name(): string {
    return `${this.topic}-${this.partition}`
  }

  get leaderId(): number {
    return this.#leaderId
  }

  get leaderEpoch(): number {
    return this.#leaderEpoch
  }

  get isLeader(): boolean {
    return this.#isLeader && !this.#isDeleted
  }

  get isDeleted(): boolean {
    return this.#isDeleted
  }

  get logStartOffset(): number {
    return this.log.logStartOffset
  }

  get logEndOffset(): number {
    return this.log.logEndOffset
  }

  get highWatermark(): number {
    return this.log.highWatermark
  }

  get lastStableOffset(): number {
    return this.log.lastStableOffset
  }

  get configs(): TopicConfigs {
    return this.#configs()
  }

  /** Who leads from now on. A new epoch of our own begins at the end of the log (KIP-101). */
  lead(leaderId: number, leaderEpoch: number, isHere: boolean): void {
    this.#leaderId = leaderId
    this.#leaderEpoch = leaderEpoch
    this.#isLeader = isHere
    if (isHere) {
      if ((this.log.latestEpoch ?? -1) < leaderEpoch) this.log.beginEpoch(leaderEpoch)
      this.#advance()
      // What a crash left behind is not known to be on the disk. Whoever writes next hears of a flush that fails.
      if (this.isFlushedFirst) this.durable().catch(() => undefined)
    }
    this.#wake()
  }

  /** The same records in another directory. */
  moveTo(log: PartitionLog): void {
    this.#log = log
  }

  /** The topic is gone: whoever waits is told, and nothing is written any more. */
  drop(): void {
    this.#isDeleted = true
    this.#wake()
  }

  /** Null: the epoch is the one in force, or the client does not say. */
  checkLeaderEpoch(currentLeaderEpoch: number): ErrorName | null {
    if (this.#isDeleted) return 'UNKNOWN_TOPIC_OR_PARTITION'
    if (currentLeaderEpoch !== NOT_SAID && currentLeaderEpoch < this.#leaderEpoch)
      return 'FENCED_LEADER_EPOCH'
    if (currentLeaderEpoch > this.#leaderEpoch) return 'UNKNOWN_LEADER_EPOCH'
    return this.#isLeader ? null : 'NOT_LEADER_OR_FOLLOWER'
  }

  /** The producer's open transaction begins at this offset, or it has none. */
  openTransactionOf(producerId: number): number | undefined {
    return this.log.producer(producerId)?.currentTxnFirstOffset ?? undefined
  }

  hasOpenTransaction({ producerId, producerEpoch }: TransactionalProducer): boolean {
    const known = this.log.producer(producerId)
    if (known === undefined || known.producerEpoch < producerEpoch) return false
    if (known.producerEpoch > producerEpoch) throw new ApiError('INVALID_PRODUCER_EPOCH')
    return known.currentTxnFirstOffset !== null
  }

  /** Before the coordinator is asked whether it knows of the batch's transaction here. */
  beginTransaction(batch: DefaultRecordBatch, isTransactionV2: boolean): void {
    this.#unverified.add(batch, isTransactionV2)
  }

  /**
   * Checks a client's batch as Kafka does, gives it its offsets and appends it. The batch is changed where it lies.
   * Throws an ApiError for each thing that Kafka refuses.
   */
  appendClientBatch(batch: DefaultRecordBatch): Appended {
    this.#mustLead()
    const { log } = this
    const admitted = admitClientBatch(batch, {
      log,
      unverified: this.#unverified.get(batch.producerId),
      topic: this.topic,
      partition: this.partition,
      leaderEpoch: this.#leaderEpoch,
      configs: this.#configs(),
      nowMs: this.#clock.nowMs(),
    })
    if (admitted.isDuplicate) return admitted
    this.#write(admitted.bytes)
    if (batch.isTransactional) this.#unverified.delete(batch.producerId)
    return admitted
  }

  append(
    entries: readonly CoordinatorEntry[],
    producer?: TransactionalProducer,
    baseSequence = NO_SEQUENCE,
  ): void {
    if (entries.length === 0) return
    this.#mustLead()
    const bytes = coordinatorBatch(entries, producer, {
      baseSequence,
      baseOffset: this.log.logEndOffset,
      leaderEpoch: this.#leaderEpoch,
      nowMs: this.#clock.nowMs(),
      maxMessageBytes: this.#configs().maxMessageBytes,
      known: producer && this.log.producer(producer.producerId),
    })
    this.#write(bytes)
  }

  /** Ends a producer's transaction here. Returns the marker's offset. */
  appendMarker(marker: TransactionMarker): number {
    this.#mustLead()
    checkMarker(marker, this.log.producer(marker.producerId))
    const offset = this.log.logEndOffset
    this.#write(markerBatch(marker, offset, this.#leaderEpoch, this.#clock.nowMs()))
    this.#unverified.delete(marker.producerId)
    for (const run of this.#markerReaders) run(marker)
    return offset
  }

  /** Whoever is answered now must wait for the disk: by the broker's promise, or by the topic's `flush.messages`. */
  get isFlushDue(): boolean {
    const { logEndOffset, recoveryPoint } = this.log
    return this.isFlushedFirst || logEndOffset - recoveryPoint >= this.#configs().flushMessages
  }

  async durable(): Promise<void> {
    if (!this.isFlushDue) return
    const end = this.log.logEndOffset
    await this.#flushTo(end)
    if (this.#isDeleted) throw new ApiError('UNKNOWN_TOPIC_OR_PARTITION')
    if (this.log.recoveryPoint < end) {
      throw new BugError('flush-fell-short', `${this.topic}-${this.partition} is not flushed up to ${end}`)
    }
    this.#advance()
  }

  batches(): Generator<RecordBatch> {
    return this.log.batches(this.log.logStartOffset)
  }

  onMarker(run: (marker: TransactionMarker) => void): void {
    this.#markerReaders.push(run)
  }

  /** Everything below goes. Returns the new log start. */
  deleteRecordsBelow(offset: number): number {
    this.#mustLead()
    const { log } = this
    if (offset < 0 || offset > log.highWatermark) throw new ApiError('OFFSET_OUT_OF_RANGE')
    if (offset > log.logStartOffset) {
      log.raiseLogStart(offset)
      this.#wake()
    }
    return log.logStartOffset
  }

  /** Runs once, after readers can see more, after a change of leadership, or a deletion. */
  onceChanged(run: () => void): () => void {
    this.#waiting.add(run)
    return () => this.#waiting.delete(run)
  }

  async #flushTo(end: number): Promise<void> {
    let log: PartitionLog | undefined
    // Once more where it has moved to another directory meanwhile.
    while (log !== this.log && this.log.recoveryPoint < end) {
      log = this.log
      await log.flush()
    }
  }

  #mustLead(): void {
    if (this.#isDeleted) throw new ApiError('UNKNOWN_TOPIC_OR_PARTITION')
    if (!this.#isLeader) throw new ApiError('NOT_LEADER_OR_FOLLOWER')
  }

  #write(bytes: Buffer): void {
    this.log.append(bytes)
    if (!this.isFlushedFirst) this.#advance()
  }

  /** Alone in its ISR, the leader moves the high watermark to what it has itself, or has safely. */
  #advance(): void {
    const { log } = this
    const reached = this.isFlushedFirst ? Math.min(log.recoveryPoint, log.logEndOffset) : log.logEndOffset
    if (reached > log.highWatermark) log.raiseHighWatermark(reached)
    this.#wake()
  }

  #wake(): void {
    if (this.#waiting.size === 0) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const run of waiting) run()
  }
}
