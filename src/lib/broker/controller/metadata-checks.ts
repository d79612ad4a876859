import { join } from 'node:path'
import { DataError, FailedError } from '../../errors.ts'
import type { MetadataImage } from '../../log/cluster/metadata-image.ts'
import { readMetadataLog } from '../../log/cluster/metadata-log.ts'
import type { MetadataReplay } from '../../log/cluster/metadata-replay.ts'
import { parseFolderName } from '../../log/files/folder-names.ts'
import { cleanShutdownFile } from '../../log/log-directory.ts'
import { openPartitionFolder, type PartitionFolder } from '../../log/partition-folder.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { mustHaveItsDirectories, mustHaveNoTwins } from './directory-checks.ts'
import { mustBeSupported, ofLaterKafka } from './feature-checks.ts'
import type { Identity } from './identity.ts'
import { type MetadataEnding, metadataEnding } from './metadata-ending.ts'
import { METADATA_FOLDER } from './metadata-place.ts'

/**
 * Before anybody opens the log for writing, which cuts off what follows a damaged batch: only the last writes
 * before a crash may go that way. Everything else is for a person to decide.
 * What the log says, or nothing where there is none yet.
 */
export function mustBeOpenable(disk: ReadableDisk, identity: Identity): MetadataImage | undefined {
  const logPath = join(identity.metadataDir, METADATA_FOLDER)
  if (disk.stat(logPath) === undefined) {
    mustBeNew(disk, logPath, identity)
    return undefined
  }
  const folder = openPartitionFolder(disk, logPath)
  const read = readMetadataLog(disk, folder)
  mustBeSupported(read.image.features, logPath)
  if (read.isOfLaterKafka) throw ofLaterKafka(logPath, read.problems)
  const isCrash = !isCleanStop(disk, identity)
  const ending = metadataEnding(disk, folder)
  const isOpenable = isCrash && ending === 'torn' ? true : read.isWhole && ending === 'sound'
  if (!isOpenable) throw damaged(logPath, read.problems.length > 0 ? read.problems : [problemOf[ending]])
  if (!isCrash) mustReachItsEnd(folder, read.image)
  mustBeAlone(read.image, identity)
  mustHaveItsDirectories(read.image, identity)
  mustHaveNoTwins(disk, read.image, identity)
  return read.image
}

/** The broker said goodbye in each of its directories. */
export function isCleanStop(disk: ReadableDisk, { logDirs }: Pick<Identity, 'logDirs'>): boolean {
  return logDirs.every(({ path }) => disk.stat(join(path, cleanShutdownFile)) !== undefined)
}

const problemOf: Readonly<Record<MetadataEnding, string>> = {
  sound: 'it is not whole',
  torn: 'it ends in the midst of a batch, although it was closed',
  broken: 'there is something in it that is no batch, and batches behind that',
}

/** Else the partitions that are there would be taken for strays. */
function mustBeNew(disk: ReadableDisk, logPath: string, { logDirs }: Identity): void {
  const folders = logDirs.flatMap(({ path }) =>
    disk.list(path).filter(({ name }) => parseFolderName(name)?.aside === null),
  )
  if (folders.length === 0) return
  throw damaged(logPath, [
    `it is not there, and ${folders.length} partitions are; of a broker with several log directories it lies in the first of them, or where \`metadata.log.dir\` says`,
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

/** A node of several may not go on alone. */
function mustBeAlone({ brokers, voters, controllerId }: Members, { metadataDir, nodeId }: Identity): void {
  // A node that is a broker alone has the log of a controller that registered with nobody before Kafka 3.7.
  const led = controllerId === null ? [] : [controllerId]
  const members = [...brokers.keys(), ...voters.map(({ id }) => id), ...led]
  const others = members.filter((id) => id !== nodeId)
  if (others.length === 0) return
  throw new FailedError(
    'several-nodes',
    `${metadataDir} is of node ${nodeId} of a cluster with others: ${[...new Set(others)].sort((a, b) => a - b).join(', ')}`,
    {
      hint: 'this broker serves clusters of one node; --log-dir reads any',
      details: { path: metadataDir, others },
    },
  )
}

function damaged(path: string, problems: readonly string[]): DataError {
  return new DataError('damaged-metadata', `the metadata log in ${path} is damaged: ${problems.join('; ')}`, {
    hint: `nothing was changed; \`ktool segments verify ${path}\` tells what is wrong with it`,
    details: { path, problems },
  })
}
