import { FailedError, KtoolError } from '../../errors.ts'
import { byPartition } from '../../model/partitions.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { openLogDirectory } from '../log-directory.ts'
import {
  hollowLogs,
  mustHaveSegments,
  openPartitionFolder,
  type PartitionFolder,
} from '../partition-folder.ts'
import { type Claims, type DumpInput, type InputFailure, inputOf, type Owner, STDIN } from './dump-input.ts'
import { expandPattern, isPattern } from './glob.ts'

export interface Expanded {
  readonly inputs: readonly DumpInput[]
  readonly failures: readonly InputFailure[]
}

/**
 * The files behind what was typed, in its order. A partition's folder stands for its segments, a log directory
 * for the segments of all its partitions in use; whatever else lies there is dumped when it is named itself.
 */
export function expandPaths(disk: ReadableDisk, words: readonly string[], claims: Claims = {}): Expanded {
  const expanded = { inputs: [] as DumpInput[], failures: [] as InputFailure[] }
  for (const word of words) {
    attempt(expanded, word, () => {
      for (const path of pathsOf(disk, word)) attempt(expanded, path, () => inputsAt(disk, path, claims))
      return {}
    })
  }
  return expanded
}

function attempt(
  { inputs, failures }: { inputs: DumpInput[]; failures: InputFailure[] },
  item: string,
  work: () => Partial<Expanded>,
): void {
  try {
    const found = work()
    inputs.push(...(found.inputs ?? []))
    failures.push(...(found.failures ?? []))
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    failures.push({ item, error })
  }
}

function pathsOf(disk: ReadableDisk, word: string): string[] {
  if (word === STDIN || !isPattern(word) || disk.stat(word) !== undefined) return [word]
  const found = expandPattern(disk, word)
  if (found.length > 0) return found
  throw new FailedError('file-not-found', `nothing matches "${word}"`, { details: { path: word } })
}

function inputsAt(disk: ReadableDisk, path: string, claims: Claims): Partial<Expanded> {
  if (path === STDIN) return { inputs: [ofStdin(claims)] }
  const stat = disk.stat(path)
  if (stat === undefined) {
    throw new FailedError('file-not-found', `there is no file "${path}"`, { details: { path } })
  }
  if (stat.kind === 'folder') return inFolder(disk, path, claims)
  if (stat.kind === 'file') return { inputs: [inputOf(path, claims)] }
  throw new FailedError('not-a-file', `${path} is neither a file nor a folder`, {
    hint: 'a stream is read from stdin: ktool dump-segment - < STREAM',
    details: { path },
  })
}

function ofStdin(claims: Claims): DumpInput {
  const { topic, partition } = claims.owner ?? { topic: null, partition: null }
  const named = { kind: 'log' as const, ...(claims.kind === undefined ? {} : { kind: claims.kind }) }
  const { baseOffset } = inputOf('stdin', { ...claims, ...named })
  return { file: STDIN, ...named, baseOffset, nextBaseOffset: null, topic, partition }
}

function inFolder(disk: ReadableDisk, path: string, claims: Claims): Expanded {
  const folder = openPartitionFolder(disk, path)
  if (folder.segments.length > 0 || folder.said !== undefined) return inPartition(folder, claims)
  const { partitions } = openLogDirectory(disk, path)
  const expanded = { inputs: [], failures: [] }
  const inUse = partitions.filter(({ aside }) => aside === null).sort(byPartition)
  for (const { path } of inUse) {
    attempt(expanded, path, () => inPartition(openPartitionFolder(disk, path), claims))
  }
  return expanded
}

function inPartition(folder: PartitionFolder, claims: Claims): Expanded {
  return { inputs: segmentsOf(mustHaveSegments(folder), claims), failures: hollowLogs(folder) }
}

function segmentsOf({ segments, said }: PartitionFolder, claims: Claims): DumpInput[] {
  const owner: Owner = claims.owner ?? { topic: said?.topic ?? null, partition: said?.partition ?? null }
  return segments.map(({ baseOffset, log }, i) => ({
    file: log.path,
    kind: 'log',
    baseOffset,
    nextBaseOffset: segments[i + 1]?.baseOffset ?? null,
    isListed: true,
    topic: owner.topic,
    partition: owner.partition,
  }))
}
