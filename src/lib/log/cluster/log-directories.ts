import type { CheckFailed } from '../../errors.ts'
import type { Unread } from '../../model/views.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { LogDirectory } from '../log-directory.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import { chooseMetadata } from './choose-metadata.ts'
import { FolderTable } from './folder-table.ts'
import type { MetadataImage } from './metadata-image.ts'
import { clusterIdOf, openEach } from './open-directories.ts'
import { type Copy, chooseCopy } from './partition-copies.ts'
import { Warnings } from './warnings.ts'

/** Log directories of one cluster, of one broker or of several, read together. */
export interface LogDirectories {
  readonly directories: readonly LogDirectory[]
  /** Directories that were named, and folders of partitions, that cannot be opened; they too grow. */
  readonly unread: readonly Unread[]
  readonly clusterId: string | null
  /** Null where no directory has a metadata log that can be read, or where it is ZooKeeper's time. */
  readonly metadata: MetadataImage | null
  /** Why there is no metadata, as a sentence; null if there is. */
  readonly noMetadata: string | null
  /** Which of several metadata logs was read, and why; null if there is one alone. */
  readonly metadataChoice: string | null
  /** The metadata is there, but part of it cannot be read. */
  readonly metadataTrouble: CheckFailed | null
  /** For people, one sentence each. They grow while partitions are asked for: read them last. */
  readonly warnings: readonly string[]
  /** Topics of which a partition lies here, sorted; `__cluster_metadata` is not one. */
  topics(): string[]
  /** What lies here of a topic, by ascending number: of each partition the copy that was chosen. */
  partitions(topic: string): ChosenPartition[]
  partition(topic: string, partition: number): ChosenPartition | undefined
  /** Which partitions of a topic have a copy here that can be chosen. */
  here(topic: string): number[]
  /** Of which partitions of a topic there is a folder, also if it was set aside. */
  numbers(topic: string): number[]
  /** The folders of a partition that can be chosen. */
  current(topic: string, partition: number): readonly Copy[]
  /** Every folder of a partition, also those that were set aside. */
  copies(topic: string, partition: number): readonly Copy[]
}

export interface ChosenPartition {
  readonly topic: string
  readonly partition: number
  readonly folder: PartitionFolder
  readonly directory: LogDirectory
  /** Why this copy; null if it is the only one, and that of the leader as far as can be known. */
  readonly choice: string | null
  /** False where the leader's copy is known to lie elsewhere. */
  readonly isBest: boolean
}

export function openLogDirectories(disk: ReadableDisk, paths: readonly string[]): LogDirectories {
  const { directories, unread } = openEach(disk, paths)
  const chosenMetadata = chooseMetadata(disk, directories)
  const { image, reason, choice: metadataChoice, warnings: found } = chosenMetadata
  const warnings = new Warnings()
  for (const { path, meta } of directories) {
    if (meta.problem !== null) warnings.add(`${path}: ${meta.problem.message}`)
  }
  for (const each of found) warnings.add(each)
  const table = new FolderTable(disk, directories, image, warnings)
  const chosen = new Map<string, ChosenPartition | undefined>()

  const choose = (topic: string, partition: number): ChosenPartition | undefined => {
    const choice = chooseCopy(
      disk,
      table.current(topic, partition),
      image?.topics.get(topic)?.partitions.get(partition),
    )
    if (choice === undefined) return undefined
    if (choice.warning !== null) warnings.addDifference(choice.warning)
    const { folder, copy, isBest } = choice
    return { topic, partition, folder, directory: copy.directory, choice: choice.choice, isBest }
  }
  const partition = (topic: string, number: number): ChosenPartition | undefined => {
    const key = `${topic}-${number}`
    if (!chosen.has(key)) chosen.set(key, choose(topic, number))
    return chosen.get(key)
  }
  return {
    directories,
    get unread() {
      return [...unread, ...table.unread]
    },
    clusterId: clusterIdOf(directories),
    metadata: image,
    noMetadata: reason === null ? null : [reason, ...unread.map(({ error }) => error.message)].join('; '),
    metadataChoice,
    metadataTrouble: chosenMetadata.trouble,
    get warnings() {
      return warnings.all()
    },
    topics: () => table.topics(),
    partitions: (topic) => table.numbers(topic).flatMap((number) => partition(topic, number) ?? []),
    partition,
    here: (topic) => table.numbers(topic).filter((number) => table.current(topic, number).length > 0),
    numbers: (topic) => table.numbers(topic),
    current: (topic, number) => table.current(topic, number),
    copies: (topic, number) => table.copies(topic, number),
  }
}
