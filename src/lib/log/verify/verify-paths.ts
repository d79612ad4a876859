import { join } from 'node:path'
import { CheckFailed, DataError, KtoolError } from '../../errors.ts'
import type { ItemFailure } from '../../model/outcome.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { Threads } from '../../ports/threads.ts'
import { type OffsetCheckpoint, offsetCheckpoints } from '../files/offset-checkpoint.ts'
import { type LogDirectory, metaFile, readCheckpoints } from '../log-directory.ts'
import { ownerOf } from '../owner/directory-owner.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import { type NamedPlace, namedPlaces, openPlace, type PartitionPlace } from '../partition-places.ts'
import { boundsIn } from '../state/checkpoint-bounds.ts'
import type { PartitionVerdict } from './partition-verdict.ts'
import { StretchLane } from './stretch-lane.ts'
import { plural } from './tell-verdict.ts'
import { TopicIntervals } from './topic-intervals.ts'
import { type BesideFacts, type VerifyOptions, verifyPartition } from './verify-partition.ts'

export interface Verified {
  readonly rows: readonly PartitionVerdict[]
  readonly failures: readonly ItemFailure[]
}

/** The partitions below each path, a partition's folder or a whole log directory, one after the other. */
export async function* verifyPaths(
  disk: ReadableDisk,
  paths: readonly string[],
  { threads, ...options }: Omit<VerifyOptions, 'lane'> & { threads: Threads },
): AsyncGenerator<Verified> {
  const lane = new StretchLane(threads)
  const intervals = new TopicIntervals(disk)
  try {
    for (const path of paths) yield* verifyPath(disk, path, { ...options, lane, intervals })
  } finally {
    await lane.end()
  }
}

interface PathOptions extends VerifyOptions {
  readonly intervals: TopicIntervals
}

async function* verifyPath(disk: ReadableDisk, path: string, options: PathOptions): AsyncGenerator<Verified> {
  let places: NamedPlace[]
  try {
    places = namedPlaces(disk, path)
  } catch (error) {
    yield { rows: [], failures: [failureAt(path, error)] }
    return
  }
  const directories = new Set(places.map(({ directory }) => directory))
  for (const directory of directories) yield checkpointsOf(directory ?? around(disk, path))
  for (const place of places) yield await attempt(disk, place, options)
}

/** No broker's directory as it stands, and yet there may be checkpoints in it. */
function around(disk: ReadableDisk, folder: string): Pick<LogDirectory, 'path' | 'meta' | 'checkpoints'> {
  const path = join(folder, '..')
  return { path, meta: { value: null, problem: null }, checkpoints: readCheckpoints(disk, path) }
}

/** Of the directory's own files. */
function checkpointsOf({
  path,
  meta,
  checkpoints,
}: Pick<LogDirectory, 'path' | 'meta' | 'checkpoints'>): Verified {
  const kinds = Object.keys(offsetCheckpoints) as OffsetCheckpoint[]
  const read = [
    { name: metaFile, problem: meta.problem },
    ...kinds.map((kind) => ({ name: offsetCheckpoints[kind], problem: checkpoints[kind].problem })),
  ]
  const failures = read.flatMap(({ name, problem }) => {
    if (problem === null) return []
    return [{ item: join(path, name), error: new CheckFailed(problem.code, problem.message) }]
  })
  return { rows: [], failures }
}

async function attempt(disk: ReadableDisk, named: NamedPlace, options: PathOptions): Promise<Verified> {
  const { path } = named
  try {
    const place = openPlace(disk, named)
    const verdict = await verifyPartition(disk, place.folder, besideFacts(disk, place, options), options)
    const failures = verdict.verdict === 'ok' ? [] : [{ item: path, error: trouble(verdict) }]
    return { rows: [verdict], failures }
  } catch (error) {
    return { rows: [], failures: [failureAt(path, error)] }
  }
}

function failureAt(item: string, error: unknown): { item: string; error: KtoolError } {
  if (error instanceof KtoolError) return { item, error }
  throw error
}

function besideFacts(
  disk: ReadableDisk,
  { folder, directory }: PartitionPlace,
  { intervals }: PathOptions,
): BesideFacts {
  const checkpoints = directory?.checkpoints ?? readCheckpoints(disk, join(folder.path, '..'))
  return {
    ...linesOf(checkpoints, folder),
    unreadable: unreadableOf(checkpoints),
    nextStart: nextStart(directory),
    indexIntervalBytes: intervals.of(directory, folder.said?.topic),
    isKraft: directory?.meta.value?.version === 1,
    isAlive: ownerOf(disk, join(folder.path, '..')).state === 'alive',
  }
}

/** A start reads all of them. That we may not does not mean that a broker may not. */
function unreadableOf(checkpoints: LogDirectory['checkpoints']): string | undefined {
  for (const kind of Object.keys(offsetCheckpoints) as OffsetCheckpoint[]) {
    const { problem } = checkpoints[kind]
    if (problem instanceof DataError) return `${offsetCheckpoints[kind]} cannot be read: ${problem.message}`
  }
  return undefined
}

function linesOf(
  checkpoints: LogDirectory['checkpoints'],
  folder: PartitionFolder,
): Omit<BesideFacts, 'nextStart' | 'isAlive' | 'isKraft'> {
  const { said } = folder
  const { highWatermark, logStartOffset } = boundsIn(checkpoints, folder)
  const isAside = said?.aside === 'delete' || said?.aside === 'stray'
  const name = said === undefined || isAside ? undefined : `${said.topic}-${said.partition}`
  const of = ({ value }: LogDirectory['checkpoints']['recoveryPoint']) =>
    name === undefined ? undefined : value?.get(name)
  return {
    highWatermark,
    logStartOffset,
    recoveryPoint: of(checkpoints.recoveryPoint),
    cleanerOffset: of(checkpoints.cleanerOffset),
  }
}

function nextStart(directory: LogDirectory | null): BesideFacts['nextStart'] {
  if (directory === null) return null
  return directory.isCleanShutdown ? 'clean' : 'unclean'
}

function trouble({ findings, verdict }: PartitionVerdict): CheckFailed {
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length
  const counts = ['error', 'warning'].flatMap((noun) =>
    count(noun) === 0 ? [] : [plural(count(noun), noun)],
  )
  const first = findings.find(({ severity }) => severity === verdict)
  return new CheckFailed(`log-${verdict}`, `${counts.join(', ')}: ${first?.file}: ${first?.reason}`)
}
