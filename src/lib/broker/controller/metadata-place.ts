import { join } from 'node:path'
import { FailedError } from '../../errors.ts'
import type { DataDirs } from '../../log/write/log-store.ts'
import type { ReadableDisk } from '../../ports/disk.ts'

export const METADATA_FOLDER = '__cluster_metadata-0'

/** As Kafka has it: the metadata log lies where it is said to, and nowhere else. */
export function mustHaveNoOther(disk: ReadableDisk, { logDirs, metadataDir }: DataDirs): void {
  const other = logDirs.find(
    (path) => path !== metadataDir && disk.stat(join(path, METADATA_FOLDER)) !== undefined,
  )
  if (other === undefined) return
  throw new FailedError(
    'metadata-elsewhere',
    `the metadata log of the broker lies in ${other}, and is looked for in ${metadataDir}`,
    {
      hint: `name ${other} first, or say -X metadata.log.dir=${other}`,
      details: { path: other, metadataDir },
    },
  )
}
