import { DataError } from '../errors.ts'
import type { Plan, PlanValue, Step } from '../model/plan.ts'
import type { Disk } from '../ports/disk.ts'
import { replaceText } from '../ports/replace-text.ts'
import { isMapping } from '../values/mappings.ts'

/** Nobody else may read it: it may hold what is set to be a secret. */
export function writePlan(disk: Disk, path: string, plan: Plan): Promise<void> {
  return replaceText(disk, path, planText(plan))
}

/** `path` is where the text comes from. */
export function parsePlan(text: string, path: string): Plan {
  return planOf(parsed(text, path), path)
}

/** A step is a line, for those who read it or compare two. */
function planText({ steps, ...facts }: Plan): string {
  const head = JSON.stringify(facts, null, 2).slice(0, -2)
  const lines = steps.map((step) => `    ${JSON.stringify(step)}`)
  return `${head},\n  "steps": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]\n}\n`
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw malformed(path, 'it is no JSON', cause)
  }
}

function planOf(value: unknown, path: string): Plan {
  if (!isMapping(value)) throw malformed(path, 'it is no object')
  const { version, kind, clusterId, madeAtMs, settings, steps, warnings } = value
  if (version !== 1) throw malformed(path, `it has version ${JSON.stringify(version) ?? 'none'}; 1 is known`)
  if (typeof kind !== 'string') throw malformed(path, '`kind` is no text')
  if (clusterId !== null && typeof clusterId !== 'string') throw malformed(path, '`clusterId` is no text')
  if (typeof madeAtMs !== 'number') throw malformed(path, '`madeAtMs` is no number')
  if (!isMapping(settings)) throw malformed(path, '`settings` is no object')
  if (!Array.isArray(steps)) throw malformed(path, '`steps` is no array')
  if (!Array.isArray(warnings) || !warnings.every((warning) => typeof warning === 'string')) {
    throw malformed(path, '`warnings` are no texts')
  }
  // JSON has nothing that is not a PlanValue.
  const asSettings = settings as { [key: string]: PlanValue }
  const asSteps = steps.map((step, i) => stepOf(step, i, path))
  return { version, kind, clusterId, madeAtMs, settings: asSettings, steps: asSteps, warnings }
}

function stepOf(value: unknown, i: number, path: string): Step {
  const isStep =
    isMapping(value) &&
    typeof value.item === 'string' &&
    typeof value.action === 'string' &&
    'before' in value &&
    'after' in value
  if (!isStep) throw malformed(path, `step ${i + 1} has not all of item, action, before and after`)
  const { item, action, before, after } = value as unknown as Step
  return { item, action, before, after }
}

function malformed(path: string, reason: string, cause?: unknown): DataError {
  return new DataError('malformed-plan', `${path} holds no plan: ${reason}`, {
    hint: 'plans are written by --plan-out FILE',
    details: { path },
    cause,
  })
}
