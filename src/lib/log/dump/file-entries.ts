import { addInt64, type Int64, readInt64 } from '../../bytes/int64.ts'
import { CheckFailed, type KtoolError } from '../../errors.ts'
import { parseLeaderEpochs } from '../files/leader-epoch-checkpoint.ts'
import { parseMetaProperties } from '../files/meta-properties.ts'
import { parseOffsetCheckpoint } from '../files/offset-checkpoint.ts'
import { OFFSET_ENTRY_BYTES } from '../files/offset-index.ts'
import { parsePartitionMetadata } from '../files/partition-metadata.ts'
import { type ProducerEntry, parseProducerSnapshot } from '../files/producer-snapshot.ts'
import { TIME_ENTRY_BYTES } from '../files/time-index.ts'
import { parseTransactionIndex, TRANSACTION_ENTRY_BYTES } from '../files/transaction-index.ts'
import type { DumpInput, DumpKind } from './dump-input.ts'

/** A line of a file that is no log, under its own names. */
export type Entry = Readonly<Record<string, Int64 | string | null>>

export interface FileEntries {
  readonly entries: readonly Entry[]
  /** What is wrong with the file although its entries can be read. */
  readonly problem: KtoolError | null
}

/** All of a small file. Throws what is wrong with one that no broker would take. */
export function entriesOf(input: DumpInput, bytes: Buffer): FileEntries {
  const entries = rowsOf(input.kind, bytes, input.baseOffset ?? 0)
  return { entries, problem: cutEntry(input, bytes.length) }
}

function rowsOf(kind: DumpKind, bytes: Buffer, baseOffset: Int64): readonly Entry[] {
  switch (kind) {
    case 'index':
      return offsetEntries(bytes, baseOffset)
    case 'timeindex':
      return timeEntries(bytes, baseOffset)
    case 'txnindex':
      return parseTransactionIndex(bytes).map((entry) => ({ ...entry }))
    case 'snapshot':
      return parseProducerSnapshot(bytes).map(producerEntry)
    case 'leader-epochs':
      return parseLeaderEpochs(bytes).map((entry) => ({ ...entry }))
    case 'offsets':
      return parseOffsetCheckpoint(bytes).map(({ topic, partition, offset }) => ({
        topic,
        partition,
        offset,
      }))
    case 'partition-metadata':
      return [{ topicId: parsePartitionMetadata(bytes) }]
    case 'meta-properties':
      return [{ ...parseMetaProperties(bytes) }]
    case 'log':
    case 'checkpoint':
      return []
  }
}

/** As Kafka's own tool reads them: the zeros of a preallocated file are an entry at the first place only. */
function offsetEntries(bytes: Buffer, baseOffset: Int64): Entry[] {
  const entries: Entry[] = []
  for (let at = 0; at + OFFSET_ENTRY_BYTES <= bytes.length; at += OFFSET_ENTRY_BYTES) {
    const relative = bytes.readInt32BE(at)
    if (relative === 0 && at > 0) break
    entries.push({ offset: addInt64(baseOffset, relative), position: bytes.readInt32BE(at + 4) })
  }
  return entries
}

function timeEntries(bytes: Buffer, baseOffset: Int64): Entry[] {
  const entries: Entry[] = []
  for (let at = 0; at + TIME_ENTRY_BYTES <= bytes.length; at += TIME_ENTRY_BYTES) {
    const relative = bytes.readInt32BE(at + 8)
    if (relative === 0 && at > 0) break
    entries.push({ timestamp: readInt64(bytes, at), offset: addInt64(baseOffset, relative) })
  }
  return entries
}

/** What Kafka's tool prints of a producer. Of one that only ended transactions no batch is known. */
function producerEntry(entry: ProducerEntry): Entry {
  const { lastSequence, lastOffset, offsetDelta, timestamp } = entry
  const { producerId, producerEpoch, coordinatorEpoch, currentTxnFirstOffset } = entry
  const producer = { producerId, producerEpoch, coordinatorEpoch, currentTxnFirstOffset }
  if (lastOffset < 0) return { ...producer, lastTimestamp: timestamp }
  const first = lastSequence - offsetDelta
  // Sequences go from 2³¹−1 on to 0.
  const firstSequence = first < 0 ? first + 2 ** 31 : first
  const batch = { firstSequence, lastSequence, lastOffset, offsetDelta, timestamp }
  return { ...producer, lastTimestamp: timestamp, ...batch }
}

const entrySizes: Partial<Record<DumpKind, number>> = {
  index: OFFSET_ENTRY_BYTES,
  timeindex: TIME_ENTRY_BYTES,
  txnindex: TRANSACTION_ENTRY_BYTES,
}

function cutEntry({ kind, file }: DumpInput, sizeBytes: number): CheckFailed | null {
  const entryBytes = entrySizes[kind]
  if (entryBytes === undefined || sizeBytes % entryBytes === 0) return null
  return new CheckFailed(
    'cut-entry',
    `its ${sizeBytes} bytes are no multiple of the ${entryBytes} that an entry has`,
    {
      hint: 'ktool segments rebuild-index makes an index anew from its log',
      details: { path: file, sizeBytes, entryBytes },
    },
  )
}
