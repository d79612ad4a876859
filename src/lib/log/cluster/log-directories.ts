import type { ReadableDisk } from '../../ports/disk.ts'
import { type LogDirectory, openLogDirectory } from '../log-directory.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import { openPartitionFolder } from '../partition-folder.ts'
import type { MetadataImage } from './metadata-image.ts'

/** Log directories of one cluster, of one broker or of several, read together. */
export interface LogDirectories {
  readonly directories: readonly LogDirectory[]
  readonly clusterId: string | null
  /** Null where no directory has a metadata log that can be read, or where it is ZooKeeper's time. */
  readonly metadata: MetadataImage | null
  /** For people, one sentence each. It grows while partitions are asked for: read it last. */
  readonly warnings: readonly string[]
  /** Topics of which a partition lies here, sorted; `__cluster_metadata` is not one. */
  topics(): string[]
  /** What lies here of a topic, by ascending number: of each partition the copy that was chosen. */
  partitions(topic: string): ChosenPartition[]
  partition(topic: string, partition: number): ChosenPartition | undefined
}

export interface ChosenPartition {
  readonly topic: string
  readonly partition: number
  readonly folder: PartitionFolder
  readonly directory: LogDirectory
  /** Why this copy; null if it is the only one. */
  readonly choice: string | null
}

export function openLogDirectories(disk: ReadableDisk, paths: readonly string[]): LogDirectories {
  const directories = paths.map((path) => openLogDirectory(disk, path))
  const partition = (topic: string, number: number): ChosenPartition | undefined => {
    for (const directory of directories) {
      const named = directory.partitions.find(
        (folder) => folder.topic === topic && folder.partition === number && folder.aside === null,
      )
      if (named !== undefined) {
        return {
          topic,
          partition: number,
          folder: openPartitionFolder(disk, named.path),
          directory,
          choice: null,
        }
      }
    }
    return undefined
  }
  const named = directories.flatMap(({ partitions }) => partitions.filter(({ aside }) => aside === null))
  return {
    directories,
    clusterId: directories[0]?.meta.value?.clusterId ?? null,
    metadata: null,
    warnings: [],
    topics: () => [...new Set(named.map(({ topic }) => topic))].sort(),
    partitions: (topic) => {
      const numbers = new Set(
        named.filter((folder) => folder.topic === topic).map((folder) => folder.partition),
      )
      return [...numbers].sort((a, b) => a - b).flatMap((number) => partition(topic, number) ?? [])
    },
    partition,
  }
}
