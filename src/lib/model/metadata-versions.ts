/** Names of the levels of the feature metadata.version, from level 1 on, as far as Kafka 4.4 has them. */
const names = [
  '3.0-IV1',
  '3.1-IV0',
  '3.2-IV0',
  '3.3-IV0',
  '3.3-IV1',
  '3.3-IV2',
  '3.3-IV3',
  '3.4-IV0',
  '3.5-IV0',
  '3.5-IV1',
  '3.5-IV2',
  '3.6-IV0',
  '3.6-IV1',
  '3.6-IV2',
  '3.7-IV0',
  '3.7-IV1',
  '3.7-IV2',
  '3.7-IV3',
  '3.7-IV4',
  '3.8-IV0',
  '3.9-IV0',
  '4.0-IV0',
  '4.0-IV1',
  '4.0-IV2',
  '4.0-IV3',
  '4.1-IV0',
  '4.1-IV1',
  '4.2-IV0',
  '4.2-IV1',
  '4.3-IV0',
  '4.4-IV0',
]

export const METADATA_VERSION = 'metadata.version'

/** Null where the level is of a later Kafka. */
export function metadataVersionName(level: number): string | null {
  return names[level - 1] ?? null
}

/** `4.2-IV1`, or of a release the last of its levels: `4.2`. Null where there is none of that name. */
export function metadataVersionLevel(name: string): number | null {
  const index = names.findLastIndex((each) => each === name || each.startsWith(`${name}-IV`))
  return index < 0 ? null : index + 1
}

/** Releases that have levels of their own, the newest last. */
export function metadataReleases(): string[] {
  return [...new Set(names.map((name) => name.replace(/-IV\d+$/, '')))]
}

/** From which level of metadata.version on a release has a feature at which level, where nobody says otherwise. */
const otherFeatures: Readonly<Record<string, { readonly since: number; readonly level: number }>> = {
  'eligible.leader.replicas.version': { since: 26, level: 1 },
  'group.version': { since: 22, level: 1 },
  'kraft.version': { since: 21, level: 1 },
  'share.version': { since: 28, level: 1 },
  'streams.version': { since: 29, level: 1 },
  'transaction.version': { since: 24, level: 2 },
}

/** The first release that knows all of these levels. */
export function oldestReleaseFor(levels: ReadonlyMap<string, number>): string | null {
  const needed = [...levels].map(([feature, level]) => {
    if (feature === METADATA_VERSION) return level
    return level === 0 ? 0 : (otherFeatures[feature]?.since ?? 0)
  })
  return metadataVersionName(Math.max(0, ...needed))?.replace(/-IV\d+$/, '') ?? null
}

/** What Kafka sets all features to for a level of metadata.version: what `kafka-features version-mapping` tells. */
export function featuresOfRelease(metadataLevel: number): ReadonlyMap<string, number> {
  const others = Object.entries(otherFeatures).map(
    ([feature, { since, level }]) => [feature, metadataLevel < since ? 0 : level] as const,
  )
  return new Map([...others, [METADATA_VERSION, metadataLevel] as const].sort(([a], [b]) => (a < b ? -1 : 1)))
}
