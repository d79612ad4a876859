import { metadataVersionName } from '../../model/metadata-versions.ts'
import type { AnswerOf, ApiVersionsRow } from '../../protocol/api.ts'
import type { apiVersions } from '../../protocol/apis/api-versions.ts'
import { advertisedVersions, type Release } from '../../protocol/releases.ts'

type Told = Pick<AnswerOf<typeof apiVersions>, 'apiKeys' | 'supportedFeatures'>

/** Brokers of Zookeeper's time, the newest first: they have no level of the metadata that would tell. */
const old: readonly Release[] = ['3.9.1-zookeeper', '2.8.2', '2.3.1']

/** Brokers do not say which Kafka they are. The newest metadata that one can read has its name from its release. */
export function guessRelease({ apiKeys, supportedFeatures }: Told): string | null {
  const level = supportedFeatures.find(({ name }) => name === 'metadata.version')?.maxVersion
  if (level !== undefined) return metadataVersionName(level)?.split('-')[0] ?? 'newer than this ktool'
  const atLeast = old.find((release) => servesAllOf(release, apiKeys))
  return atLeast === undefined ? null : `${atLeast.split('.').slice(0, 2).join('.')} or later`
}

const EVERY_CLIENT_API = 37

/** Those that came first are served by every Kafka since, at the same versions or higher ones. */
function servesAllOf(release: Release, rows: readonly ApiVersionsRow[]): boolean {
  const highest = new Map(rows.map(({ apiKey, maxVersion }) => [apiKey, maxVersion]))
  return Array.from({ length: EVERY_CLIENT_API + 1 }, (_, key) => key).every((key) => {
    const range = advertisedVersions(release, key)
    return range === undefined || (highest.get(key) ?? -1) >= range.max
  })
}
