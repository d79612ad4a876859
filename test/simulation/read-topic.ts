import { fetch } from '../../src/lib/protocol/apis/fetch.ts'
import { parseControlRecordKey } from '../../src/lib/records/control-record-type.ts'
import { openRecords } from '../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../src/lib/records/scan-batches.ts'
import type { SimClient } from './sim-client.ts'

export interface ReadPartition {
  /** In the order of their offsets. */
  readonly values: readonly string[]
  /** Nothing stands for a record that has no value. */
  readonly latest: ReadonlyMap<string, string | null>
  readonly offsets: readonly number[]
  readonly highWatermark: number
  readonly lastStableOffset: number
}

interface Aborted {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

export type Isolation = 'uncommitted' | 'committed'

/** All that a consumer gets of a partition, from its begin to its end. */
export async function readPartition(
  client: SimClient,
  topic: string,
  partition: number,
  isolation: Isolation,
): Promise<ReadPartition> {
  const values: string[] = []
  const latest = new Map<string, string | null>()
  const offsets: number[] = []
  for (let fetchOffset = 0n; ; ) {
    const read = await fetchOnce(client, topic, partition, isolation, fetchOffset)
    const end = isolation === 'committed' ? read.lastStableOffset : read.highWatermark
    const batches = batchesOf(read.records).filter((batch) => BigInt(batch.lastOffset) >= fetchOffset)
    for (const { key, value, offset } of visible(batches, read.abortedTransactions ?? [])) {
      values.push(value ?? '')
      latest.set(key, value)
      offsets.push(offset)
    }
    const last = batches.at(-1)
    if (last === undefined || fetchOffset >= end) {
      const { highWatermark, lastStableOffset } = read
      return {
        values,
        latest,
        offsets,
        highWatermark: Number(highWatermark),
        lastStableOffset: Number(lastStableOffset),
      }
    }
    fetchOffset = BigInt(last.lastOffset) + 1n
  }
}

async function fetchOnce(
  client: SimClient,
  topic: string,
  partition: number,
  isolation: Isolation,
  fetchOffset: bigint,
) {
  const { responses } = await client.ask(fetch, 12, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1_000_000,
    isolationLevel: isolation === 'committed' ? 1 : 0,
    topics: [{ topic, partitions: [{ partition, fetchOffset, partitionMaxBytes: 100_000 }] }],
  })
  const answer = responses[0]?.partitions[0]
  if (answer === undefined || answer.errorCode !== 0) {
    throw new Error(`${topic}-${partition} at ${fetchOffset} is answered with error ${answer?.errorCode}`)
  }
  return answer
}

function batchesOf(records: Buffer | null): RecordBatch[] {
  return [...scanBatches(records ?? Buffer.alloc(0))].filter((found) => found.kind === 'batch')
}

interface Seen {
  readonly key: string
  readonly value: string | null
  readonly offset: number
}

/** Consumers leave out what was aborted: from where the broker says on, up to the producer's next marker. */
function visible(batches: readonly RecordBatch[], aborted: readonly Aborted[]): Seen[] {
  const waiting = [...aborted].sort((a, b) => Number(a.firstOffset - b.firstOffset))
  const hidden = new Set<bigint>()
  const found: Seen[] = []
  for (const batch of batches) {
    while (waiting[0] !== undefined && waiting[0].firstOffset <= BigInt(batch.lastOffset)) {
      hidden.add(waiting.shift()?.producerId ?? -1n)
    }
    const producerId = BigInt(batch.producerId)
    const cursor = openRecords(batch)
    while (cursor.next()) {
      if (batch.isControl) {
        if (parseControlRecordKey(cursor.key).type === 'ABORT') hidden.delete(producerId)
      } else if (!batch.isTransactional || !hidden.has(producerId)) {
        const [key = '', value = null] = [cursor.key?.toString(), cursor.value?.toString().trimEnd()]
        found.push({ key, value, offset: Number(cursor.offset) })
      }
    }
  }
  return found
}
