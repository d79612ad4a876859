import { join } from 'node:path'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parsePartitionMetadata } from '../files/partition-metadata.ts'
import { type LogDirectory, type NamedFolder, readIfThere } from '../log-directory.ts'
import { openPartitionFolder, type PartitionFolder } from '../partition-folder.ts'
import { type LogEnd, readLogEnd } from './log-end.ts'
import { lastLeadership, NO_LEADER, type PartitionImage } from './metadata-image.ts'

/** A folder of a partition in one of the directories. */
export interface Copy {
  readonly named: NamedFolder
  readonly directory: LogDirectory
}

export interface Choice {
  readonly copy: Copy
  readonly folder: PartitionFolder
  /** Why this one; null where there is nothing to say. */
  readonly choice: string | null
  /** False where the leader's copy is known to lie elsewhere. */
  readonly isBest: boolean
  /** For people: the copies are not the same. */
  readonly warning: string | null
}

interface Measured extends Copy, LogEnd {
  readonly folder: PartitionFolder
}

/** One of the copies, by what the metadata says of the partition, else by what the copies say of themselves. */
export function chooseCopy(
  disk: ReadableDisk,
  copies: readonly Copy[],
  image: PartitionImage | undefined,
): Choice | undefined {
  const [first, ...others] = copies
  if (first === undefined) return undefined
  if (others.length === 0) {
    const folder = openPartitionFolder(disk, first.named.path)
    const choice = notTheLeaders(first, image)
    return { copy: first, folder, choice, isBest: choice === null, warning: null }
  }
  return chooseAmong(
    copies.map((copy) => measure(disk, copy)),
    image,
  )
}

function chooseAmong(copies: readonly Measured[], image: PartitionImage | undefined): Choice | undefined {
  const leader = image === undefined ? NO_LEADER : lastLeadership(image).leader
  const readable = copies.filter(({ problem }) => problem === null)
  const sorted = (readable.length === 0 ? copies : readable).toSorted(byEpochAndEnd)
  const led = sorted.find(({ directory }) => leader !== NO_LEADER && nodeOf(directory) === leader)
  const chosen = led ?? sorted[0]
  if (chosen === undefined) return undefined
  const why = led === undefined ? 'the one with the highest leader epoch and end' : 'that of the leader'
  const elsewhere = led === undefined ? notTheLeaders(chosen, image) : null
  const choice = `of ${copies.length} copies ${why}, in ${describe(chosen)}`
  return {
    copy: chosen,
    folder: chosen.folder,
    choice: elsewhere === null ? choice : `${choice}; ${elsewhere}`,
    isBest: elsewhere === null,
    warning: leftOut(copies, sorted) ?? disagreement(chosen, sorted),
  }
}

/** The id of the topic that a folder belongs to; null where it does not say (before 2.8). */
export function topicIdOf(disk: ReadableDisk, path: string): string | null {
  return readIfThere(disk, join(path, 'partition.metadata'), parsePartitionMetadata).value
}

export function nodeOf({ meta }: LogDirectory): number | null {
  return meta.value?.nodeId ?? null
}

function measure(disk: ReadableDisk, copy: Copy): Measured {
  const folder = openPartitionFolder(disk, copy.named.path)
  return { ...copy, folder, ...readLogEnd(disk, folder) }
}

function byEpochAndEnd(a: Measured, b: Measured): number {
  if (a.epoch !== b.epoch) return b.epoch - a.epoch
  return a.endOffset === b.endOffset ? 0 : a.endOffset > b.endOffset ? -1 : 1
}

function notTheLeaders({ directory }: Copy, image: PartitionImage | undefined): string | null {
  const node = nodeOf(directory)
  if (image === undefined || node === null) return null
  const { leader, isr } = lastLeadership(image)
  if (leader === node || leader === NO_LEADER) return null
  const wasIn = image.beforeStop?.isr.includes(node) === true
  const sync = isr.includes(node) ? 'in sync' : wasIn ? 'in sync until it was stopped' : 'not in sync'
  return `the leader was node ${leader}, whose copy is not here; this one, of node ${node}, was ${sync}`
}

function leftOut(copies: readonly Measured[], taken: readonly Measured[]): string | null {
  const [first] = copies.filter((copy) => !taken.includes(copy))
  return first === undefined ? null : `${first.problem?.message}: another copy is taken`
}

function disagreement(chosen: Measured, measured: readonly Measured[]): string | null {
  const others = measured.filter(
    ({ endEpoch, endOffset }) => endEpoch !== chosen.endEpoch || endOffset !== chosen.endOffset,
  )
  if (others.length === 0) return null
  const { topic, partition } = chosen.named
  const said = (copy: Measured) =>
    `${describe(copy)} ends at ${copy.endOffset} (leader epoch ${copy.endEpoch})`
  return `the copies of ${topic}-${partition} differ: ${[chosen, ...others].map(said).join(', ')}; the first was taken`
}

function describe({ directory }: Copy): string {
  const node = nodeOf(directory)
  return node === null ? directory.path : `${directory.path} of node ${node}`
}
