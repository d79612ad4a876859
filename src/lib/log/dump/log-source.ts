import { dirname } from 'node:path'
import type { ReadableDisk, ReadableFile } from '../../ports/disk.ts'
import { scanLog } from '../scan/scan-log.ts'
import type { Scanned } from '../scan/scanned.ts'
import type { DumpInput } from './dump-input.ts'
import type { DumpRange } from './dump-range.ts'
import { isOpenEnded } from './open-end.ts'
import { scanStream } from './scan-stream.ts'
import { seekPosition } from './seek-position.ts'

/** Where batches come from: a file on a disk, or a stream that passes by once. */
export interface LogSource {
  /** Pieces of a log, each good until the next is asked for. */
  pieces(): AsyncIterable<Iterable<Scanned>> | Iterable<Iterable<Scanned>>
  /** Somebody appends to it while it is read: its torn end is no damage. */
  isGrowing(): boolean
  /** It was never closed, as far as can be told: zeros at its end were allocated for what is written next. */
  isOpenEnded(): boolean
  isEmpty(): boolean
  close(): void
}

export function fileSource(disk: ReadableDisk, input: DumpInput, range: DumpRange): LogSource {
  const file = disk.openToRead(input.file)
  const sizeBytes = file.sizeBytes()
  const { baseOffset, nextBaseOffset } = input
  return {
    pieces: () => [
      scanLog(file, {
        from: startOf(disk, input, file, range),
        end: sizeBytes,
        ...(baseOffset === null ? {} : { baseOffset }),
        ...(nextBaseOffset === null ? {} : { nextBaseOffset }),
      }),
    ],
    isGrowing: () => file.sizeBytes() > sizeBytes,
    isOpenEnded: () => isOpenEnded(disk, input),
    isEmpty: () => sizeBytes === 0,
    close: () => file.close(),
  }
}

export function streamSource(input: DumpInput, chunks: AsyncIterable<Uint8Array>): LogSource {
  const { baseOffset } = input
  let sizeBytes = 0
  async function* counted() {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length
      yield chunk
    }
  }
  return {
    pieces: () => scanStream('stdin', counted(), baseOffset === null ? {} : { baseOffset }),
    isGrowing: () => false,
    isOpenEnded: () => input.kind === 'log',
    isEmpty: () => sizeBytes === 0,
    close: () => {},
  }
}

function startOf(disk: ReadableDisk, input: DumpInput, file: ReadableFile, range: DumpRange): number {
  const { baseOffset, kind } = input
  if (range.fromOffset === undefined || baseOffset === null || kind !== 'log') return 0
  return seekPosition(disk, dirname(input.file), file, { baseOffset, offset: range.fromOffset })
}
