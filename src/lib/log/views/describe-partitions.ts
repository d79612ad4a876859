import { type Figure, unknown } from '../../model/figure.ts'
import type { OffsetsView, PartitionOffsets } from '../../model/offsets.ts'
import type { CopyState, Partition, PartitionCopy } from '../../model/topics.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { ChosenPartition, LogDirectories } from '../cluster/log-directories.ts'
import { lastLeadership, type PartitionImage } from '../cluster/metadata-image.ts'
import { type Copy, nodeOf } from '../cluster/partition-copies.ts'
import { asWritten } from './metadata-figures.ts'
import { copySizeBytes, logSizeBytes } from './partition-sizes.ts'

const BEFORE_STOP = 'before the brokers were stopped, one by one; as last written there is no leader'

/** Those that the metadata knows and those that are here. */
export async function describePartitions(
  disk: ReadableDisk,
  directories: LogDirectories,
  offsets: Pick<OffsetsView, 'offsets'>,
  topic: string,
): Promise<Partition[]> {
  const images = directories.metadata?.topics.get(topic)?.partitions
  const here = directories.partitions(topic).map(({ partition }) => partition)
  const numbers = [...new Set([...(images?.keys() ?? []), ...here])].sort((a, b) => a - b)
  const found = await offsets.offsets(numbers.map((partition) => ({ topic, partition })))
  return found.map((each) => describePartition(disk, directories, each, images?.get(each.partition)))
}

function describePartition(
  disk: ReadableDisk,
  directories: LogDirectories,
  offsets: PartitionOffsets,
  image: PartitionImage | undefined,
): Partition {
  const { topic, partition, logStart, highWatermark, lastStable, logEnd, reason } = offsets
  const chosen = directories.partition(topic, partition)
  return {
    partition,
    ...assignment(image, directories.noMetadata ?? 'the metadata log does not know it'),
    logStart,
    highWatermark,
    lastStable,
    logEnd,
    sizeBytes: chosen === undefined ? unknown(reason ?? 'no copy of it is here') : sizeOf(chosen),
    broker: chosen === undefined ? null : nodeOf(chosen.directory),
    directory: chosen?.directory.path ?? null,
    copies: directories.copies(topic, partition).map((copy) => described(disk, copy)),
  }
}

function sizeOf({ folder, choice }: ChosenPartition): Figure {
  const value = logSizeBytes(folder)
  return { value, from: 'file', bound: 'exact', ...(choice !== null && { reason: choice }) }
}

type Assignment = Pick<
  Partition,
  | 'leader'
  | 'leaderEpoch'
  | 'replicas'
  | 'isr'
  | 'elr'
  | 'lastKnownElr'
  | 'addingReplicas'
  | 'removingReplicas'
  | 'offlineReplicas'
  | 'written'
>

function assignment(image: PartitionImage | undefined, whyNot: string): Assignment {
  if (image === undefined) return unknownAssignment(unknown(whyNot))
  const last = lastLeadership(image)
  const reason = last === image ? undefined : BEFORE_STOP
  const { leader, leaderEpoch, partitionEpoch, isr, elr, lastKnownElr } = image
  return {
    leader: asWritten(last.leader, reason),
    leaderEpoch: asWritten(last.leaderEpoch, reason),
    isr: asWritten(last.isr, reason),
    elr: asWritten(last.elr, reason),
    lastKnownElr: asWritten(last.lastKnownElr, reason),
    replicas: asWritten(image.replicas),
    addingReplicas: asWritten(image.addingReplicas),
    removingReplicas: asWritten(image.removingReplicas),
    offlineReplicas: unknown('a disk does not tell which brokers are alive'),
    written: { leader, leaderEpoch, partitionEpoch, isr, elr, lastKnownElr },
  }
}

function unknownAssignment(none: Figure<never>): Assignment {
  return {
    leader: none,
    leaderEpoch: none,
    isr: none,
    elr: none,
    lastKnownElr: none,
    replicas: none,
    addingReplicas: none,
    removingReplicas: none,
    offlineReplicas: none,
    written: null,
  }
}

function described(disk: ReadableDisk, { named, directory }: Copy): PartitionCopy {
  const states: Record<NonNullable<typeof named.aside>, CopyState> = {
    delete: 'deleted',
    future: 'future',
    stray: 'stray',
  }
  return {
    broker: nodeOf(directory),
    directory: directory.path,
    state: named.aside === null ? 'current' : states[named.aside],
    sizeBytes: copySizeBytes(disk, named.path),
  }
}
