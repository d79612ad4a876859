import { expect } from 'vitest'
import type { WritableLog } from '../../../../src/lib/log/write/writable-log.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'

export interface ModelRecord {
  readonly offset: number
  readonly key: string
  readonly value: string | null
}

/** A batch as it was appended. */
export interface ModelBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly appendedMs: number
  readonly producerId: number
  readonly isTransactional: boolean
  readonly marker: 'ABORT' | 'COMMIT' | null
  readonly records: readonly ModelRecord[]
}

/** All that was ever appended to a log and acknowledged, whatever the cleaner has made of it since. */
export class HistoryModel {
  batches: ModelBatch[] = []

  /** Whoever was killed while it wrote has told nobody of it. */
  truncate(endOffset: number): void {
    this.batches = this.batches.filter(({ lastOffset }) => lastOffset < endOffset)
  }

  get endOffset(): number {
    return (this.batches.at(-1)?.lastOffset ?? -1) + 1
  }

  /** What a reader of committed records may see, in its order. */
  *visible(from: number, upTo: number): Generator<ModelRecord & { appendedMs: number }> {
    const fate = this.#fates()
    for (const batch of this.batches) {
      if (batch.marker !== null || batch.baseOffset >= upTo || fate.get(batch) === 'ABORT') continue
      const { appendedMs } = batch
      for (const record of batch.records) if (record.offset >= from) yield { ...record, appendedMs }
    }
  }

  #fates(): Map<ModelBatch, 'ABORT' | 'COMMIT'> {
    const fates = new Map<ModelBatch, 'ABORT' | 'COMMIT'>()
    const open = new Map<number, ModelBatch[]>()
    for (const batch of this.batches) {
      const { producerId, marker } = batch
      if (marker !== null) {
        for (const each of open.get(producerId) ?? []) fates.set(each, marker)
        open.delete(producerId)
      } else if (batch.isTransactional) open.set(producerId, [...(open.get(producerId) ?? []), batch])
    }
    return fates
  }
}

/** What a reader of committed records does see. */
export function readCommitted(log: WritableLog): ModelRecord[] {
  const upTo = log.lastStableOffset
  const aborted = log.abortedTransactions(log.logStartOffset, upTo)
  const skipped = new Set<number>()
  const seen: ModelRecord[] = []
  for (const batch of log.batches(log.logStartOffset)) {
    if (Number(batch.baseOffset) >= upTo) break
    const producerId = Number(batch.producerId)
    const last = Number(batch.lastOffset)
    for (const each of aborted) {
      if (Number(each.producerId) === producerId && each.firstOffset <= last) skipped.add(producerId)
    }
    for (let i = aborted.length - 1; i >= 0; i--) {
      const each = aborted[i]
      if (each !== undefined && each.firstOffset <= last && Number(each.producerId) === producerId) {
        aborted.splice(i, 1)
      }
    }
    if (batch.isControl) skipped.delete(producerId)
    else if (!(batch.isTransactional && skipped.has(producerId))) seen.push(...recordsOf(batch))
  }
  return seen
}

export function recordsOf(batch: RecordBatch): ModelRecord[] {
  const records: ModelRecord[] = []
  const cursor = openRecords(batch)
  while (cursor.next()) {
    const { offset, key, value } = cursor
    records.push({ offset: Number(offset), key: String(key), value: value === null ? null : String(value) })
  }
  return records
}

/** The table that the records make: the last value of each key, without those that were deleted. */
export function tableOf(records: Iterable<ModelRecord>): Map<string, string> {
  const table = new Map<string, string>()
  for (const { key, value } of records) {
    if (value === null) table.delete(key)
    else table.set(key, value)
  }
  return new Map([...table].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Everything that has to hold of a log at any time, however often it was cleaned, and whatever it died of. */
export function checkLog(
  log: WritableLog,
  model: HistoryModel,
  { nowMs, deleteRetentionMs, label }: { nowMs: number; deleteRetentionMs: number; label: string },
): void {
  const from = log.logStartOffset
  const seen = readCommitted(log)
  const wanted = [...model.visible(from, log.lastStableOffset)]
  const byOffset = new Map(wanted.map((record) => [record.offset, record]))
  let before = -1
  for (const { offset, key, value } of seen) {
    expect(offset, `${label}: order`).toBeGreaterThan(before)
    before = offset
    if (offset < from) continue
    const was = byOffset.get(offset)
    expect([key, value], `${label}: offset ${offset}`).toEqual([was?.key, was?.value])
  }
  const inRange = seen.filter(({ offset }) => offset >= from)
  expect([...tableOf(inRange)], `${label}: table`).toEqual([...tableOf(wanted)])
  const there = new Set(seen.map(({ offset }) => offset))
  const last = new Map(wanted.map((record) => [record.key, record]))
  for (const { offset, value, appendedMs } of last.values()) {
    const mayBeGone = value === null && nowMs >= appendedMs + deleteRetentionMs
    if (!mayBeGone) expect(there.has(offset), `${label}: the last of a key, at ${offset}`).toBe(true)
  }
}

/** From any offset on a reader gets on, batch after batch, to the end. */
export function readOn(log: WritableLog, fromOffset: number, label: string): void {
  let offset = fromOffset
  for (;;) {
    const slice = log.read(offset, { maxBytes: 700, upTo: log.highWatermark, atLeastOne: true })
    if (slice === undefined) break
    const room = Buffer.alloc(slice.sizeBytes)
    const bytes = slice.whole(room.subarray(0, slice.file.read(room, slice.position)))
    const last = [...scanBatches(bytes)].at(-1)
    if (last?.kind !== 'batch') throw new Error(`${label}: no batch at ${offset}`)
    expect(Number(last.lastOffset), `${label}: reading on from ${offset}`).toBeGreaterThanOrEqual(offset)
    offset = Number(last.lastOffset) + 1
  }
  expect(offset, `${label}: the end`).toBeLessThanOrEqual(log.logEndOffset)
}
