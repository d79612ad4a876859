import { fetch } from '../../src/lib/protocol/apis/fetch.ts'
import { openRecords } from '../../src/lib/records/open-records.ts'
import type { Connection } from '../conformance/wire/connection.ts'
import { batchesIn } from '../conformance/wire/produce.ts'

export interface ReadRecord {
  readonly offset: number
  readonly value: string
}

/** All records of a partition as a reader with this isolation sees them, and where it has to stop. */
export async function readTopic(
  connection: Connection,
  topic: string,
  partition: number,
  isolationLevel: 0 | 1,
): Promise<{ records: ReadRecord[]; highWatermark: number; lastStableOffset: number }> {
  const records: ReadRecord[] = []
  for (let offset = 0n; ; ) {
    const part = await fetchAt(connection, topic, partition, offset, isolationLevel)
    const aborted = [...(part.abortedTransactions ?? [])].sort((a, b) =>
      a.firstOffset < b.firstOffset ? -1 : 1,
    )
    const open = new Set<bigint>()
    const before = offset
    for (const batch of batchesIn(part.records)) {
      for (let [next] = aborted; next && next.firstOffset <= BigInt(batch.lastOffset); [next] = aborted) {
        open.add(next.producerId)
        aborted.shift()
      }
      offset = BigInt(batch.lastOffset) + 1n
      const producerId = BigInt(batch.producerId)
      if (batch.isControl) open.delete(producerId)
      else if (!(batch.isTransactional && open.has(producerId))) records.push(...valuesOf(batch, before))
    }
    if (offset === before) {
      return {
        records,
        highWatermark: Number(part.highWatermark),
        lastStableOffset: Number(part.lastStableOffset),
      }
    }
  }
}

function valuesOf(batch: Parameters<typeof openRecords>[0], from: bigint): ReadRecord[] {
  const cursor = openRecords(batch)
  const found: ReadRecord[] = []
  while (cursor.next()) {
    if (cursor.offset < from) continue
    found.push({ offset: Number(cursor.offset), value: cursor.value?.toString() ?? '' })
  }
  return found
}

async function fetchAt(
  connection: Connection,
  topic: string,
  partition: number,
  fetchOffset: bigint,
  isolationLevel: 0 | 1,
) {
  const partitions = [{ partition, fetchOffset, partitionMaxBytes: 1 << 20 }]
  const answer = await connection.ask(fetch, 12, {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1 << 22,
    isolationLevel,
    topics: [{ topic, partitions }],
  })
  const part = answer.responses[0]?.partitions[0]
  if (part === undefined || part.errorCode !== 0) {
    throw new Error(`Fetch of ${topic}-${partition} at ${fetchOffset}: error ${part?.errorCode}`)
  }
  return part
}
