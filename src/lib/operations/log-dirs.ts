import { FailedError, KtoolError } from '../errors.ts'
import type { TopicPartition } from '../model/groups.ts'
import { foundIn, type Outcome } from '../model/outcome.ts'
import { partitionName } from '../model/partitions.ts'
import type { BrokerDisks, DiskReplica } from '../model/reassignments.ts'
import { ANY_LOG_DIR, logDirAt, type Placement } from './partition-item.ts'

/** Where a replica lies on its broker, and where it is on its way to. */
export interface LyingReplica {
  /** Null where it lies in no directory that lives. */
  readonly current: string | null
  readonly future: string | null
  readonly sizeBytes: number
  readonly futureBytes: number
}

const NOWHERE: LyingReplica = { current: null, future: null, sizeBytes: 0, futureBytes: 0 }

/** The disks of some brokers, as they were told. */
export class Disks {
  readonly #told: ReadonlyMap<string, BrokerDisks | KtoolError>
  readonly #replicas = new Map<string, LyingReplica>()

  constructor(told: readonly Outcome<BrokerDisks>[]) {
    this.#told = new Map(told.map(({ item, outcome }) => [item, outcome]))
    for (const { outcome } of told) {
      if (outcome instanceof KtoolError) continue
      for (const { broker, directory, isFuture, sizeBytes, ...at } of outcome.replicas) {
        const key = replicaName(at, broker)
        const known = this.#replicas.get(key) ?? NOWHERE
        const more = isFuture
          ? { future: directory, futureBytes: sizeBytes }
          : { current: directory, sizeBytes }
        this.#replicas.set(key, { ...known, ...more })
      }
    }
  }

  of(broker: number): BrokerDisks | KtoolError {
    return this.#told.get(`broker ${broker}`) ?? untold(broker)
  }

  /** Nothing where the broker does not tell. */
  replica(at: TopicPartition, broker: number): LyingReplica | undefined {
    if (this.of(broker) instanceof KtoolError) return undefined
    return this.#replicas.get(replicaName(at, broker)) ?? NOWHERE
  }
}

/** Replicas that are on their way from one directory of their broker to another. */
export function futureReplicas(told: readonly Outcome<BrokerDisks>[]): DiskReplica[] {
  return foundIn(told).flatMap(({ replicas }) => replicas.filter(({ isFuture }) => isFuture))
}

/** Why a replica cannot lie there; the broker calls its directories by these very paths. */
export function whyNotIn(
  disks: Disks,
  at: TopicPartition,
  broker: number,
  path: string,
): KtoolError | undefined {
  const told = disks.of(broker)
  if (told instanceof KtoolError) return told
  const directory = told.directories.find((each) => each.path === path)
  if (directory === undefined) return noSuchLogDir(told, path)
  if (!directory.isOnline) return logDirOffline(broker, path)
  const { current, future } = disks.replica(at, broker) ?? NOWHERE
  return directory.isCordoned && current !== path && future !== path
    ? logDirCordoned(broker, path)
    : undefined
}

/**
 * Where replicas lie before they are placed. Of those that stay, the ones whose directory is named; of those that go,
 * all of them, since they may come back. One that is on its way elsewhere lies where it will be.
 */
export function placementBefore(
  at: TopicPartition,
  replicas: readonly number[],
  after: Placement,
  disks: Disks,
): Placement {
  if (after.logDirs === null) return { replicas, logDirs: null }
  const logDirs = replicas.map((id) => {
    const wanted = logDirAt(after, id)
    if (wanted === undefined && after.replicas.includes(id)) return ANY_LOG_DIR
    const { current, future } = disks.replica(at, id) ?? NOWHERE
    return (future === wanted ? current : (future ?? current)) ?? ANY_LOG_DIR
  })
  return { replicas, logDirs }
}

/** Brokers on which a replica is to lie elsewhere than it did, or than is known. */
export function diskBrokers(before: Placement, after: Placement): number[] {
  return after.replicas.filter((id) => {
    const wanted = logDirAt(after, id)
    return wanted !== undefined && wanted !== logDirAt(before, id)
  })
}

/** How a partition stands to a step that names directories, whoever has put it there. */
export interface PlacedNow {
  /** What the partition will have, where it is reassigned. */
  readonly replicas: readonly number[]
  readonly isReassigned: boolean
  readonly logDirOf: (broker: number) => string | undefined
  readonly futureLogDirOf: (broker: number) => string | undefined
}

/** Of several directories some may be done already, and others not yet: all of that is on its way. */
export function standingOfPlaced(before: Placement, after: Placement, now: PlacedNow): Settled | 'stale' {
  const isFor = ({ replicas }: Placement) => replicas.join() === now.replicas.join()
  if (!isFor(after) && !isFor(before)) return 'stale'
  const concerned = now.replicas.filter((id) => logDirAt(after, id) ?? logDirAt(before, id))
  const isStrange = concerned.some((id) => {
    const lies = now.futureLogDirOf(id) ?? now.logDirOf(id)
    const known = [logDirAt(before, id), logDirAt(after, id)]
    // A replica that has just come lies anywhere: nothing was said of where it was before.
    return lies !== undefined && known[0] !== undefined && !known.includes(lies)
  })
  if (isStrange) return 'stale'
  const isThere = after.replicas.every((id) => {
    const wanted = logDirAt(after, id)
    const lies = now.futureLogDirOf(id) ?? now.logDirOf(id)
    // Until it comes nothing is to be seen of it; where it shall lie is remembered.
    const isToCome = lies === undefined && now.isReassigned && !before.replicas.includes(id)
    return wanted === undefined || wanted === lies || isToCome
  })
  if (!isFor(after) || !isThere) return 'before'
  const isMoving = now.isReassigned || concerned.some((id) => now.futureLogDirOf(id) !== undefined)
  return isMoving ? 'moving' : 'after'
}

/** `moving` is on its way to where it shall be. */
export type Settled = 'before' | 'moving' | 'after'

export function replicaName(at: TopicPartition, broker: number): string {
  return `${partitionName(at)} on broker ${broker}`
}

function untold(broker: number): FailedError {
  return new FailedError(
    'not-told',
    `broker ${broker} tells nothing of its log directories: it is not there`,
    {
      hint: 'ktool cluster brokers shows those that are there',
      details: { broker },
    },
  )
}

function noSuchLogDir({ broker, directories }: BrokerDisks, path: string): FailedError {
  const paths = directories.map((each) => each.path)
  const isRelative = !/^(\/|[A-Za-z]:[\\/])/.test(path)
  const known = `it has ${paths.join(', ')}`
  return new FailedError('no-such-log-dir', `broker ${broker} has no log directory "${path}"; ${known}`, {
    hint: isRelative
      ? 'a directory is named by its absolute path, as the broker calls it; "any" leaves it to the broker'
      : 'ktool cluster log-dirs shows the directories of each broker',
    details: { broker, path, known: paths },
  })
}

function logDirOffline(broker: number, path: string): FailedError {
  return new FailedError('log-dir-offline', `the log directory ${path} of broker ${broker} is offline`, {
    hint: "look at the broker's log and its disk, or name another directory",
    details: { broker, path },
  })
}

function logDirCordoned(broker: number, path: string): FailedError {
  return new FailedError(
    'log-dir-cordoned',
    `the log directory ${path} of broker ${broker} is cordoned: no replica may come to it`,
    {
      hint: 'name another directory, or take it out of cordoned.log.dirs of that broker',
      details: { broker, path },
    },
  )
}
