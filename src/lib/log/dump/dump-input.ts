import { basename, dirname, resolve } from 'node:path'
import type { Int64 } from '../../bytes/int64.ts'
import { FailedError, type KtoolError } from '../../errors.ts'
import { type LogFileKind, parseFileName } from '../files/file-names.ts'
import { parseFolderName } from '../files/folder-names.ts'
import { offsetCheckpoints } from '../files/offset-checkpoint.ts'
import { cleanShutdownFile, metaFile } from '../log-directory.ts'

/** What a file holds. Logs and KRaft snapshots (checkpoint) are batches, all others entries of their own. */
export const dumpKinds = [
  'log',
  'checkpoint',
  'index',
  'timeindex',
  'txnindex',
  'snapshot',
  'leader-epochs',
  'offsets',
  'partition-metadata',
  'meta-properties',
] as const

export type DumpKind = (typeof dumpKinds)[number]

/** Whose records they are; null where nothing says so. */
export interface Owner {
  readonly topic: string | null
  readonly partition: number | null
}

/** One file to be dumped. */
export interface DumpInput extends Owner {
  /** As it was typed, or found in a folder that was. */
  readonly file: string
  readonly kind: DumpKind
  /** Indexes count from it. Null where neither the name nor a flag tells, and nothing counts from it. */
  readonly baseOffset: Int64 | null
  /** Of the segment behind it, where its folder was given. */
  readonly nextBaseOffset: Int64 | null
  /** Found in a folder, not named: a live broker may have deleted it by the time it is its turn. */
  readonly isListed?: boolean
}

/** What the command line says of files whose names do not. */
export interface Claims {
  readonly kind?: DumpKind | undefined
  readonly baseOffset?: Int64 | undefined
  readonly owner?: Owner | undefined
}

/** Nothing came of an input; the others go on. */
export interface InputFailure {
  readonly item: string
  readonly error: KtoolError
}

/** What stdin is called. */
export const STDIN = '-'

const kindsByName: ReadonlyMap<string, DumpKind> = new Map<string, DumpKind>([
  ['leader-epoch-checkpoint', 'leader-epochs'],
  ['partition.metadata', 'partition-metadata'],
  [metaFile, 'meta-properties'],
  ['bootstrap.checkpoint', 'checkpoint'],
  ...Object.values(offsetCheckpoints).map((name) => [name, 'offsets'] as const),
])

const countsFromBase: ReadonlySet<DumpKind> = new Set(['index', 'timeindex'])
/** A tiered segment's index in the cache of a broker; and a KRaft snapshot that was not finished. */
const CACHED_INDEX = /^(\d+)_[\w-]{22}\.(index|timeindex|txnindex)(?:\.\w+)?$/
const UNFINISHED = /^\d{20}-\d{10}.*\.checkpoint(?:\.part|\.deleted)?$/

/** What one file is, by its name and what was said of it. */
export function inputOf(file: string, claims: Claims): DumpInput {
  const name = basename(file)
  const said = nameSays(name)
  const kind = claims.kind ?? said.kind
  if (kind === undefined) throw unknownName(file)
  const baseOffset = claims.baseOffset ?? said.baseOffset
  if (baseOffset === null && (countsFromBase.has(kind) || (kind === 'log' && claims.kind === undefined))) {
    throw noBaseOffset(file, kind)
  }
  return { file, kind, baseOffset, nextBaseOffset: null, ...(claims.owner ?? ownerOf(file, kind)) }
}

function nameSays(name: string): { kind: DumpKind | undefined; baseOffset: Int64 | null } {
  const segment = parseFileName(name)
  if (segment !== undefined) return { kind: segment.kind, baseOffset: segment.baseOffset }
  const [, digits, cached] = CACHED_INDEX.exec(name) ?? []
  if (digits !== undefined) return { kind: cached as LogFileKind, baseOffset: Number(digits) }
  if (UNFINISHED.test(name)) return { kind: 'checkpoint', baseOffset: null }
  return { kind: kindsByName.get(name) ?? kindByEnding(name), baseOffset: null }
}

/** `orders.log` looks like a log; that it has no base offset is then said of it. */
function kindByEnding(name: string): DumpKind | undefined {
  const [, ending] = /\.(log|index|timeindex|txnindex|snapshot)$/.exec(name) ?? []
  return ending as DumpKind | undefined
}

function ownerOf(file: string, kind: DumpKind): Owner {
  const folder = parseFolderName(basename(dirname(resolve(file))))
  if (folder !== undefined) return { topic: folder.topic, partition: folder.partition }
  if (kind === 'checkpoint') return { topic: '__cluster_metadata', partition: 0 }
  return { topic: null, partition: null }
}

/** A broker's all the same: the election of controllers, and how it stopped. */
const described: ReadonlySet<string> = new Set(['quorum-state', cleanShutdownFile])

function unknownName(file: string): FailedError {
  if (described.has(basename(file))) {
    return new FailedError('not-dumped', `${file} is not a file that is dumped`, {
      hint: 'ktool segments describe tells what it says, of the folder that it lies in or beside',
      details: { path: file },
    })
  }
  return new FailedError('not-a-kafka-file', `${file} has no name that Kafka gives to a file`, {
    hint: 'a segment is called 00000000000000000000.log; --kind says what a file of another name holds',
    details: { path: file },
  })
}

function noBaseOffset(file: string, kind: DumpKind): FailedError {
  const example = `00000000000000000000.${kind}`
  const hint =
    kind === 'log'
      ? `Kafka calls a segment by its first offset, such as ${example}; --kind log dumps this one all the same`
      : `Kafka calls it by the first offset of its segment, such as ${example}; --base-offset says which that is`
  return new FailedError('no-base-offset', `${file} has no base offset in its name`, {
    hint,
    details: { path: file },
  })
}
