import { FailedError, type KtoolError } from '../../errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { InputRecord } from '../../serde/input/input-record.ts'
import type { Found, InputFeed } from './input-feed.ts'
import type { InputPlaces } from './input-places.ts'
import type { Pace } from './pace.ts'
import type { Partitioner } from './partitioners.ts'
import { noSuchPartition } from './place-record.ts'
import type { Producer } from './producer.ts'
import type { SentBatch } from './sent-batch.ts'

const BROKEN_OFF = 'the transaction was aborted: nobody reads the results any more'

export interface ProduceWork {
  readonly producer: Producer
  readonly feed: InputFeed
  readonly places: InputPlaces
  readonly partitioner: Partitioner
  /** Of records that do not say. */
  readonly partition: number | null
  readonly pace: Pace | null
  readonly clock: Clock
  /** Fires when somebody wants it to end: what was read is sent, and nothing more is read. */
  readonly stopped: AbortSignal
  readonly isTransaction: boolean
}

/** What became of some of the input. */
export interface ProducePart {
  readonly sent: readonly SentBatch[]
  readonly faults: readonly { readonly place: number; readonly error: KtoolError }[]
}

/** Sends an input to a topic, as fast as both allow, with as much in memory as is on its way. */
export class ProduceRun {
  readonly #work: ProduceWork
  #faults: { place: number; error: KtoolError }[] = []
  #hasFailed = false
  #isEnded = false
  readCount = 0
  writtenCount = 0
  lostCount = 0
  /** Before compression. */
  writtenBytes = 0
  outcome: 'committed' | 'aborted' | 'sent' = 'sent'

  constructor(work: ProduceWork) {
    this.#work = work
    work.stopped.addEventListener('abort', () => work.producer.bell.ring())
  }

  async *parts(): AsyncGenerator<ProducePart, void, undefined> {
    const { producer } = this.#work
    try {
      yield* this.#read()
      producer.flush()
      while (!producer.isEmpty) {
        await producer.bell.rung()
        yield* this.#collected()
      }
      yield* this.#collected()
      this.#isEnded = true
      await this.#end(!this.#hasFailed && !this.#work.stopped.aborted)
    } catch (error) {
      // What went wrong first is what is told.
      await this.#breakOff().catch(() => undefined)
      throw error
    } finally {
      // Left at a result that nobody reads any more.
      if (!this.#isEnded) await this.#breakOff()
    }
  }

  get #isReading(): boolean {
    const { producer, stopped, isTransaction } = this.#work
    return !stopped.aborted && producer.fatal === undefined && !(isTransaction && this.#hasFailed)
  }

  async *#read(): AsyncGenerator<ProducePart, void, undefined> {
    const { feed, producer, pace, clock } = this.#work
    while (this.#isReading && !feed.isEnded) {
      const found = feed.take()
      // What came together came at the same time.
      const nowMs = clock.nowMs()
      for (const each of found) {
        // Asked for each record it would cost as much as the record.
        if (producer.isFull || pace !== null) {
          yield* this.#room()
          if (!this.#isReading) return
        }
        this.#enter(each, pace === null ? nowMs : clock.nowMs())
      }
      feed.done()
      yield* this.#collected()
      if (!feed.isEnded && !feed.hasArrived && this.#isReading) await producer.bell.rung()
    }
  }

  /** Until there is room for one more, and time. */
  async *#room(): AsyncGenerator<ProducePart, void, undefined> {
    const { producer, pace, clock } = this.#work
    for (;;) {
      const waitMs = pace?.waitMs() ?? 0
      if (!this.#isReading) return
      if (!producer.isFull && waitMs === 0) {
        pace?.went()
        return
      }
      yield* this.#collected()
      const cancel = waitMs > 0 ? clock.after(waitMs, () => producer.bell.ring()) : undefined
      await producer.bell.rung()
      cancel?.()
    }
  }

  #enter(found: Found, nowMs: number): void {
    const place = this.#work.places.placeOf(found.line)
    this.readCount += 1
    if (found.kind === 'fault') this.#fault(place, found.error)
    else this.#send(place, found, nowMs)
  }

  #send(place: number, record: InputRecord, nowMs: number): void {
    const { producer, partitioner } = this.#work
    const { spread } = producer
    const named = record.partition ?? this.#work.partition
    if (named !== null && named >= spread.count) {
      this.#fault(place, noSuchPartition(named, spread))
      return
    }
    const partition = named ?? partitioner.partitionOf(record.key, spread)
    const { key, value, headers } = record
    const timestamp = record.timestamp ?? nowMs
    if (producer.add(partition, place, { timestamp, key, value, headers })) partitioner.batchClosed(partition)
  }

  #fault(place: number, error: KtoolError): void {
    this.#hasFailed = true
    this.lostCount += 1
    this.#faults.push({ place, error })
  }

  *#collected(): Generator<ProducePart, void, undefined> {
    const sent = this.#work.producer.take()
    const faults = this.#faults
    if (sent.length === 0 && faults.length === 0) return
    this.#faults = []
    for (const each of sent) this.#count(each)
    yield { sent, faults }
  }

  #count(sent: SentBatch): void {
    if (sent.kind === 'written') {
      this.writtenCount += sent.places.length
      this.writtenBytes += sent.sizeBytes
    } else {
      this.lostCount += sent.places.length
      this.#hasFailed = true
    }
  }

  async #end(isCommitted: boolean): Promise<void> {
    const { producer, isTransaction } = this.#work
    if (isTransaction) this.outcome = 'aborted'
    await producer.end(isCommitted)
    if (isTransaction && isCommitted) this.outcome = 'committed'
  }

  /** What is under way comes to its end; a transaction does not count, and nobody may think that it does. */
  async #breakOff(): Promise<void> {
    const { producer, isTransaction } = this.#work
    if (this.#isEnded) return
    this.#isEnded = true
    producer.flush()
    while (!producer.isEmpty) await producer.bell.rung()
    await this.#end(false)
    if (isTransaction) throw new FailedError('transaction-aborted', BROKEN_OFF)
  }
}
