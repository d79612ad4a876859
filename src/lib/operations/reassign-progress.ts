import type { TopicPartition } from '../model/groups.ts'
import type { Outcome } from '../model/outcome.ts'
import { partitionName } from '../model/partitions.ts'
import type { BrokerDisks, Reassignment, ReplicaSize } from '../model/reassignments.ts'
import { Disks, futureReplicas, replicaName } from './log-dirs.ts'

/** How far a reassignment under way has come. */
export interface ReassignmentProgress extends TopicPartition {
  /** What the partition is to have in the end. */
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
  /** What the new replicas have by now; null where a broker does not tell. */
  readonly copiedBytes: number | null
  /** What they will have: the size of the leader's log for each of them. */
  readonly totalBytes: number | null
  readonly percent: number | null
  /** Of a replica that goes from one disk of this broker to another; null between brokers. */
  readonly broker: number | null
  readonly logDir: string | null
  readonly futureLogDir: string | null
}

/** All of them together, with how fast they go where they were looked at before. */
export interface ReassignmentState {
  readonly atMs: number
  readonly rows: readonly ReassignmentProgress[]
  readonly copiedBytes: number
  readonly totalBytes: number
  /** Null before the second look. */
  readonly bytesPerSecond: number | null
  /** Null as long as nothing moves. */
  readonly remainingMs: number | null
}

/** What the partition will have when it is done. */
export function targetOf({ replicas, removing }: Reassignment): number[] {
  return replicas.filter((id) => !removing.includes(id))
}

/** What it had, in whatever order: that is not remembered. */
export function originOf({ replicas, adding }: Reassignment): number[] {
  return replicas.filter((id) => !adding.includes(id))
}

/** The largest of the old replicas stands for the leader: it is one of them, and a copy in the making is smaller. */
export function progressOf(
  underWay: readonly Reassignment[],
  sizes: readonly ReplicaSize[],
): ReassignmentProgress[] {
  const byPartition = new Map<string, Map<number, number>>()
  for (const { broker, sizeBytes, ...at } of sizes) {
    const own = byPartition.get(partitionName(at)) ?? new Map<number, number>()
    byPartition.set(partitionName(at), own.set(broker, sizeBytes))
  }
  return underWay.map((each) => {
    const { topic, partition, adding, removing } = each
    const own = byPartition.get(partitionName(each)) ?? new Map<number, number>()
    const old = originOf(each).flatMap((id) => own.get(id) ?? [])
    const fullBytes = old.length === 0 ? null : Math.max(...old)
    const totalBytes = fullBytes === null ? null : fullBytes * adding.length
    // A log that has been copied may have an older segment more than the leader.
    const copied = adding.map((id) => Math.min(own.get(id) ?? 0, fullBytes ?? 0))
    const copiedBytes = fullBytes === null ? null : copied.reduce((sum, bytes) => sum + bytes, 0)
    const percent = totalBytes === null || copiedBytes === null ? null : percentOf(copiedBytes, totalBytes)
    const between = { broker: null, logDir: null, futureLogDir: null }
    const replicas = targetOf(each)
    return { topic, partition, replicas, adding, removing, copiedBytes, totalBytes, percent, ...between }
  })
}

/** Of those that go from one disk of their broker to another. */
export function progressOnDisks(told: readonly Outcome<BrokerDisks>[]): ReassignmentProgress[] {
  const disks = new Disks(told)
  return futureReplicas(told).map(({ topic, partition, broker, directory }) => {
    const replica = disks.replica({ topic, partition }, broker)
    const { current = null, sizeBytes = 0, futureBytes = 0 } = replica ?? {}
    const copiedBytes = Math.min(futureBytes, sizeBytes)
    return {
      ...{ topic, partition, replicas: [broker], adding: [], removing: [] },
      ...{ copiedBytes, totalBytes: sizeBytes, percent: percentOf(copiedBytes, sizeBytes) },
      ...{ broker, logDir: current, futureLogDir: directory },
    }
  })
}

/** A partition can be on its way between brokers, and on several of them between disks. */
export function progressName({ broker, ...at }: ReassignmentProgress): string {
  return broker === null ? partitionName(at) : replicaName(at, broker)
}

/** What stands in both looks tells how fast it goes; what is done by now went too, but nobody knows how far. */
export function stateOf(
  rows: readonly ReassignmentProgress[],
  atMs: number,
  former: ReassignmentState | undefined,
): ReassignmentState {
  const copiedBytes = sum(rows.map((row) => row.copiedBytes))
  const totalBytes = sum(rows.map((row) => row.totalBytes))
  const bytesPerSecond = former === undefined ? null : speedOf(rows, atMs, former)
  const left = totalBytes - copiedBytes
  const isMoving = bytesPerSecond !== null && bytesPerSecond > 0
  const remainingMs = isMoving ? Math.round((left / bytesPerSecond) * 1000) : null
  return { atMs, rows, copiedBytes, totalBytes, bytesPerSecond, remainingMs }
}

function speedOf(
  rows: readonly ReassignmentProgress[],
  atMs: number,
  former: ReassignmentState,
): number | null {
  const known = new Map(former.rows.map((row) => [progressName(row), row]))
  const gained = rows.map((row) => {
    const before = known.get(progressName(row))?.copiedBytes ?? row.copiedBytes ?? 0
    return Math.max(0, (row.copiedBytes ?? 0) - before)
  })
  const seconds = (atMs - former.atMs) / 1000
  return seconds <= 0 ? null : Math.round(sum(gained) / seconds)
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.floor((part / whole) * 1000) / 10
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((all, each) => all + (each ?? 0), 0)
}
