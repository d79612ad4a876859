import { features, type Release } from '../protocol/releases.ts'

/** What a broker can be told to pass for, and the release whose brokers were asked what that says. */
export const releasesByVersion = {
  '4.3': '4.3.1',
  '4.0': '4.0.1',
  '3.9': '3.9.1',
  '2.8': '2.8.2',
} as const satisfies Readonly<Record<string, Release>>

export type AsVersion = keyof typeof releasesByVersion

/** What this broker is where nothing is said. */
export const NEWEST: AsVersion = '4.3'

/** Of each feature that it has, the levels that it supports. */
export function levelsAs(
  version: AsVersion,
): ReadonlyMap<string, { readonly min: number; readonly max: number }> {
  const known = Object.entries(features[releasesByVersion[version]] ?? {})
  return new Map(known.map(([name, { supported }]) => [name, supported]))
}
