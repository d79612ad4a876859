import { type Int64, toInt64 } from '../../bytes/int64.ts'
import { UsageError } from '../../errors.ts'
import { parseOffset } from '../../values/offsets.ts'
import { tellTimes } from '../../values/times.ts'
import type { DumpRange } from './dump-range.ts'

interface Bound {
  readonly offset?: Int64
  readonly timeMs?: number
}

/** The range that `--from` and `--to` name, and the times in it as they were understood. */
export function parseRange(
  words: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): { range: DumpRange; notes: string[] } {
  const from = boundOf('--from', words.from, nowMs)
  const to = boundOf('--to', words.to, nowMs)
  const range = {
    fromOffset: from.offset,
    toOffset: to.offset,
    fromTime: from.timeMs,
    toTime: to.timeMs,
  }
  return { range, notes: tellTimes(from.timeMs, to.timeMs) }
}

function boundOf(flag: string, word: string | undefined, nowMs: number): Bound {
  if (word === undefined) return {}
  const spec = parseOffset(word, nowMs)
  if (spec.kind === 'offset') return { offset: toInt64(spec.offset) }
  if (spec.kind === 'time') return { timeMs: spec.timeMs }
  if (spec.kind === (flag === '--from' ? 'start' : 'end')) return {}
  throw new UsageError('invalid-range', `${flag} ${word} is nowhere in a file`, {
    hint: 'a dump goes from and to an offset such as 1200, or a time such as @-1h or @2026-01-15T14:05:00Z',
  })
}
