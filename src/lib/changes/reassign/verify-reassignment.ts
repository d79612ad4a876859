import { KtoolError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import type { TopicPartition } from '../../model/groups.ts'
import { noSuchPartition } from '../../model/not-found.ts'
import { failuresIn, type ItemFailure, type Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type { BrokerDisks, ReassignmentsView, ThrottleConfig } from '../../model/reassignments.ts'
import { Disks, futureReplicas, type LyingReplica } from '../../operations/log-dirs.ts'
import { logDirAt } from '../../operations/partition-item.ts'
import type { AssignedReplicas } from '../../operations/reassign-json.ts'
import { targetOf } from '../../operations/reassign-progress.ts'
import { configsIn } from './throttled.ts'

export interface VerifiedPartition extends TopicPartition {
  readonly wanted: readonly number[]
  /** While it is under way, those that go are among them. */
  readonly replicas: readonly number[]
  readonly state: 'done' | 'underway' | 'differs'
  /** Of a line about one replica, and the directory that is named for it; null where it is about brokers alone. */
  readonly broker: number | null
  readonly wantedLogDir: string | null
  readonly logDir: string | null
  /** Where it is on its way to. */
  readonly futureLogDir: string | null
}

export interface VerifiedReassignment {
  readonly rows: readonly VerifiedPartition[]
  readonly failures: readonly ItemFailure[]
  /** What is still throttled, as sentences. */
  readonly throttles: readonly string[]
}

/** Held against these lines, or else whatever is under way. */
export async function verifyReassignment(
  { reassignments, leaders }: Pick<Changers, 'reassignments' | 'leaders'>,
  lines: readonly AssignedReplicas[] | undefined,
): Promise<VerifiedReassignment> {
  const underWay = await reassignments.underWay(lines)
  const moving = new Map(underWay.map((each) => [partitionName(each), each]))
  const wanted = lines ?? underWay.map((each) => ({ ...each, replicas: targetOf(each) }))
  const topics = [...new Set(wanted.map(({ topic }) => topic))]
  const told = topics.length === 0 ? [] : await leaders.partitions(topics)
  const known = new Map(
    told.flatMap(({ outcome }) =>
      outcome instanceof KtoolError
        ? []
        : outcome.map((each) => [partitionName(each), each.replicas] as const),
    ),
  )
  const rows = wanted.flatMap(({ topic, partition, replicas: target }): VerifiedPartition[] => {
    const item = partitionName({ topic, partition })
    const replicas = moving.get(item)?.replicas ?? known.get(item)
    if (replicas === undefined) return []
    const isThere = replicas.join() === target.join()
    const state = moving.has(item) ? 'underway' : isThere ? 'done' : 'differs'
    return [{ topic, partition, wanted: target, replicas, state, ...noLogDir }]
  })
  const onDisks = await verifiedLogDirs(reassignments, lines, rows)
  const missing = wanted.filter((line) => !rows.some((row) => partitionName(row) === partitionName(line)))
  const untold = new Map(failuresIn(told).map(({ item, error }) => [item, error]))
  const failures = missing.map((line) => ({
    item: partitionName(line),
    error: untold.get(line.topic) ?? noSuchPartition(line),
  }))
  const brokers = (await reassignments.brokers()).map(({ id }) => id)
  const throttles = await reassignments.throttles(brokers, topics)
  // Whose throttles are not known may still be throttled.
  const silent = [...onDisks.failures, ...failuresIn(throttles)]
  return {
    rows: [...rows.flatMap((row) => [row, ...onDisks.rows.filter(isOf(row))]), ...onDisks.others],
    failures: [...failures, ...new Map(silent.map((each) => [each.item, each])).values()],
    throttles: configsIn(throttles).filter(isSet).map(sentence),
  }
}

const noLogDir = { broker: null, wantedLogDir: null, logDir: null, futureLogDir: null }

function isOf(row: TopicPartition): (other: TopicPartition) => boolean {
  return (other) => partitionName(other) === partitionName(row)
}

interface VerifiedLogDirs {
  readonly rows: readonly VerifiedPartition[]
  /** Of partitions that nobody has named. */
  readonly others: readonly VerifiedPartition[]
  readonly failures: readonly ItemFailure[]
}

/** Of each directory that is named whether the replica lies there; without a file, what is on its way between disks. */
async function verifiedLogDirs(
  reassignments: ReassignmentsView,
  lines: readonly AssignedReplicas[] | undefined,
  rows: readonly VerifiedPartition[],
): Promise<VerifiedLogDirs> {
  if (lines === undefined) {
    const told = await reassignments.disks()
    return { rows: [], others: movingOnDisks(told), failures: failuresIn(told) }
  }
  const named = lines.flatMap((line) =>
    line.replicas.flatMap((broker) => {
      const path = logDirAt(line, broker)
      const row = rows.find(isOf(line))
      return path === undefined || row === undefined ? [] : [{ row, broker, path }]
    }),
  )
  if (named.length === 0) return { rows: [], others: [], failures: [] }
  const brokers = [...new Set(named.map(({ broker }) => broker))]
  const disks = new Disks(
    await reassignments.disks(
      brokers,
      named.map(({ row }) => row),
    ),
  )
  const failures = brokers.flatMap((broker) => {
    const told = disks.of(broker)
    return told instanceof KtoolError ? [{ item: `broker ${broker}`, error: told }] : []
  })
  const verified = named.flatMap(({ row, broker, path }) => {
    const replica = disks.replica(row, broker)
    return replica === undefined
      ? []
      : [{ ...row, ...verifiedLogDir(replica, path), broker, wantedLogDir: path }]
  })
  return { rows: verified, others: [], failures }
}

function movingOnDisks(told: readonly Outcome<BrokerDisks>[]): VerifiedPartition[] {
  const disks = new Disks(told)
  return futureReplicas(told).map(({ topic, partition, broker, directory }) => {
    const { current = null } = disks.replica({ topic, partition }, broker) ?? {}
    const lies = { wantedLogDir: directory, logDir: current, futureLogDir: directory }
    return { topic, partition, wanted: [broker], replicas: [broker], state: 'underway', broker, ...lies }
  })
}

/** One that is on its way to yet another directory is not on its way to this one. */
function verifiedLogDir({ current, future }: LyingReplica, path: string) {
  const lies = { logDir: current, futureLogDir: future }
  if (future === null) return { ...lies, state: current === path ? ('done' as const) : ('differs' as const) }
  return { ...lies, state: future === path ? ('underway' as const) : ('differs' as const) }
}

function isSet({ value }: ThrottleConfig): boolean {
  return value !== null && value !== ''
}

function sentence({ type, resource, name, value }: ThrottleConfig): string {
  const what = type === 'brokers' ? `broker ${resource}` : `topic ${resource}`
  return `${what} is still throttled: ${name}=${value}`
}
