import { crc32c } from '../../bytes/crc32c.ts'
import { type Int64, toInt64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import { producerSnapshot } from '../../protocol/records/file-records.ts'

/** What a broker remembers of a producer, as a `.snapshot` keeps it. */
export interface ProducerEntry {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly lastSequence: number
  readonly lastOffset: Int64
  readonly offsetDelta: number
  readonly timestamp: Int64
  readonly coordinatorEpoch: number
  /** Where its open transaction begins; null when none is open. */
  readonly currentTxnFirstOffset: Int64 | null
}

const VERSION = 1
const CRC_AT = 2
const COVERED_FROM = 6

/** Throws what is wrong with a file that no broker would take. */
export function parseProducerSnapshot(bytes: Buffer): ProducerEntry[] {
  if (bytes.length < COVERED_FROM) throw damaged(`it has ${bytes.length} bytes, fewer than its header`, {})
  const version = bytes.readInt16BE(0)
  if (version !== VERSION) throw damaged(`its version is ${version}, not ${VERSION}`, { version })
  const stored = bytes.readUInt32BE(CRC_AT)
  const computed = crc32c(bytes, COVERED_FROM)
  if (stored !== computed) {
    throw damaged(`its CRC is ${hex(stored)}, its bytes have ${hex(computed)}`, { stored, computed })
  }
  const { value } = producerSnapshot.decodeFramed(bytes)
  return value.producerEntries.map((entry) => ({
    producerId: toInt64(entry.producerId),
    producerEpoch: entry.epoch,
    lastSequence: entry.lastSequence,
    lastOffset: toInt64(entry.lastOffset),
    offsetDelta: entry.offsetDelta,
    timestamp: toInt64(entry.timestamp),
    coordinatorEpoch: entry.coordinatorEpoch,
    currentTxnFirstOffset: entry.currentTxnFirstOffset < 0n ? null : toInt64(entry.currentTxnFirstOffset),
  }))
}

export function formatProducerSnapshot(entries: readonly ProducerEntry[]): Buffer {
  const producerEntries = entries.map((entry) => ({
    producerId: BigInt(entry.producerId),
    epoch: entry.producerEpoch,
    lastSequence: entry.lastSequence,
    lastOffset: BigInt(entry.lastOffset),
    offsetDelta: entry.offsetDelta,
    timestamp: BigInt(entry.timestamp),
    coordinatorEpoch: entry.coordinatorEpoch,
    currentTxnFirstOffset: BigInt(entry.currentTxnFirstOffset ?? -1),
  }))
  const bytes = producerSnapshot.encodeFramed({ crc: 0, producerEntries }, VERSION)
  bytes.writeUInt32BE(crc32c(bytes, COVERED_FROM), CRC_AT)
  return bytes
}

function hex(crc: number): string {
  return `0x${crc.toString(16).padStart(8, '0')}`
}

function damaged(finding: string, details: Record<string, unknown>): DataError {
  return new DataError('corrupt-snapshot', `a producer snapshot cannot be believed: ${finding}`, { details })
}
