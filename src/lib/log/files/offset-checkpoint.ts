import { type Int64, toInt64 } from '../../bytes/int64.ts'
import { checkpointEntries, wholeNumber } from './text-file.ts'

/** A line of one of the four checkpoints of a log directory. */
export interface OffsetCheckpointEntry {
  readonly topic: string
  readonly partition: number
  readonly offset: Int64
}

/** The four files, by what their offsets are. */
export const offsetCheckpoints = {
  recoveryPoint: 'recovery-point-offset-checkpoint',
  highWatermark: 'replication-offset-checkpoint',
  logStartOffset: 'log-start-offset-checkpoint',
  cleanerOffset: 'cleaner-offset-checkpoint',
} as const

export type OffsetCheckpoint = keyof typeof offsetCheckpoints

export function parseOffsetCheckpoint(bytes: Buffer): OffsetCheckpointEntry[] {
  return checkpointEntries(bytes, 3).map(([topic = '', partition, offset], i) => ({
    topic,
    partition: Number(wholeNumber(partition, i + 3, 'partition')),
    offset: toInt64(wholeNumber(offset, i + 3, 'offset')),
  }))
}

export function formatOffsetCheckpoint(entries: readonly OffsetCheckpointEntry[]): Buffer {
  const lines = entries.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}\n`)
  return Buffer.from(`0\n${lines.length}\n${lines.join('')}`)
}
