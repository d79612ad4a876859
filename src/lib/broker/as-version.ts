import { features, type Release } from '../protocol/releases.ts'
import { resourceTypes } from './configs/config-resources.ts'
import type { Controller } from './controller/controller.ts'

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

/** What had no settings of its own yet: groups have some since 4.0, subscriptions to metrics of clients since 3.7. */
const withoutSettings: Readonly<Record<AsVersion, readonly number[]>> = {
  '4.3': [],
  '4.0': [],
  '3.9': [resourceTypes.group],
  '2.8': [resourceTypes.group, resourceTypes.clientMetrics],
}

export function hasSettings(version: AsVersion, resourceType: number): boolean {
  return !withoutSettings[version].includes(resourceType)
}

/** Of each feature that it has, the levels that it supports. */
export function levelsAs(
  version: AsVersion,
): ReadonlyMap<string, { readonly min: number; readonly max: number }> {
  const known = Object.entries(features[releasesByVersion[version]] ?? {})
  return new Map(known.map(([name, { supported }]) => [name, supported]))
}

/** The level that counts: what lies in the directory may be of a later release. */
export function levelAs(
  {
    asVersion,
    controller,
  }: { readonly asVersion: AsVersion; readonly controller: Pick<Controller, 'featureLevel'> },
  feature: string,
): number {
  const { max = 0 } = levelsAs(asVersion).get(feature) ?? {}
  return Math.min(controller.featureLevel(feature), max)
}
