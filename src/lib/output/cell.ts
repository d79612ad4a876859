import { isFigure, isKnown } from '../model/figure.ts'
import { formatDuration } from '../values/durations.ts'
import { formatSize } from '../values/sizes.ts'
import { formatAge, formatTime } from '../values/times.ts'
import { sanitise } from './sanitise.ts'
import type { Column, ColumnKind } from './shape.ts'
import { toJson, type Value } from './value.ts'

export interface Reader {
  readonly isTerminal: boolean
  readonly nowMs: number
}

/** Nobody counts back 1102 days: further away than a week it is a date. */
const FURTHEST_AGE_MS = 7 * 86_400_000

const bounds = { exact: '', atLeast: '≥', asOf: '~' }

/** A value as people read it: one line, safe to print. */
export function cell(value: Value, kind: ColumnKind, reader: Reader): string {
  if (value === null || value === undefined) return '-'
  if (typeof value !== 'object') return scalarCell(value, kind, reader)
  if (isFigure(value)) {
    if (!isKnown(value)) return reader.isTerminal ? '?' : '-'
    const mark = reader.isTerminal ? bounds[value.bound] : ''
    const text = cell(value.value, kind, reader)
    return text === '-' ? text : mark + text
  }
  if (Array.isArray(value)) return listCell(value, kind, reader)
  return sanitise(JSON.stringify(toJson(value)))
}

/** The lines that a value has in a block: one, unless it is a list that is to have more. */
export function cellLines<Row>({ shown, kind, onePerLine }: Column<Row>, row: Row, reader: Reader): string[] {
  const value = shown(row)
  const isMany = onePerLine && Array.isArray(value) && value.length > 0
  return isMany ? value.map((each: Value) => cell(each, kind, reader)) : [cell(value, kind, reader)]
}

function listCell(values: readonly Value[], kind: ColumnKind, reader: Reader): string {
  return values.length === 0 ? '-' : values.map((each) => cell(each, kind, reader)).join(',')
}

function scalarCell(value: string | number | bigint | boolean, kind: ColumnKind, reader: Reader): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value === '' ? '""' : sanitise(value)
  if (kind === 'time' || kind === 'moment') return timeCell(value, kind, reader)
  if (kind === 'duration') return formatDuration(Number(value))
  return kind === 'size' ? formatSize(value) : String(value)
}

/** Kafka writes a time that is not there as −1. */
function timeCell(timeMs: number | bigint, kind: 'time' | 'moment', reader: Reader): string {
  if (timeMs < 0) return '-'
  const isNear = Math.abs(Number(timeMs) - reader.nowMs) <= FURTHEST_AGE_MS
  return reader.isTerminal && kind === 'time' && isNear ? formatAge(timeMs, reader.nowMs) : formatTime(timeMs)
}
