import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { type LogRoom, openLogRoom } from '../../../../src/lib/log/write/log-room.ts'
import type { LogSettings } from '../../../../src/lib/log/write/partition-log.ts'
import type { Clock } from '../../../../src/lib/ports/clock.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { controlRecordKey } from '../../../../src/lib/records/control-record-type.ts'

export const turns = { isDue: () => false, turn: async () => {} }

/** Kafka's defaults. */
export const defaults: LogSettings = {
  segmentBytes: 1024 ** 3,
  segmentMs: 7 * 86_400_000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10 * 1024 ** 2,
  indexIntervalBytes: 4096,
  preallocate: false,
  fileDeleteDelayMs: 60_000,
  retentionMs: 7 * 86_400_000,
  retentionBytes: -1,
  maxMessageBytes: 1_048_588,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
  minCleanableDirtyRatio: 0.5,
  deleteRetentionMs: 86_400_000,
  cleanupPolicy: new Set(['delete']),
}

/** A clock that moves when it is told to. */
export class HandClock implements Clock {
  ms = 1_700_000_000_000
  #due: { atMs: number; run: () => void }[] = []

  nowMs(): number {
    return this.ms
  }

  monotonicMs(): number {
    return this.ms
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.ms + delayMs, run }
    this.#due.push(timer)
    return () => {
      this.#due = this.#due.filter((each) => each !== timer)
    }
  }

  pass(byMs: number): void {
    this.ms += byMs
    const due = this.#due.filter(({ atMs }) => atMs <= this.ms)
    this.#due = this.#due.filter(({ atMs }) => atMs > this.ms)
    for (const { run } of due) run()
  }
}

/** A folder for logs that goes when the test is over. */
export class LogRig {
  readonly path = mkdtempSync(join(tmpdir(), 'ktool-write-'))
  readonly dirs = { logDirs: [this.path], metadataDir: this.path }
  readonly clock = new HandClock()
  readonly lines: string[] = []
  readonly disk = systemDisk

  room(disk = this.disk): LogRoom {
    const random = { bytes: (count: number) => Buffer.alloc(count, 7), below: () => 0 }
    return openLogRoom({
      clock: this.clock,
      random,
      disk,
      log: { log: (level, message) => void this.lines.push(`${level} ${message}`) },
    })
  }

  /** Names and sizes of what is in a folder. */
  files(name: string): Record<string, number> {
    const folder = join(this.path, name)
    return Object.fromEntries(
      readdirSync(folder)
        .sort()
        .map((file) => [file, readFileSync(join(folder, file)).length]),
    )
  }

  bytes(...names: string[]): Buffer {
    return readFileSync(join(this.path, ...names))
  }

  folder(name: string) {
    return openPartitionFolder(systemDisk, join(this.path, name))
  }

  remove(): void {
    rmSync(this.path, { recursive: true })
  }
}

export interface BatchWish {
  readonly count?: number
  readonly timestamp?: number
  readonly valueBytes?: number
  readonly epoch?: number
  readonly producerId?: number
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly isTransactional?: boolean
}

/** A batch of plain records. */
export function batchOf(baseOffset: number, wish: BatchWish = {}): Buffer {
  const { count = 1, timestamp = 1_700_000_000_000, valueBytes = 10, epoch = 0 } = wish
  const { producerId = -1, producerEpoch = -1, baseSequence = -1, isTransactional = false } = wish
  const writer = new BatchWriter({
    baseOffset,
    partitionLeaderEpoch: epoch,
    producerId,
    producerEpoch,
    baseSequence,
    isTransactional,
  })
  for (let i = 0; i < count; i++) {
    writer.append({ timestamp: timestamp + i, key: null, value: Buffer.alloc(valueBytes, 0x61), headers: [] })
  }
  return writer.finish()
}

export function markerOf(
  offset: number,
  type: 'ABORT' | 'COMMIT',
  producer: { producerId: number; producerEpoch: number },
  timestamp = 1_700_000_000_000,
): Buffer {
  const writer = new BatchWriter({
    ...producer,
    baseOffset: offset,
    partitionLeaderEpoch: 0,
    isTransactional: true,
    isControl: true,
  })
  const value = Buffer.alloc(6)
  value.writeInt32BE(3, 2)
  writer.append({ timestamp, key: controlRecordKey(type), value, headers: [] })
  return writer.finish()
}
