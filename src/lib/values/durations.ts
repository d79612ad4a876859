import { UsageError } from '../errors.ts'

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
type Unit = keyof typeof unitsMs

/** Beyond this a sum of milliseconds loses whole ones. */
const MAX_MS = Number.MAX_SAFE_INTEGER
const PARTS = /(\d+(?:\.\d+)?)(ms|[smhdw])/gy
const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** `90s`, `1h30m`, `500ms`, or as Kafka's own tools write it, `PT1H30M`. Always with a unit. */
export function parseDuration(text: string): number {
  const durationMs = Math.round(sumOfParts(text) ?? sumOfIso(text) ?? Number.NaN)
  if (durationMs >= 0 && durationMs <= MAX_MS) return durationMs
  throw new UsageError('invalid-duration', `"${text}" is no duration`, {
    hint: /^\d+$/.test(text)
      ? `say the unit: ${text}s, ${text}m, ${text}ms`
      : 'a duration is written like 500ms, 90s, 1h30m or 7d',
  })
}

/** The two largest units that matter: `1h30m`, `2d4h`, `1.5s`, `250ms`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 0) return `-${formatDuration(-durationMs)}`
  if (durationMs < 1000) return `${Math.round(durationMs)}ms`
  if (durationMs < 10_000) return `${trimZeros(Math.floor(durationMs / 100) / 10)}s`
  return twoLargest(durationMs)
}

function sumOfParts(text: string): number | undefined {
  PARTS.lastIndex = 0
  let sum = 0
  let end = 0
  let previousMs = Number.POSITIVE_INFINITY
  for (let part = PARTS.exec(text); part !== null; part = PARTS.exec(text)) {
    const unitMs = unitsMs[part[2] as Unit]
    // `5m3h` is a slip more often than it is meant.
    if (unitMs >= previousMs) return undefined
    previousMs = unitMs
    sum += Number(part[1]) * unitMs
    end = PARTS.lastIndex
  }
  return end > 0 && end === text.length ? sum : undefined
}

function sumOfIso(text: string): number | undefined {
  const match = ISO.exec(text.toUpperCase())
  if (match === null) return undefined
  const [weeks, days, hours, minutes, seconds] = match.slice(1)
  const parts = [weeks, days, hours, minutes, seconds]
  if (parts.every((part) => part === undefined)) return undefined
  const units = [unitsMs.w, unitsMs.d, unitsMs.h, unitsMs.m, unitsMs.s]
  return units.reduce((sum, unitMs, i) => sum + Number(parts[i] ?? 0) * unitMs, 0)
}

function twoLargest(durationMs: number): string {
  const ladder: Unit[] = ['d', 'h', 'm', 's']
  const first = ladder.findIndex((unit) => durationMs >= unitsMs[unit])
  const large = ladder[first] as Unit
  const small = ladder[first + 1]
  const count = Math.floor(durationMs / unitsMs[large])
  const rest = small === undefined ? 0 : Math.floor((durationMs % unitsMs[large]) / unitsMs[small])
  return rest === 0 ? `${count}${large}` : `${count}${large}${rest}${small}`
}

function trimZeros(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '')
}
