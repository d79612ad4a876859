import { dirname, join, resolve } from 'node:path'
import type { ReadableDisk } from '../../ports/disk.ts'
import { type EpochEntry, parseLeaderEpochs } from '../files/leader-epoch-checkpoint.ts'
import { parsePartitionMetadata } from '../files/partition-metadata.ts'
import { parseProducerSnapshot } from '../files/producer-snapshot.ts'
import { parseQuorumState } from '../files/quorum-state.ts'
import { parseTransactionIndex } from '../files/transaction-index.ts'
import { type LogDirectory, readCheckpoints, readIfThere } from '../log-directory.ts'
import { ownerOf } from '../owner/directory-owner.ts'
import { notSegments, type PartitionFolder, type Segment, type SegmentFile } from '../partition-folder.ts'
import type { PartitionPlace } from '../partition-places.ts'
import { boundsIn } from '../state/checkpoint-bounds.ts'
import { readPartitionState } from '../state/partition-state.ts'
import { describeFiles } from './describe-files.ts'
import { describeOffsets } from './describe-offsets.ts'
import type {
  DescribedAbort,
  DescribedEpoch,
  DescribedSnapshot,
  LastStop,
  PartitionDescription,
} from './partition-description.ts'

/** All that a partition's folder tells of it, without going through the whole of its log. */
export function describePartition(disk: ReadableDisk, place: PartitionPlace): PartitionDescription {
  const { folder, directory } = place
  const { path, said } = folder
  const checkpoints = directory?.checkpoints ?? readCheckpoints(disk, dirname(resolve(path)))
  const state = readPartitionState(disk, folder, boundsIn(checkpoints, folder))
  const small = new SmallFiles(disk, folder)
  const epochs = small.read('leader-epoch-checkpoint', parseLeaderEpochs)
  return {
    topic: said?.topic ?? null,
    partition: said?.partition ?? null,
    folder: path,
    aside: said?.aside ?? null,
    topicId: small.read('partition.metadata', parsePartitionMetadata),
    directory: directory?.path ?? null,
    broker: directory?.meta.value?.nodeId ?? null,
    lastStop: directory === null ? null : lastStopOf(disk, directory),
    ...describeOffsets(folder, checkpoints, state),
    leaderEpoch: state.lastLeaderEpoch,
    leaderEpochs: epochs?.map(describeEpoch) ?? null,
    openTransactions: state.openTransactions,
    abortedTransactions: folder.segments.flatMap((segment) => abortsIn(small, segment)),
    producers: state.producers,
    ...describeFiles(disk, folder, state.logEndOffset),
    snapshots: folder.snapshots.map((file) => describeSnapshot(small, file)),
    quorum: small.read('quorum-state', parseQuorumState),
    warnings: [
      ...new Set([
        ...notSegments(folder).map((each) => `${each} and is left out`),
        ...checkpointProblems(checkpoints),
        ...small.warnings,
        ...state.remarks,
        ...state.damages,
      ]),
    ],
  }
}

/** The files beside the segments; one that cannot be read is warned of, once. */
class SmallFiles {
  readonly warnings = new Set<string>()
  readonly #disk: ReadableDisk
  readonly #folder: PartitionFolder

  constructor(disk: ReadableDisk, folder: PartitionFolder) {
    this.#disk = disk
    this.#folder = folder
  }

  read<T>(name: string, parse: (bytes: Buffer) => T): T | null {
    const { value, problem } = readIfThere(this.#disk, join(this.#folder.path, name), parse)
    if (problem !== null) this.warnings.add(`${name} is not used: ${problem.message}`)
    return value
  }
}

function describeEpoch(
  { epoch, startOffset }: EpochEntry,
  i: number,
  all: readonly EpochEntry[],
): DescribedEpoch {
  return { epoch, startOffset, endOffset: all[i + 1]?.startOffset ?? null }
}

function abortsIn(small: SmallFiles, { txnindex }: Segment): DescribedAbort[] {
  if (txnindex === undefined) return []
  const entries = small.read(txnindex.name, parseTransactionIndex) ?? []
  return entries.map(({ producerId, firstOffset, lastOffset, lastStableOffset }) => {
    return { producerId, firstOffset, lastOffset, lastStableOffset, file: txnindex.name }
  })
}

function describeSnapshot(
  small: SmallFiles,
  { name, baseOffset, sizeBytes }: SegmentFile,
): DescribedSnapshot {
  const producers = small.read(name, parseProducerSnapshot)
  return { file: name, offset: baseOffset, sizeBytes, producers: producers?.length ?? null }
}

function checkpointProblems(checkpoints: LogDirectory['checkpoints']): string[] {
  return Object.values(checkpoints).flatMap(({ problem }) =>
    problem === null ? [] : [`a checkpoint beside the folder is not used: ${problem.message}`],
  )
}

function lastStopOf(disk: ReadableDisk, { path, isCleanShutdown }: LogDirectory): LastStop {
  if (ownerOf(disk, path).state === 'alive') return 'alive'
  return isCleanShutdown ? 'clean' : 'unclean'
}
