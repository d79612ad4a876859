import { join } from 'node:path'
import { FailedError } from '../../errors.ts'
import type { MetaProperties } from '../files/meta-properties.ts'
import type { OffsetCheckpoint } from '../files/offset-checkpoint.ts'
import { cleanShutdownFile, type LogDirectory, openLogDirectory } from '../log-directory.ts'
import { readSmallFile } from '../read-small-file.ts'
import { writeCheckpoint } from './checkpoint-files.ts'
import type { LogPorts } from './log-ports.ts'
import { replaceFileSafely } from './replace-file.ts'
import type { WritableLog } from './writable-log.ts'

const NO_EPOCH = -1

/** One of a broker's `log.dirs`, with the files that lie there beside the folders of partitions. */
export class DataDirectory {
  readonly path: string
  readonly meta: MetaProperties
  /** As it was when it was opened. */
  readonly found: LogDirectory
  /** The broker before this one has said goodbye here. */
  readonly isCleanStart: boolean
  /** That broker's epoch, if it said so; else −1. */
  readonly previousBrokerEpoch: number
  readonly #disk: LogPorts['disk']
  /** Its files are written by one at a time. */
  #writes: Promise<void> = Promise.resolve()

  constructor(disk: LogPorts['disk'], found: LogDirectory, meta: MetaProperties, brokerEpoch: number) {
    this.path = found.path
    this.meta = meta
    this.found = found
    this.isCleanStart = found.isCleanShutdown
    this.previousBrokerEpoch = brokerEpoch
    this.#disk = disk
  }

  /** Of those of its logs that are given once it is its turn; the file is on the disk itself once this resolves. */
  writeCheckpoint(file: OffsetCheckpoint, logs: () => Iterable<WritableLog>): Promise<void> {
    const write = () => writeCheckpoint(this.#disk, this.path, file, logs())
    const writing = this.#writes.then(write)
    this.#writes = writing.catch(() => undefined)
    return writing
  }

  /** Says goodbye: the next start has nothing to look at again. */
  async markClean(brokerEpoch: number): Promise<void> {
    const mark = Buffer.from(JSON.stringify({ version: 0, brokerEpoch }))
    await replaceFileSafely(this.#disk, join(this.path, cleanShutdownFile), mark)
  }
}

/**
 * Opens a formatted directory. The mark of a clean stop is taken away at once: whoever crashes on the way has not
 * stopped cleanly.
 */
export async function openDataDirectory({ disk }: LogPorts, path: string): Promise<DataDirectory> {
  const found = openLogDirectory(disk, path)
  const { value: meta, problem } = found.meta
  if (problem !== null) throw problem
  if (meta === null) throw notFormatted(path)
  for (const { problem } of Object.values(found.checkpoints)) if (problem !== null) throw problem
  const markPath = join(path, cleanShutdownFile)
  const brokerEpoch = found.isCleanShutdown ? brokerEpochIn(readSmallFile(disk, markPath)) : NO_EPOCH
  if (found.isCleanShutdown) {
    disk.remove(markPath)
    await disk.flushFolder(path)
  }
  return new DataDirectory(disk, found, meta, brokerEpoch)
}

/** Before 3.7 the mark was an empty file. */
function brokerEpochIn(mark: Buffer): number {
  const [, digits] = /"brokerEpoch"\s*:\s*(\d{1,15})/.exec(mark.toString('utf8')) ?? []
  return digits === undefined ? NO_EPOCH : Number(digits)
}

function notFormatted(path: string): FailedError {
  return new FailedError(
    'not-formatted',
    `${path} has no meta.properties: it is no data directory of a broker`,
    {
      hint: 'name an empty directory, or one that a broker has used',
      details: { path },
    },
  )
}
