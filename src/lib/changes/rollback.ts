import { join } from 'node:path'
import { type Change, newPlan, type Plan } from '../model/plan.ts'
import type { Disk, ReadableDisk } from '../ports/disk.ts'
import { replaceText } from '../ports/replace-text.ts'
import { formatTime } from '../values/times.ts'
import { writePlan } from './plan-file.ts'

/** What was kept to undo a change, and where. */
export interface Kept {
  readonly path: string
  readonly plan: Plan
}

/** The plan that undoes what is done now, on disk before anything is; nothing where nothing would undo it. */
export async function keepRollback(
  disk: Disk,
  folder: string,
  change: Change,
  plan: Plan,
  nowMs: number,
): Promise<Kept | undefined> {
  const undoing = change.inverse === undefined ? exchanged(plan) : change.inverse(plan)
  if (undoing === null || undoing.steps.length === 0) return undefined
  disk.makeFolder(folder)
  const path = freePath(disk, folder, `${stamp(nowMs)}-${plan.kind}`)
  const kept = { ...undoing, madeAtMs: nowMs }
  await writePlan(disk, path, kept)
  const also = change.keepsAlso?.(undoing) ?? null
  if (also !== null && also.text !== '') {
    await replaceText(disk, path.replace(/json$/, also.extension), also.text)
  }
  return { path, plan: kept }
}

/** The same kind, back to where each item was; the last first. */
export function exchanged(plan: Plan): Plan {
  const { kind, settings, steps } = plan
  const back = steps.map((step) => ({ ...step, before: step.after, after: step.before })).reverse()
  return newPlan(kind, plan, back, { settings })
}

function freePath(disk: ReadableDisk, folder: string, name: string): string {
  for (let number = 1; ; number += 1) {
    const path = join(folder, number === 1 ? `${name}.json` : `${name}-${number}.json`)
    if (disk.stat(path) === undefined) return path
  }
}

/** Names of files have no colons: 20260115T100000123Z. */
function stamp(timeMs: number): string {
  return formatTime(timeMs).replaceAll(/[-:.]/g, '')
}
