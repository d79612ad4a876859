import { difference, type Offset } from './figures.ts'

/** Burrow's words for one partition, and our own for a window that is not full. */
export const partitionStatuses = ['OK', 'UNKNOWN', 'WARN', 'STOP', 'STALL', 'REWIND'] as const
export type PartitionStatus = (typeof partitionStatuses)[number]

/** One commit of a group, or one look at where it stands. */
export interface SeenCommit {
  readonly offset: Offset
  readonly timestampMs: number
  /** Behind the end that the partition had then; null where that cannot be told any more. */
  readonly lag: Offset | null
}

/** The last commits for one partition, the oldest first, and what is known of its end. */
export interface CommitWindow {
  readonly commits: readonly SeenCommit[]
  /** How many commits make it whole. */
  readonly size: number
  /** Null where the end is not known. */
  readonly currentLag: Offset | null
  /** An end that the partition had not long ago: who stood there was up to date. */
  readonly recentEnd: Offset | null
  readonly nowMs: number
  /** Times are those of the looks, not of commits: how long ago the last commit was is not known. */
  readonly isPolled: boolean
  /** Nobody is there who could commit. */
  readonly isAbandoned: boolean
}

/**
 * The rules of Burrow, in its order. It takes a window that is not full for OK; who has not looked long enough does
 * not know.
 */
export function statusOf(window: CommitWindow, allowedLag: number): PartitionStatus {
  const { commits, size, currentLag } = window
  if (commits.length < size || commits.length === 0 || currentLag === null) return 'UNKNOWN'
  if (currentLag <= allowedLag) return 'OK'
  if (hasStopped(window) && !wasUpToDateOfLate(window)) return 'STOP'
  if (hasRewound(commits)) return 'REWIND'
  if (commits.some(({ lag }) => lag !== null && lag <= allowedLag)) return 'OK'
  if (isStalled(commits)) return 'STALL'
  return lagNeverFell(commits) ? 'WARN' : 'OK'
}

/** Nothing came for longer than the whole window took. */
function hasStopped({ commits, nowMs, isPolled, isAbandoned }: CommitWindow): boolean {
  if (isPolled) return isAbandoned && isStalled(commits)
  const [first, last] = [commits[0], commits.at(-1)]
  if (first === undefined || last === undefined) return false
  return nowMs - last.timestampMs > last.timestampMs - first.timestampMs
}

function wasUpToDateOfLate({ commits, recentEnd }: CommitWindow): boolean {
  const last = commits.at(-1)
  return last !== undefined && recentEnd !== null && recentEnd <= last.offset
}

/** It went back, and has not come again to where it was. */
function hasRewound(commits: readonly SeenCommit[]): boolean {
  const last = commits.at(-1)
  return commits.some(({ offset }, i) => {
    const before = commits[i - 1]
    return before !== undefined && last !== undefined && offset < before.offset && last.offset < before.offset
  })
}

function isStalled(commits: readonly SeenCommit[]): boolean {
  return commits.every(({ offset }) => difference(offset, commits[0]?.offset ?? offset) === 0)
}

function lagNeverFell(commits: readonly SeenCommit[]): boolean {
  const lags = commits.flatMap(({ lag }) => (lag === null ? [] : [lag]))
  return lags.every((lag, i) => i === 0 || lag >= (lags[i - 1] ?? lag))
}

/** How much of a window there is, from 0 to 1. */
export function completeness({ commits, size }: Pick<CommitWindow, 'commits' | 'size'>): number {
  return size === 0 ? 0 : Math.min(1, commits.length / size)
}
