import { join } from 'node:path'
import { DataError, FailedError } from '../../errors.ts'
import type { MetadataImage } from '../../log/cluster/metadata-image.ts'
import { readMetadataLog } from '../../log/cluster/metadata-log.ts'
import type { MetadataReplay } from '../../log/cluster/metadata-replay.ts'
import { parseFolderName } from '../../log/files/folder-names.ts'
import { cleanShutdownFile } from '../../log/log-directory.ts'
import { openPartitionFolder, type PartitionFolder } from '../../log/partition-folder.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { mustBeSupported, ofLaterKafka } from './feature-checks.ts'
import { type MetadataEnding, metadataEnding } from './metadata-ending.ts'

/** Whose directory it is. */
export interface Identity {
  readonly path: string
  readonly clusterId: string
  readonly nodeId: number
  readonly directoryId: string
}

/**
 * Before anybody opens the log for writing, which cuts off what follows a damaged batch: only the last writes
 * before a crash may go that way. Everything else is for a person to decide.
 * What the log says, or nothing where there is none yet.
 */
export function mustBeOpenable(
  disk: ReadableDisk,
  logPath: string,
  identity: Identity,
): MetadataImage | undefined {
  if (disk.stat(logPath) === undefined) {
    mustBeNew(disk, logPath, identity)
    return undefined
  }
  const folder = openPartitionFolder(disk, logPath)
  const read = readMetadataLog(disk, folder)
  mustBeSupported(read.image.features, logPath)
  if (read.isOfLaterKafka) throw ofLaterKafka(logPath, read.problems)
  const isCrash = disk.stat(join(identity.path, cleanShutdownFile)) === undefined
  const ending = metadataEnding(disk, folder)
  const isOpenable = isCrash && ending === 'torn' ? true : read.isWhole && ending === 'sound'
  if (!isOpenable) throw damaged(logPath, read.problems.length > 0 ? read.problems : [problemOf[ending]])
  if (!isCrash) mustReachItsEnd(folder, read.image)
  mustBeAlone(read.image, identity)
  return read.image
}

const problemOf: Readonly<Record<MetadataEnding, string>> = {
  sound: 'it is not whole',
  torn: 'it ends in the midst of a batch, although it was closed',
  broken: 'there is something in it that is no batch, and batches behind that',
}

/** Else the partitions that are there would be taken for strays. */
function mustBeNew(disk: ReadableDisk, logPath: string, { path }: Identity): void {
  const folders = disk.list(path).filter(({ name }) => parseFolderName(name)?.aside === null)
  if (folders.length === 0) return
  throw damaged(logPath, [
    `it is not there, and ${folders.length} partitions are; where \`metadata.log.dir\` was set, it lies there, and this broker keeps both in one directory`,
  ])
}

/** As it was closed, a snapshot of its producers says how far it went. */
function mustReachItsEnd({ path, snapshots }: PartitionFolder, { endOffset }: MetadataImage): void {
  const closedAt = snapshots.at(-1)?.baseOffset ?? 0
  if (closedAt <= endOffset) return
  throw damaged(path, [`it ends at offset ${endOffset}, and was closed at ${closedAt}`])
}

/** Throws a DataError if anything in the log was passed over. */
export function mustBeUnderstood(path: string, { state, unread, isOfLaterKafka }: MetadataReplay): void {
  mustBeSupported(state.features, path)
  if (unread.size === 0) return
  const what = [...unread].map(([name, count]) => `${count} × ${name}`)
  throw isOfLaterKafka ? ofLaterKafka(path, what) : damaged(path, what)
}

type Members = Pick<MetadataImage, 'brokers' | 'voters' | 'controllerId'>

/** A node of several may not go on alone, and a broker of several directories not with one of them. */
function mustBeAlone(
  { brokers, voters, controllerId }: Members,
  { path, nodeId, directoryId }: Identity,
): void {
  // A node that is a broker alone has the log of a controller that registered with nobody before Kafka 3.7.
  const led = controllerId === null ? [] : [controllerId]
  const members = [...brokers.keys(), ...voters.map(({ id }) => id), ...led]
  const others = members.filter((id) => id !== nodeId)
  if (others.length > 0) {
    throw new FailedError(
      'several-nodes',
      `${path} is of node ${nodeId} of a cluster with others: ${[...new Set(others)].sort((a, b) => a - b).join(', ')}`,
      { hint: 'this broker serves clusters of one node; --log-dir reads any', details: { path, others } },
    )
  }
  const elsewhere = (brokers.get(nodeId)?.directories ?? []).filter((id) => id !== directoryId)
  if (elsewhere.length === 0) return
  throw new FailedError(
    'several-directories',
    `${path} is one of ${elsewhere.length + 1} log directories of its broker`,
    { hint: 'this broker serves one; --log-dir reads them all', details: { path, directories: elsewhere } },
  )
}

function damaged(path: string, problems: readonly string[]): DataError {
  return new DataError('damaged-metadata', `the metadata log in ${path} is damaged: ${problems.join('; ')}`, {
    hint: `nothing was changed; \`ktool segments verify ${path}\` tells what is wrong with it`,
    details: { path, problems },
  })
}
