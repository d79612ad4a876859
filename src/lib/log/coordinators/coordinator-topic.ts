import { coordinatorPartition } from '../../bytes/java-hash.ts'
import { FailedError } from '../../errors.ts'
import { formatPartitions, parsePartitions } from '../../values/partitions.ts'
import type { ChosenPartition, LogDirectories } from '../cluster/log-directories.ts'

/** A topic in which coordinators keep their state, and what of it is within reach. */
export interface CoordinatorTopic {
  readonly topic: string
  /** Null where no metadata log says how many partitions there are: the folders that are here need not be all. */
  readonly partitionCount: number | null
  readonly here: readonly ChosenPartition[]
  /** Partitions that there must be, and are not here. */
  readonly missing: readonly number[]
  /** Why nothing at all can be known; null otherwise. */
  readonly problem: FailedError | null
  /** Partitions that may keep something of this name, of those here. */
  placesOf(name: string): readonly ChosenPartition[]
  /** Why a name that was not found may be there all the same; null where it is not. */
  outOfReach(name: string): FailedError | null
}

export function coordinatorTopic(directories: LogDirectories, topic: string): CoordinatorTopic {
  const here = directories.partitions(topic)
  const known = directories.metadata?.topics.get(topic)?.partitions
  const partitionCount = known === undefined ? null : known.size
  const count = partitionCount ?? Math.max(0, ...here.map(({ partition }) => partition + 1))
  const seen = new Set(here.map(({ partition }) => partition))
  const missing = Array.from({ length: count }, (_, i) => i).filter((partition) => !seen.has(partition))
  const isNowhere = directories.metadata !== null && known === undefined && here.length === 0
  const partitionOf = (name: string) =>
    partitionCount === null || partitionCount === 0 ? undefined : coordinatorPartition(name, partitionCount)
  return {
    topic,
    partitionCount,
    here,
    missing,
    problem: here.length === 0 && directories.metadata === null ? nothingHere(topic) : null,
    placesOf: (name) => here.filter(({ partition }) => partition === (partitionOf(name) ?? partition)),
    outOfReach: (name) => (isNowhere ? null : outOfReach({ topic, here, missing }, name, partitionOf(name))),
  }
}

/** As a failed item: what a list is without. */
export function missingPartitions({ topic, missing }: CoordinatorTopic, what: string): FailedError {
  const names = formatPartitions(parsePartitions(missing.join(',')))
  const message =
    missing.length === 1
      ? `partition ${names} of ${topic} is not in these directories: ${what} it keeps are not known`
      : `partitions ${names} of ${topic} are not in these directories: ${what} they keep are not known`
  return new FailedError('partition-not-here', message, {
    hint: 'name the other log directories too, with another --log-dir each',
    details: { topic, partitions: missing },
  })
}

function outOfReach(
  { topic, here, missing }: Pick<CoordinatorTopic, 'topic' | 'here' | 'missing'>,
  name: string,
  partition: number | undefined,
): FailedError | null {
  if (partition !== undefined && here.some((each) => each.partition === partition)) return null
  if (partition === undefined && here.length > 0 && missing.length === 0) return null
  const where = partition === undefined ? `a partition of ${topic}` : `${topic}-${partition}`
  const verb = partition === undefined ? 'may be kept in' : 'is kept in'
  return new FailedError(
    'partition-not-here',
    `"${name}" ${verb} ${where}, which is not in these directories`,
    {
      hint: 'name the other log directories too, with another --log-dir each',
      details: { topic, partition: partition ?? null },
    },
  )
}

function nothingHere(topic: string): FailedError {
  return new FailedError('partition-not-here', `no partition of ${topic} is in these directories`, {
    hint: 'name the other log directories too, with another --log-dir each',
    details: { topic },
  })
}
