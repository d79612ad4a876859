import type { KafkaMessage } from 'kafkajs'
import { toInt64 } from '../../bytes/int64.ts'
import { BatchWriter } from '../../records/batch-writer.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { HeaderFields } from '../../records/record-fields.ts'
import { batchAt } from '../../records/scan-batches.ts'

/** What kafkajs knows of a message beside what its types tell. */
interface Context {
  readonly batchContext?: { readonly timestampType?: number; readonly maxTimestamp?: string }
}

const LOG_APPEND_TIME = 1

/** Messages as batches, for those who print records: in pieces whose records have one kind of timestamp. */
export function batchesOf(messages: readonly KafkaMessage[]): RecordBatch[] {
  const batches: RecordBatch[] = []
  for (let at = 0; at < messages.length; ) {
    const appendTime = appendTimeOf(messages[at])
    let end = at + 1
    while (end < messages.length && appendTimeOf(messages[end]) === appendTime) end += 1
    batches.push(batchOf(messages.slice(at, end), appendTime))
    at = end
  }
  return batches
}

function appendTimeOf(message: (KafkaMessage & Context) | undefined): string | null {
  const context = message?.batchContext
  return context?.timestampType === LOG_APPEND_TIME ? (message?.timestamp ?? null) : null
}

function batchOf(messages: readonly KafkaMessage[], appendTime: string | null): RecordBatch {
  const [first] = messages
  const writer = new BatchWriter({
    baseOffset: int64(first?.offset ?? '0'),
    ...(appendTime === null ? {} : { logAppendTime: int64(appendTime) }),
  })
  for (const { offset, timestamp, key, value, headers } of messages) {
    writer.append({
      offset: int64(offset),
      timestamp: int64(timestamp),
      key,
      value,
      headers: Object.entries(headers ?? {}).flatMap(headersOf),
    })
  }
  const batch = batchAt(writer.finish(), 0)
  if (batch.kind === 'damage') throw new Error(batch.finding)
  return batch
}

/** A name that comes more than once has all of its values. */
function headersOf([name, value]: [string, unknown]): HeaderFields[] {
  const values = Array.isArray(value) ? value : [value]
  return values.map((each) => ({ key: Buffer.from(name), value: asBytes(each) }))
}

function asBytes(value: unknown): Buffer | null {
  if (value === null || value === undefined) return null
  return Buffer.isBuffer(value) ? value : Buffer.from(String(value))
}

function int64(digits: string): number | bigint {
  return toInt64(BigInt(digits))
}
