import { coordinatorPartition } from '../../bytes/java-hash.ts'
import { FailedError } from '../../errors.ts'
import { formatPartitions, parsePartitions } from '../../values/partitions.ts'
import type { ChosenPartition, LogDirectories } from '../cluster/log-directories.ts'

/** A topic in which coordinators keep their state, and what of it is within reach. */
export interface CoordinatorTopic {
  readonly topic: string
  readonly here: readonly ChosenPartition[]
  /** Partitions that may keep something of this name, of those here. */
  placesOf(name: string): readonly ChosenPartition[]
  /** Why a name that was not found may be there all the same; null where it is not. */
  outOfReach(name: string): FailedError | null
  /** As a failed item: what a list of these is without. Null where it is whole. */
  incomplete(what: string): FailedError | null
}

export function coordinatorTopic(directories: LogDirectories, topic: string): CoordinatorTopic {
  const here = directories.partitions(topic)
  const seen = new Set(here.map(({ partition }) => partition))
  const count = partitionCount(directories, topic, seen)
  const all = count ?? Math.max(0, ...seen) + 1
  const missing = Array.from({ length: all }, (_, i) => i).filter((partition) => !seen.has(partition))
  const isNowhere = count === 0
  const partitionOf = (name: string) =>
    count === null || isNowhere ? undefined : coordinatorPartition(name, count)
  return {
    topic,
    here,
    placesOf: (name) => here.filter(({ partition }) => partition === (partitionOf(name) ?? partition)),
    outOfReach: (name) => (isNowhere ? null : outOfReach(topic, name, partitionOf(name), seen)),
    incomplete(what) {
      if (here.length === 0 && !isNowhere) return nothingHere(topic)
      if (count === null) return uncounted(topic, what, seen)
      return missing.length === 0 ? null : missingPartitions(topic, what, missing)
    },
  }
}

/**
 * Null where nothing says it: folders that are here need not be all there are. Without a metadata log several
 * folders without a gap are taken for all; a single one is not.
 */
function partitionCount(
  directories: LogDirectories,
  topic: string,
  seen: ReadonlySet<number>,
): number | null {
  const { metadata } = directories
  const said = metadata?.topics.get(topic)?.partitions.size
  if (said !== undefined) return said
  if (metadata !== null && seen.size === 0) return 0
  return seen.size > 1 && Math.max(...seen) === seen.size - 1 ? seen.size : null
}

const hint = 'name the other log directories too, with another --log-dir each'

function missingPartitions(topic: string, what: string, missing: readonly number[]): FailedError {
  const names = namesOf(missing)
  const message =
    missing.length === 1
      ? `partition ${names} of ${topic} is not in these directories: ${what} it keeps are not known`
      : `partitions ${names} of ${topic} are not in these directories: ${what} they keep are not known`
  return new FailedError('partition-not-here', message, { hint, details: { topic, partitions: missing } })
}

function uncounted(topic: string, what: string, seen: ReadonlySet<number>): FailedError {
  const message = `only ${topic}:${namesOf([...seen])} is here, and nothing says how many partitions there are: ${what} of others are not known`
  return new FailedError('partition-not-here', message, { hint, details: { topic, seen: [...seen] } })
}

function namesOf(partitions: readonly number[]): string {
  return formatPartitions(parsePartitions(partitions.join(',')))
}

/** Where it is not known how many partitions there are, any of those that are not here may keep it. */
function outOfReach(
  topic: string,
  name: string,
  partition: number | undefined,
  seen: ReadonlySet<number>,
): FailedError | null {
  if (partition !== undefined && seen.has(partition)) return null
  const message =
    partition === undefined
      ? `"${name}" may be kept in a partition of ${topic} that is not in these directories`
      : `"${name}" is kept in ${topic}-${partition}, which is not in these directories`
  return new FailedError('partition-not-here', message, {
    hint,
    details: { topic, partition: partition ?? null },
  })
}

function nothingHere(topic: string): FailedError {
  return new FailedError('partition-not-here', `no partition of ${topic} is in these directories`, {
    hint,
    details: { topic },
  })
}
