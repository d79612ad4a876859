import { expect } from 'vitest'
import { fetch } from '../../../src/lib/protocol/apis/fetch.ts'
import { produce } from '../../../src/lib/protocol/apis/produce.ts'
import { openRecords } from '../../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../../src/lib/records/scan-batches.ts'
import type { Connection } from './connection.ts'

export interface Topic {
  name: string
  topicId: string
}

/** As plain values, to be compared. */
export interface PlainRecord {
  key: string | null
  value: string | null
  headers: [string, string | null][]
}

interface ProduceOptions {
  version: number
  transactionalId?: string | null
}

/** Returns the error code and where the batch went. */
export async function produceBatch(
  connection: Connection,
  topic: Topic,
  records: Buffer,
  options: ProduceOptions,
) {
  const { version, transactionalId = null } = options
  const topicData = [{ ...topic, partitionData: [{ index: 0, records }] }]
  const answer = await connection.ask(produce, version, {
    transactionalId,
    acks: -1,
    timeoutMs: 10_000,
    topicData,
  })
  const partition = answer.responses[0]?.partitionResponses[0]
  return { errorCode: partition?.errorCode, baseOffset: partition?.baseOffset }
}

/** What partition 0 holds, from its start, in one answer. */
export async function fetchAll(
  connection: Connection,
  { name, topicId }: Topic,
  version: number,
  isolationLevel = 0,
) {
  const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1 << 24 }]
  const answer = await connection.ask(fetch, version, {
    maxWaitMs: 100,
    minBytes: 1,
    maxBytes: 1 << 24,
    isolationLevel,
    topics: [{ topic: name, topicId, partitions }],
  })
  const partition = answer.responses[0]?.partitions[0]
  if (partition === undefined) throw new Error(`Fetch v${version} brought no partition`)
  return partition
}

/** The batches of an answer, each proven by its CRC. */
export function batchesIn(records: Buffer | null): RecordBatch[] {
  return [...scanBatches(records ?? Buffer.alloc(0))].map((found) => {
    if (found.kind === 'damage') throw new Error(`${found.reason} at ${found.position}: ${found.finding}`)
    expect(found.damage()).toBeNull()
    return found
  })
}

export function recordsIn(batch: RecordBatch): PlainRecord[] {
  const cursor = openRecords(batch)
  const records: PlainRecord[] = []
  while (cursor.next()) {
    const headers = cursor
      .headers()
      .map(({ key, value }): [string, string | null] => [key.toString(), asText(value)])
    records.push({ key: asText(cursor.key), value: asText(cursor.value), headers })
  }
  return records
}

function asText(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString()
}
