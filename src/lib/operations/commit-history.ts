import { KtoolError } from '../errors.ts'
import { partitionName } from '../model/partitions.ts'
import type { ReadablePartition, RecordsView } from '../model/records.ts'
import { openRecords } from '../records/open-records.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { Offset } from './figures.ts'

export const COMMITS_TOPIC = '__consumer_offsets'

/** A commit out of a record, for those groups that are wanted. */
export type ReadCommit = (
  key: Buffer | null,
  value: Buffer | null,
  isWanted: (group: string) => boolean,
) => {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly timestampMs: bigint
} | null

export interface PastCommit {
  readonly offset: Offset
  readonly timestampMs: number
}

/** The commits of groups, by group and by partition, the oldest first. */
export type CommitHistories = ReadonlyMap<string, ReadonlyMap<string, readonly PastCommit[]>>

/** What is wanted of one partition of the commits' topic. */
export interface HistoryQuestion {
  /** The partitions of each group whose commits are wanted, by `partitionName`. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>
  /** How many commits of each. */
  readonly size: number
  readonly read: ReadCommit
}

const FIRST_SPAN = 20_000
/** What is further back is minutes of reading away, and older than anybody wants to know. */
const LONGEST_WAY = 1_000_000

/** The topic's partition, to the end and without what transactions have not committed. */
export interface OpenedCommits {
  readonly all: ReadablePartition
  readonly decided: ReadablePartition
}

export async function openCommits(view: RecordsView, partition: number): Promise<OpenedCommits> {
  const isWanted = (each: number) => each === partition
  const [all, decided] = await Promise.all([
    view.open(COMMITS_TOPIC, 'uncommitted', isWanted),
    view.open(COMMITS_TOPIC, 'committed', isWanted),
  ])
  const opened = { all: all[0]?.outcome, decided: decided[0]?.outcome }
  for (const each of [opened.all, opened.decided]) if (each instanceof KtoolError) throw each
  return opened as OpenedCommits
}

/** Reads backwards, span by span, until there are enough commits of every partition, or no more. */
export async function readHistories(
  opened: OpenedCommits,
  question: HistoryQuestion,
): Promise<CommitHistories> {
  const found = new Map<string, Map<string, PastCommit[]>>()
  const { logStart, end } = opened.all
  const [first, last] = [Number(logStart), Number(end)]
  let to = last
  for (let span = FIRST_SPAN; to > first && last - to < LONGEST_WAY; span *= 2) {
    const from = Math.max(first, to - span)
    prepend(found, await readSpan(opened, from, to, question), question.size)
    if (isEnough(found, question)) break
    to = from
  }
  return found
}

type Found = Map<string, Map<string, PastCommit[]>>

async function readSpan(
  { all, decided }: OpenedCommits,
  from: number,
  to: number,
  question: HistoryQuestion,
): Promise<Found> {
  const found: Found = new Map()
  const stable = Math.min(to, Math.max(from, Number(decided.end)))
  await readInto(found, decided, from, stable, question, () => true)
  // Behind the last stable offset nobody knows yet what becomes of a transaction; the other commits count.
  await readInto(found, all, stable, to, question, (batch) => !batch.isTransactional)
  return found
}

async function readInto(
  found: Found,
  partition: ReadablePartition,
  from: number,
  to: number,
  question: HistoryQuestion,
  isCounted: (batch: RecordBatch) => boolean,
): Promise<void> {
  if (from >= to) return
  for await (const part of partition.read(from, to)) {
    if (part.kind === 'lost') throw part.error
    if (!isCounted(part.batch)) continue
    const cursor = openRecords(part.batch, { checkCrc: false })
    while (cursor.next()) {
      if (cursor.offset < from || cursor.offset >= to) continue
      keep(
        found,
        question.read(cursor.key, cursor.value, (group) => question.groups.has(group)),
      )
    }
  }
}

function keep(found: Found, commit: ReturnType<ReadCommit>): void {
  if (commit === null) return
  const { group, topic, partition, offset, timestampMs } = commit
  const own = found.get(group) ?? new Map<string, PastCommit[]>()
  found.set(group, own)
  const key = partitionName({ topic, partition })
  const commits = own.get(key) ?? []
  own.set(key, commits)
  commits.push({ offset: narrow(offset), timestampMs: Number(timestampMs) })
}

function prepend(found: Found, earlier: Found, size: number): void {
  for (const [group, own] of earlier) {
    const known = found.get(group) ?? new Map<string, PastCommit[]>()
    found.set(group, known)
    for (const [key, commits] of own) known.set(key, [...commits, ...(known.get(key) ?? [])].slice(-size))
  }
}

function isEnough(found: Found, { groups, size }: HistoryQuestion): boolean {
  for (const [group, partitions] of groups) {
    for (const key of partitions) if ((found.get(group)?.get(key)?.length ?? 0) < size) return false
  }
  return true
}

function narrow(offset: bigint): Offset {
  const number = Number(offset)
  return Number.isSafeInteger(number) ? number : offset
}
