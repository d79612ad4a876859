import { type Int64, toInt64 } from '../../bytes/int64.ts'

/** What a file in a partition folder is, by its name alone. */
export interface LogFileName {
  readonly name: string
  readonly kind: LogFileKind
  /** Of the segment; of a snapshot the offset that it was taken before. */
  readonly baseOffset: Int64
  /** A step of a deletion or of the cleaner's swap; null for a file in use. */
  readonly leftover: Leftover | null
  /** Of a KRaft snapshot. */
  readonly epoch: number | null
}

export type LogFileKind = 'log' | 'index' | 'timeindex' | 'txnindex' | 'snapshot' | 'checkpoint'
export type Leftover = 'deleted' | 'cleaned' | 'swap'

const NAME =
  /^(\d+)(?:-(\d+))?\.(log|index|timeindex|txnindex|snapshot|checkpoint)(?:\.(deleted|cleaned|swap))?$/
const LARGEST_OFFSET = 2n ** 63n - 1n

/** Nothing where the name is not one that Kafka gives to a file of a segment. */
export function parseFileName(name: string): LogFileName | undefined {
  const [, digits, epochDigits, kind, leftover] = NAME.exec(name) ?? []
  if (digits === undefined || kind === undefined) return undefined
  // Only KRaft snapshots have an epoch, and all of them have.
  if ((epochDigits === undefined) === (kind === 'checkpoint')) return undefined
  const baseOffset = BigInt(digits)
  if (baseOffset > LARGEST_OFFSET) return undefined
  return {
    name,
    kind: kind as LogFileKind,
    baseOffset: toInt64(baseOffset),
    leftover: (leftover as Leftover | undefined) ?? null,
    epoch: epochDigits === undefined ? null : Number(epochDigits),
  }
}

/** `00000000000000000027.log` */
export function segmentFileName(baseOffset: Int64, kind: LogFileKind): string {
  return `${String(baseOffset).padStart(20, '0')}.${kind}`
}

/** A name like that of a segment's file, and without an offset: brokers cannot start with one. */
export function isNameless(name: string): boolean {
  return /\.(log|index|timeindex|txnindex|snapshot)$/.test(name) && parseFileName(name) === undefined
}
