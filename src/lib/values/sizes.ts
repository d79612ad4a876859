import { UsageError } from '../errors.ts'

const ladder = ['K', 'M', 'G', 'T', 'P']
const SIZE = /^(\d+(?:\.\d+)?)(?:([KMGTP])(i?B)?|B)?$/i

/** `512`, `10K`, `1.5GiB` are powers of 1024, `10KB` and `50MB` of 1000, as with GNU's tools. */
export function parseSize(text: string): number {
  const [, digits, prefix, suffix] = SIZE.exec(text) ?? []
  const base = suffix?.toUpperCase() === 'B' ? 1000 : 1024
  const power = prefix === undefined ? 0 : ladder.indexOf(prefix.toUpperCase()) + 1
  const sizeBytes = Math.round(Number(digits ?? Number.NaN) * base ** power)
  if (Number.isSafeInteger(sizeBytes)) return sizeBytes
  throw new UsageError('invalid-size', `"${text}" is no size`, {
    hint: 'a size is written like 1048576, 512KiB, 1.5GiB or 50MB',
  })
}

/** `0B`, `999B`, `1.5KiB`, `12GiB`: three digits at most before the unit, one after the point below ten. */
export function formatSize(sizeBytes: number | bigint): string {
  const bytes = Number(sizeBytes)
  if (bytes < 0) return `-${formatSize(-bytes)}`
  let power = 0
  let value = bytes
  // 1023.96 would print as 1024: round first, then ask whether the next unit is due.
  while (power < ladder.length && Math.round(value) >= 1024) {
    value /= 1024
    power += 1
  }
  if (power === 0) return `${bytes}B`
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)}${ladder[power - 1]}iB`
}
