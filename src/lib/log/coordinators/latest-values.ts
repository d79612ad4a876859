import type { Int64 } from '../../bytes/int64.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import type { Replayed } from './replay-log.ts'

/**
 * What was last written under a key. Bytes are kept as strings of one byte a character: they are small, and
 * hold on to nothing else.
 */
export interface Latest {
  /** Null takes the key away. */
  readonly value: string | null
  readonly offset: Int64
  readonly timestamp: Int64
}

type Values = Map<string, Latest>

/**
 * The last value of every key of a compacted log. What a transaction wrote counts from its COMMIT marker on,
 * and is forgotten at an ABORT. Memory goes with the keys that are alive, whatever the log's length.
 */
export class LatestValues implements Replayed {
  readonly live: Values = new Map()
  /** Of transactions that are still open, by producer id. */
  readonly pending = new Map<Int64, Values>()
  readonly #sameKey: (key: string) => string

  /** `sameKey` gives keys that are about the same thing one form. */
  constructor(sameKey: (key: string) => string = (key) => key) {
    this.#sameKey = sameKey
  }

  record(cursor: RecordCursor, batch: RecordBatch): void {
    const { bytes, keyStart, keyLength, valueStart, valueLength } = cursor
    if (keyLength < 2) return
    const key = this.#sameKey(bytes.toString('latin1', keyStart, keyStart + keyLength))
    const value = valueLength < 0 ? null : bytes.toString('latin1', valueStart, valueStart + valueLength)
    const latest = { value, offset: cursor.offset, timestamp: cursor.timestamp }
    if (batch.isTransactional) this.#ofProducer(batch.producerId).set(key, latest)
    else this.#put(key, latest)
  }

  marker(producerId: Int64, isCommit: boolean): void {
    const values = this.pending.get(producerId)
    this.pending.delete(producerId)
    if (values === undefined || !isCommit) return
    for (const [key, latest] of values) {
      // A plain commit that came after the transaction's record is the newer one, though its marker came later.
      const other = this.live.get(key)
      if (other === undefined || other.offset < latest.offset) this.#put(key, latest)
    }
  }

  #put(key: string, latest: Latest): void {
    if (latest.value !== null) this.live.set(key, latest)
    else {
      this.live.delete(key)
      for (const values of this.pending.values()) values.delete(key)
    }
  }

  #ofProducer(producerId: Int64): Values {
    const known = this.pending.get(producerId)
    if (known !== undefined) return known
    const values: Values = new Map()
    this.pending.set(producerId, values)
    return values
  }
}
