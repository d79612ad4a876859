import type { PartitionFolder } from '../../log/partition-folder.ts'
import { scanLog } from '../../log/scan/scan-log.ts'
import type { ReadableDisk } from '../../ports/disk.ts'

/** `torn`: a power cut may take any part of what was not flushed; behind what it took nothing is sound. */
export type MetadataEnding = 'sound' | 'torn' | 'broken'

/** A reader that only follows the log takes a batch that is not all there for one that is being written. */
export function metadataEnding(disk: ReadableDisk, { segments }: PartitionFolder): MetadataEnding {
  const last = segments.at(-1)
  if (last === undefined) return 'sound'
  const file = disk.openToRead(last.log.path)
  try {
    let ending: MetadataEnding = 'sound'
    for (const found of scanLog(file, { baseOffset: last.baseOffset })) {
      const isSound = found.kind === 'batch' && found.damage === null
      if (isSound && ending === 'torn') return 'broken'
      if (!isSound) ending = 'torn'
    }
    return ending
  } finally {
    file.close()
  }
}
