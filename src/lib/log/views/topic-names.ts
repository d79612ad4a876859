import { join } from 'node:path'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { LogDirectories } from '../cluster/log-directories.ts'
import { parsePartitionMetadata } from '../files/partition-metadata.ts'
import { readIfThere } from '../log-directory.ts'

/** The name of the topic with an id. A topic that is gone has none any more: it is called by its id. */
export function topicNames(disk: ReadableDisk, directories: LogDirectories): (topicId: string) => string {
  const said = directories.metadata?.topics.values() ?? []
  const names = new Map([...said].map(({ name, topicId }) => [topicId, name]))
  let found: ReadonlyMap<string, string> | undefined
  return (topicId) => {
    const name = names.get(topicId)
    if (name !== undefined) return name
    found ??= namesInFolders(disk, directories)
    return found.get(topicId) ?? topicId
  }
}

/** Where no metadata log is within reach: each partition's folder knows its topic's id too. */
function namesInFolders(disk: ReadableDisk, { directories }: LogDirectories): Map<string, string> {
  const names = new Map<string, string>()
  const seen = new Set<string>()
  for (const { topic, path, aside } of directories.flatMap(({ partitions }) => partitions)) {
    if (aside !== null || seen.has(topic)) continue
    const topicId = readIfThere(disk, join(path, 'partition.metadata'), parsePartitionMetadata).value
    if (topicId === null) continue
    names.set(topicId, topic)
    seen.add(topic)
  }
  return names
}
