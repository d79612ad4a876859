import { BugError } from '../errors.ts'
import type { VersionRange } from './kind.ts'

/** `0-13` or a single `4`, as definitions write version ranges. */
export function parseVersions(text: string): VersionRange {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text)
  if (match === null) throw new BugError('wrong-versions', `${text} is not a range of versions`)
  return { min: Number(match[1]), max: Number(match[2] ?? match[1]) }
}

export function formatVersions({ min, max }: VersionRange): string {
  return min === max ? `${min}` : `${min}-${max}`
}
