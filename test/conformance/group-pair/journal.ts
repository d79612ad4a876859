import { fetch } from '../../../src/lib/protocol/apis/fetch.ts'
import { groupMetadata, offsetCommit } from '../../../src/lib/protocol/records/classic-group-records.ts'
import {
  consumerGroupCurrentMemberAssignment,
  consumerGroupMemberMetadata,
  consumerGroupMetadata,
  consumerGroupPartitionMetadata,
  consumerGroupRegularExpression,
  consumerGroupTargetAssignmentMember,
  consumerGroupTargetAssignmentMetadata,
} from '../../../src/lib/protocol/records/consumer-group-records.ts'
import { openRecords } from '../../../src/lib/records/open-records.ts'
import { scanBatches } from '../../../src/lib/records/scan-batches.ts'
import { Connection } from '../wire/connection.ts'

const kinds = [
  offsetCommit,
  groupMetadata,
  consumerGroupMetadata,
  consumerGroupPartitionMetadata,
  consumerGroupMemberMetadata,
  consumerGroupTargetAssignmentMetadata,
  consumerGroupTargetAssignmentMember,
  consumerGroupCurrentMemberAssignment,
  consumerGroupRegularExpression,
]
const REGEX = consumerGroupRegularExpression.key.key
const HOUR_MS = 3_600_000

export interface WrittenRecord {
  readonly key: Buffer
  readonly value: Buffer | null
  readonly attributes: string
}

/** What a broker has written into the only partition of `__consumer_offsets`, from a moment on. */
export class Journal {
  readonly #connection: Connection
  readonly #sinceMs = Date.now()
  #offset = 0n

  private constructor(connection: Connection) {
    this.#connection = connection
  }

  static async open(port: number): Promise<Journal> {
    return new Journal(await Connection.open(port))
  }

  /** What was written of a group since the last time, with all times at zero. */
  async read(group: string): Promise<WrittenRecord[]> {
    const partitions = [{ partition: 0, fetchOffset: this.#offset, partitionMaxBytes: 1 << 22 }]
    const topics = [{ topic: '__consumer_offsets', partitions }]
    const answer = await this.#connection.ask(fetch, 12, { maxWaitMs: 0, minBytes: 0, topics } as never)
    const found = answer.responses[0]?.partitions[0]
    const written: WrittenRecord[] = []
    for (const batch of scanBatches(found?.records ?? Buffer.alloc(0))) {
      if (batch.kind === 'damage') throw new Error('a damaged batch')
      const { producerId, isTransactional, isControl, codec } = batch
      const cursor = openRecords(batch)
      while (cursor.next()) {
        if (BigInt(cursor.offset) < this.#offset) continue
        this.#offset = BigInt(cursor.offset) + 1n
        const [key, value] = [cursor.key, cursor.value]
        written.push({
          key: Buffer.from(key ?? ''),
          value: value === null ? null : this.#withoutTimes(Buffer.from(key ?? ''), Buffer.from(value)),
          attributes: JSON.stringify([String(producerId), isTransactional, isControl, codec]),
        })
      }
    }
    return written.filter(({ key }) => isOf(group, key))
  }

  close(): void {
    this.#connection.close()
  }

  #withoutTimes(key: Buffer, value: Buffer): Buffer {
    for (let at = 0; at + 8 <= value.length; at++) {
      const ms = Number(value.readBigInt64BE(at))
      if (ms < this.#sinceMs - HOUR_MS || ms > this.#sinceMs + HOUR_MS) continue
      value.fill(0, at, at + 8)
      // Of the metadata, whose log is another one.
      if (key.readInt16BE(0) === REGEX) value.fill(0, at - 8, at)
    }
    return value
  }
}

function isOf(group: string, key: Buffer): boolean {
  const length = Buffer.alloc(2)
  length.writeInt16BE(group.length)
  return key
    .subarray(2)
    .toString('latin1')
    .startsWith(length.toString('latin1') + group)
}

/** What it says, all of it; where it is nothing but what it says, not in which order the maps of Java had it. */
export function told({ key, value, attributes }: WrittenRecord): string {
  const kind = kinds.find((each) => each.key.key === key.readInt16BE(0))
  if (kind === undefined) return `${key.toString('hex')} → ${value?.toString('hex')} ${attributes}`
  const said = value === null ? 'null' : `${inOrder(kind.value.decodeFramed(value))} of ${value.length} bytes`
  return `${key.readInt16BE(0)} ${inOrder(kind.key.decodeFramed(key))} → ${said} ${attributes}`
}

/** As text, with topics and partitions sorted. */
export function inOrder(said: unknown): string {
  return JSON.stringify(sorted(said))
}

function sorted(said: unknown): unknown {
  if (typeof said === 'bigint') return String(said)
  if (Buffer.isBuffer(said)) return said.toString('hex')
  if (Array.isArray(said)) {
    const items = said.map(sorted)
    return items.every(isOfTopic) ? items.toSorted((a, b) => (a.topicId < b.topicId ? -1 : 1)) : items
  }
  if (typeof said !== 'object' || said === null) return said
  const { partitions, assignmentEpochs, ...rest } = said as Record<string, unknown>
  const others = Object.entries(rest).map(([name, value]) => [name, sorted(value)])
  return { ...Object.fromEntries(others), ...sortedPartitions(partitions, assignmentEpochs) }
}

function sortedPartitions(partitions: unknown, epochs: unknown): object {
  if (!Array.isArray(partitions)) return {}
  if (!partitions.every((each) => typeof each === 'number')) return { partitions: sorted(partitions) }
  const pairs = partitions.map((partition, i) => [partition, Array.isArray(epochs) ? epochs[i] : null])
  return { partitions: pairs.toSorted(([a], [b]) => Number(a) - Number(b)) }
}

function isOfTopic(item: unknown): item is { readonly topicId: string } {
  return typeof item === 'object' && item !== null && 'topicId' in item
}
