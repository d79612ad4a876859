import { FailedError, type KtoolError } from '../errors.ts'
import type { GroupBatch, GroupConsumer } from '../model/group-consumer.ts'
import { partitionName } from '../model/partitions.ts'
import { openRecords } from '../records/open-records.ts'
import type { RecordHeader } from '../records/record-cursor.ts'
import { committed, type GroupReading } from './consume-group.ts'
import type { ReadFailure } from './open-partitions.ts'

/** A record that outlives its batch. */
export interface KeptRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number | bigint
  readonly timestamp: number | bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

export interface ExecWish extends GroupReading {
  readonly workers: number
  /** Runs the command for one record, and tells its exit code. */
  readonly run: (record: KeptRecord) => Promise<number>
  /** Whether it is time to commit what was done so far. */
  readonly isDue: () => boolean
}

/**
 * Runs a command for each record that a group hands to us, several at once, but for one key one after the other. What is
 * committed is what has succeeded together with all before it. After a failure nothing more is begun.
 */
export async function* execRecords(
  consumer: GroupConsumer,
  wish: ExecWish,
): AsyncGenerator<readonly ReadFailure[], void, undefined> {
  const work = new Work(wish, consumer)
  const running = new Set<Promise<void>>()
  const failures: ReadFailure[] = []
  try {
    if (work.isCounted) return
    for await (const batch of consumer.batches()) {
      const one = work.through(batch, failures).finally(() => {
        running.delete(one)
        // Not before: what was taken of other partitions is among what was counted.
        if (work.isCounted && running.size === 0) consumer.stop()
      })
      running.add(one)
      if (failures.length > 0) yield failures.splice(0)
    }
    await Promise.all(running)
    if (work.failure !== undefined) failures.push(work.failure)
    yield failures
  } finally {
    work.stop()
    await Promise.allSettled(running)
    await consumer.leave()
  }
}

class Work {
  readonly #wish: ExecWish
  readonly #consumer: GroupConsumer
  readonly #lastOfKey = new Map<string, Promise<boolean>>()
  readonly #waiting: (() => void)[] = []
  #free: number
  #left: number
  #isStopped = false
  failure: ReadFailure | undefined

  constructor(wish: ExecWish, consumer: GroupConsumer) {
    this.#wish = wish
    this.#consumer = consumer
    this.#free = wish.workers
    this.#left = wish.limit ?? Number.POSITIVE_INFINITY
  }

  stop(): void {
    this.#isStopped = true
  }

  /** As many were taken as there were to be. */
  get isCounted(): boolean {
    return this.#left <= 0
  }

  async through(batch: GroupBatch, failures: ReadFailure[]): Promise<void> {
    const records = this.#recordsOf(batch)
    const isLimited = this.isCounted
    const started = records.map((record) => this.#afterItsKey(record, batch))
    let next: number | bigint | undefined
    let isWhole = true
    for (const [i, succeeded] of started.entries()) {
      if (!isWhole || !(await succeeded)) {
        isWhole = false
        continue
      }
      const following = records[i + 1]?.offset ?? (isLimited ? after(records[i]) : batch.next)
      next = following
      if (this.#wish.isDue()) failures.push(...(await committed(batch, following)))
    }
    await Promise.all(started)
    if (records.length === 0 && !isLimited) next = batch.next
    if (next !== undefined) failures.push(...(await committed(batch, next)))
    batch.done()
  }

  #recordsOf(batch: GroupBatch): KeptRecord[] {
    const records: KeptRecord[] = []
    const { topic, partition } = batch
    for (const each of batch.batches) {
      const cursor = openRecords(each, { checkCrc: false })
      while (this.#left > 0 && cursor.next()) {
        if (this.#wish.isWanted !== undefined && !this.#wish.isWanted(cursor)) continue
        const { offset, timestamp, key, value } = cursor
        records.push({ topic, partition, offset, timestamp, key, value, headers: cursor.headers() })
        this.#left -= 1
      }
    }
    return records
  }

  #afterItsKey(record: KeptRecord, batch: GroupBatch): Promise<boolean> {
    if (record.key === null) return this.#run(record, batch)
    const key = `${record.topic}:${record.partition}:${record.key.toString('latin1')}`
    const before = this.#lastOfKey.get(key) ?? Promise.resolve(true)
    const result = before.then((succeeded) => succeeded && this.#run(record, batch))
    this.#lastOfKey.set(key, result)
    return result.finally(() => {
      if (this.#lastOfKey.get(key) === result) this.#lastOfKey.delete(key)
    })
  }

  async #run(record: KeptRecord, batch: GroupBatch): Promise<boolean> {
    await this.#worker()
    try {
      if (this.#isStopped || batch.isRevoked) return false
      const exitCode = await this.#wish.run(record)
      if (exitCode === 0) return true
      this.#fail(record, commandFailed(record, exitCode))
      return false
    } catch (error) {
      if (!(error instanceof FailedError)) throw error
      this.#fail(record, error)
      return false
    } finally {
      this.#free += 1
      this.#waiting.shift()?.()
    }
  }

  async #worker(): Promise<void> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#free -= 1
  }

  #fail({ topic, partition }: KeptRecord, error: KtoolError): void {
    this.failure ??= { item: partitionName({ topic, partition }), error }
    this.#isStopped = true
    this.#consumer.stop()
  }
}

function after(record: KeptRecord | undefined): number | bigint {
  return BigInt(record?.offset ?? 0) + 1n
}

function commandFailed({ offset, topic, partition }: KeptRecord, exitCode: number): FailedError {
  return new FailedError('exec-failed', `the command ended with ${exitCode} for offset ${offset}`, {
    hint: 'it is not committed, nor is what comes after it in this partition: it will come again',
    details: { topic, partition, offset, exitCode },
  })
}

/** Text that no environment can hold, since it has a NUL, is told as base64. */
export function environmentOf({
  topic,
  partition,
  offset,
  timestamp,
  key,
  value,
  headers,
}: KeptRecord): Record<string, string> {
  return {
    KTOOL_TOPIC: topic,
    KTOOL_PARTITION: String(partition),
    KTOOL_OFFSET: String(offset),
    KTOOL_TIMESTAMP: String(timestamp),
    ...(key === null ? {} : bytesFact('KTOOL_KEY', key)),
    ...(value === null ? { KTOOL_VALUE_IS_NULL: '1' } : {}),
    KTOOL_HEADERS: JSON.stringify(
      headers.map(({ key, value }) => [key.toString('utf8'), value?.toString('utf8') ?? null]),
    ),
  }
}

function bytesFact(name: string, bytes: Buffer): Record<string, string> {
  return bytes.includes(0)
    ? { [`${name}_BASE64`]: bytes.toString('base64') }
    : { [name]: bytes.toString('utf8') }
}
