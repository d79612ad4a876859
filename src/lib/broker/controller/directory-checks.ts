import { join } from 'node:path'
import { FailedError } from '../../errors.ts'
import type { MetadataImage } from '../../log/cluster/metadata-image.ts'
import { parseFolderName } from '../../log/files/folder-names.ts'
import { topicIdOf } from '../../log/write/load-logs.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { isAssigned } from './directory-ids.ts'
import type { Identity } from './identity.ts'

const NAMED = 3

/**
 * Every directory in which the metadata has a partition must be there: Kafka would go on without those partitions,
 * and here nobody could have meant that.
 */
export function mustHaveItsDirectories(
  { topics }: Pick<MetadataImage, 'topics'>,
  { metadataDir, nodeId, logDirs }: Identity,
): void {
  const given = new Set(logDirs.map(({ directoryId }) => directoryId))
  const missing = new Set<string>()
  const partitions: string[] = []
  for (const { name, partitions: images } of topics.values()) {
    for (const { partition, replicas, directories } of images.values()) {
      const id = directories[replicas.indexOf(nodeId)]
      if (id === undefined || !isAssigned(id) || given.has(id)) continue
      missing.add(id)
      partitions.push(`${name}-${partition}`)
    }
  }
  if (missing.size === 0) return
  const more = partitions.length > NAMED ? ` and ${partitions.length - NAMED} more` : ''
  throw new FailedError(
    'several-directories',
    `${metadataDir} is one of several log directories of its broker, and ${missing.size} of them ${missing.size === 1 ? 'is' : 'are'} not named: there lie ${partitions.slice(0, NAMED).join(', ')}${more}`,
    {
      hint: 'name them all: --data-dir DIR --data-dir DIR, or log.dirs as Kafka has it',
      details: { path: metadataDir, directories: [...missing] },
    },
  )
}

/** Kafka starts on no directories with two folders of a partition, nor does this one: which is the right one, nobody can know. */
export function mustHaveNoTwins(
  disk: ReadableDisk,
  { topics }: Pick<MetadataImage, 'topics'>,
  { logDirs }: Pick<Identity, 'logDirs'>,
): void {
  if (logDirs.length < 2) return
  const ids = new Map([...topics.values()].map(({ name, topicId }) => [name, topicId]))
  const found = new Map<string, string>()
  for (const { path } of logDirs) {
    for (const { name } of disk.list(path)) {
      const said = parseFolderName(name)
      if (said === undefined || said.aside !== null) continue
      const folder = join(path, name)
      if (ids.get(said.topic) === undefined || topicIdOf(disk, folder) !== ids.get(said.topic)) continue
      const twin = found.get(name)
      if (twin !== undefined) throw twins(name, twin, folder)
      found.set(name, folder)
    }
  }
}

function twins(name: string, one: string, other: string): FailedError {
  return new FailedError('duplicate-folders', `${name} lies in two log directories: ${one} and ${other}`, {
    hint: 'a directory may have failed while the partition moved to the other one; move the folder away in the one that failed',
    details: { folders: [one, other] },
  })
}
