import { toInt64 } from '../../bytes/int64.ts'
import { UsageError } from '../../errors.ts'
import { parseOffset } from '../../values/offsets.ts'
import { parseTime } from '../../values/times.ts'
import type { Asked } from './find-in-partition.ts'

/** What is asked for, as it was typed: one of the two. */
export function parseAsked(
  typed: { readonly offset?: string | undefined; readonly time?: string | undefined },
  nowMs: number,
): Asked {
  const { offset, time } = typed
  if (offset !== undefined && time === undefined) return { kind: 'offset', offset: offsetIn(offset, nowMs) }
  if (time !== undefined && offset === undefined) return { kind: 'time', timeMs: parseTime(time, nowMs) }
  throw new UsageError('offset-or-time', 'either --offset or --time is needed, and only one of them', {
    hint: '--offset 1200 looks for an offset, --time @-1h for a time',
  })
}

function offsetIn(text: string, nowMs: number) {
  const spec = parseOffset(text, nowMs)
  if (spec.kind === 'offset') return toInt64(spec.offset)
  throw new UsageError('invalid-offset', `"${text}" is no offset of a record`, {
    hint: 'an offset is a number from 0 on; a time goes behind --time',
  })
}
