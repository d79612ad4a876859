import { UsageError } from '../errors.ts'
import { parseDuration } from '../values/durations.ts'
import { parseOffset } from '../values/offsets.ts'
import { parseTime } from '../values/times.ts'
import type { ResetTarget } from './reset-question.ts'

/** What was typed: ktool's own words, or those of Kafka's tools. */
export interface SaidScenario {
  readonly to?: string | undefined
  readonly 'to-earliest'?: boolean | undefined
  readonly 'to-latest'?: boolean | undefined
  readonly 'to-current'?: boolean | undefined
  readonly 'to-offset'?: string | undefined
  readonly 'shift-by'?: string | undefined
  readonly 'to-datetime'?: string | undefined
  readonly 'by-duration'?: string | undefined
  readonly 'from-group'?: string | undefined
  readonly 'from-file'?: string | undefined
}

/** Where to, but for the file, which somebody else reads. */
export type Scenario =
  | Exclude<ResetTarget, { kind: 'file' }>
  | { readonly kind: 'path'; readonly path: string }

const names = [
  'to',
  'to-earliest',
  'to-latest',
  'to-current',
  'to-offset',
  'shift-by',
  'to-datetime',
  'by-duration',
  'from-group',
  'from-file',
] as const

export function parseScenario(said: SaidScenario, nowMs: number): Scenario {
  const typed = names.filter((name) => said[name] !== undefined && said[name] !== false)
  const [name, other] = typed
  if (name === undefined) throw noScenario()
  if (other !== undefined) {
    throw new UsageError('two-scenarios', `--${name} and --${other} say two things: which is meant?`)
  }
  const value = said[name]
  return scenarioOf(name, typeof value === 'string' ? value : '', nowMs)
}

function scenarioOf(name: (typeof names)[number], text: string, nowMs: number): Scenario {
  switch (name) {
    case 'to':
      return parseOffset(text, nowMs)
    case 'to-earliest':
      return { kind: 'start' }
    case 'to-latest':
      return { kind: 'end' }
    case 'to-current':
      return { kind: 'current' }
    case 'to-offset':
      return mustBe('offset', name, text, nowMs)
    case 'shift-by':
      return mustBe('shift', name, /^\d/.test(text) ? `+${text}` : text, nowMs)
    case 'to-datetime':
      return { kind: 'time', timeMs: parseDatetime(text, nowMs) }
    case 'by-duration':
      return { kind: 'time', timeMs: nowMs - parseDuration(text) }
    case 'from-group':
      return { kind: 'group', group: text }
    default:
      return { kind: 'path', path: text }
  }
}

function mustBe(kind: 'offset' | 'shift', name: string, text: string, nowMs: number): Scenario {
  const spec = parseOffset(text, nowMs)
  if (spec.kind === kind) return spec
  throw new UsageError('invalid-offset', `--${name} takes a number, not "${text}"`, {
    hint: `--to ${text} says it`,
  })
}

/** As Kafka takes it, milliseconds and zone at will: UTC where there is none. */
function parseDatetime(text: string, nowMs: number): number {
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) return parseTime(`@${text}`, nowMs)
  throw new UsageError('invalid-time', `"${text}" is no date with a time`, {
    hint: 'write it like 2026-01-15T10:00:00.000, or 2026-01-15T10:00:00+01:00; --to @-1h takes other times',
  })
}

function noScenario(): UsageError {
  return new UsageError('no-scenario', 'say where to: --to start, --to @-1h, --to -100, --from-file FILE …', {
    hint: 'ktool groups reset --help names them all',
  })
}
