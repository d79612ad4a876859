import type { Int64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import {
  abortTransactionRecord,
  beginTransactionRecord,
  endTransactionRecord,
  noOpRecord,
  zkMigrationStateRecord,
} from '../../protocol/records/cluster-metadata-records.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { configChanges } from './config-changes.ts'
import { type Apply, change, type MetadataChange, metadataTypeOf } from './metadata-change.ts'
import { MetadataState } from './metadata-state.ts'
import { nodeChanges } from './node-changes.ts'
import { replayControlRecord } from './quorum-records.ts'
import { securityChanges } from './security-changes.ts'
import { topicChanges } from './topic-changes.ts'

const changes: ReadonlyMap<number, MetadataChange> = new Map(
  [
    ...topicChanges,
    ...nodeChanges,
    ...configChanges,
    ...securityChanges,
    change(noOpRecord, () => {}),
    change(zkMigrationStateRecord, () => {}),
  ].map((each) => [each.type, each]),
)

const laterKafka: ReadonlySet<string> = new Set([
  'unknown-record-type',
  'unknown-version',
  'unknown-frame',
  'unknown-resource-type',
  'unknown-tagged-field',
])

/** Told of each record that counts; the bytes are good until it returns. */
type Counted = (type: number, value: Buffer) => void

/** Replays batches of a snapshot or of the log into a state. */
export class MetadataReplay {
  readonly state = new MetadataState()
  readonly #counted: Counted
  /** What could not be read, and how often. */
  readonly unread = new Map<string, number>()
  /** Some of that is sound: a later Kafka wrote it. */
  isOfLaterKafka = false
  /** A snapshot that ends without its footer was not written to its end. */
  hasFooter = false
  timestampMs: Int64 = -1
  /** Its batches have the time at which it was made; the header has that of the log. */
  #isInSnapshot = false
  /** KIP-868: what stands between the begin and the end of a transaction counts only when the end is there. */
  #transaction: Apply[] | null = null

  constructor(counted: Counted = () => {}) {
    this.#counted = counted
  }

  get isInTransaction(): boolean {
    return this.#transaction !== null
  }

  /** Throws a DataError where the batch is damaged; one unknown record does not stop the others. */
  batch(batch: RecordBatch): void {
    const cursor = openRecords(batch)
    const { isControl } = batch
    while (cursor.next()) {
      const { key, value } = cursor
      if (isControl) this.#control(key, value ?? Buffer.alloc(0))
      else if (value !== null) this.#record(value)
    }
    if (!isControl && !this.#isInSnapshot) this.timestampMs = batch.maxTimestamp
  }

  #control(key: Buffer | null, value: Buffer): void {
    this.#tolerantly('control record', () => {
      const said = replayControlRecord(this.state, key, value)
      if (said.timestampMs !== null) {
        this.timestampMs = said.timestampMs
        this.#isInSnapshot = true
      }
      if (said.isFooter) {
        this.hasFooter = true
        this.#isInSnapshot = false
      }
    })
  }

  #record(value: Buffer): void {
    let type = -1
    this.#tolerantly(
      () => `record of type ${type}`,
      () => {
        type = metadataTypeOf(value)
        if (type === beginTransactionRecord.key) this.#transaction = []
        else if (type === abortTransactionRecord.key) this.#transaction = null
        else if (type === endTransactionRecord.key) this.#endTransaction()
        else this.#apply(type, value)
      },
    )
  }

  #apply(type: number, value: Buffer): void {
    const known = changes.get(type)
    if (known === undefined) throw new DataError('unknown-record-type', 'of a later Kafka')
    const apply = known.decode(value)
    if (this.#transaction === null) {
      apply(this.state)
      this.#counted(type, value)
    } else this.#transaction.push(this.#later(type, value, apply))
  }

  #later(type: number, value: Buffer, apply: Apply): Apply {
    const copy = Buffer.from(value)
    return (state) => {
      apply(state)
      this.#counted(type, copy)
    }
  }

  #endTransaction(): void {
    const applies = this.#transaction ?? []
    this.#transaction = null
    for (const apply of applies) apply(this.state)
  }

  #tolerantly(what: string | (() => string), replay: () => void): void {
    try {
      replay()
    } catch (cause) {
      if (!(cause instanceof DataError)) throw cause
      if (laterKafka.has(cause.code)) this.isOfLaterKafka = true
      const name = `${typeof what === 'string' ? what : what()} (${cause.message})`
      this.unread.set(name, (this.unread.get(name) ?? 0) + 1)
    }
  }
}
