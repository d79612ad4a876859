import { join } from 'node:path'
import { KtoolError } from '../../errors.ts'
import type { Plan } from '../../model/plan.ts'
import { joinedMarks, type ThrottleMark } from '../../operations/throttle.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parsePlan } from '../plan-file.ts'
import { REASSIGN } from './reassign-change.ts'
import { marksLeftBy } from './reassign-settings.ts'

/** What was kept to undo a reassignment, and where. */
export interface KeptReassignment {
  readonly path: string
  readonly plan: Plan
}

/** Older ones have ended long ago. */
const NEWEST = 100
const MAX_BYTES = 64 * 2 ** 20

/** Those of this cluster, the newest first. What cannot be read is not ours. */
export function keptReassignments(
  disk: ReadableDisk,
  folder: string,
  clusterId: string | null,
): KeptReassignment[] {
  if (disk.stat(folder) === undefined) return []
  const names = disk
    .list(folder)
    .map(({ name }) => name)
    .filter((name) => new RegExp(`-${REASSIGN}(-\\d+)?\\.json$`).test(name))
  return names
    .reverse()
    .slice(0, NEWEST)
    .flatMap((name) => readable(disk, join(folder, name)))
    .filter(({ plan }) => plan.kind === REASSIGN && plan.clusterId === clusterId)
}

/** What undoes the last reassignment: what a rollback has kept would do it again. */
export function lastPlan(kept: readonly KeptReassignment[]): Plan | undefined {
  return kept.find(({ plan }) => plan.settings.isRollback !== true)?.plan
}

function readable(disk: ReadableDisk, path: string): KeptReassignment[] {
  try {
    return [{ path, plan: parsePlan(textOf(disk, path), path) }]
  } catch (error) {
    if (error instanceof KtoolError) return []
    throw error
  }
}

function textOf(disk: ReadableDisk, path: string): string {
  const file = disk.openToRead(path)
  try {
    const bytes = Buffer.alloc(Math.min(file.sizeBytes(), MAX_BYTES))
    return bytes.toString('utf8', 0, file.read(bytes, 0))
  } finally {
    file.close()
  }
}

/** What reassignments of ours may have left: those that did not end in order. */
export function keptMarks(kept: readonly KeptReassignment[]): ThrottleMark[] {
  const oldestFirst = [...kept].reverse()
  return oldestFirst.reduce<ThrottleMark[]>((marks, { plan }) => joinedMarks(marks, marksOf(plan)), [])
}

function marksOf(plan: Plan): readonly ThrottleMark[] {
  try {
    return marksLeftBy(plan)
  } catch (error) {
    if (error instanceof KtoolError) return []
    throw error
  }
}
