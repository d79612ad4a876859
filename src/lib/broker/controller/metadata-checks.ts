import { DataError, FailedError } from '../../errors.ts'
import { readMetadataLog } from '../../log/cluster/metadata-log.ts'
import type { MetadataReplay } from '../../log/cluster/metadata-replay.ts'
import { openPartitionFolder } from '../../log/partition-folder.ts'
import { metadataVersionName } from '../../model/metadata-versions.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { NEWEST_METADATA_VERSION } from './features.ts'

/**
 * Before anybody opens the log for writing, which cuts off what follows a damaged batch: only a torn last write
 * may go that way. Everything else is for a person to decide.
 */
export function mustBeWhole(disk: ReadableDisk, path: string): void {
  if (disk.stat(path) === undefined) return
  const { isWhole, problems, image } = readMetadataLog(disk, openPartitionFolder(disk, path))
  mustNotBeNewer(image.features, path)
  if (!isWhole) throw damaged(path, problems)
}

/** Throws a DataError if anything in the log was passed over. */
export function mustBeUnderstood(path: string, { state, unread }: MetadataReplay): void {
  mustNotBeNewer(state.features, path)
  if (unread.size === 0) return
  throw damaged(
    path,
    [...unread].map(([what, count]) => `${count} × ${what}`),
  )
}

/** Levels go up to those of Kafka 4.3.1; what a later Kafka means by its own is not known. */
export function mustNotBeNewer(features: ReadonlyMap<string, number>, path: string): void {
  const level = features.get('metadata.version') ?? 0
  if (level <= NEWEST_METADATA_VERSION) return
  const name = metadataVersionName(level)
  throw new FailedError(
    'newer-kafka',
    `the metadata in ${path} is of a newer Kafka: metadata.version ${level}${name === null ? '' : ` (${name})`}; this broker knows up to ${NEWEST_METADATA_VERSION} (${metadataVersionName(NEWEST_METADATA_VERSION)})`,
    {
      hint: 'open it with the Kafka that wrote it, or give this broker another directory',
      details: { path, level, newest: NEWEST_METADATA_VERSION },
    },
  )
}

function damaged(path: string, problems: readonly string[]): DataError {
  return new DataError('damaged-metadata', `the metadata log in ${path} is damaged: ${problems.join('; ')}`, {
    hint: `nothing was changed; \`ktool segments verify ${path}\` tells what is wrong with it`,
    details: { path, problems },
  })
}
