import { FailedError, type KtoolError } from '../errors.ts'
import type { VersionRange } from '../schema/kind.ts'
import { formatVersions } from '../schema/versions.ts'
import type { Api } from './api.ts'
import { apis, findApi, similarApis } from './registry.ts'
import { advertisedVersions, findRelease, type Release, releases } from './releases.ts'

/** One API as a row, with ranges of versions as `0-13`. */
export interface ApiRow {
  readonly apiKey: number
  readonly name: string
  /** Of the release that was asked for; without one, all that ktool speaks. */
  readonly minVersion: number
  readonly maxVersion: number
  /** Versions that Kafka 4 no longer serves. */
  readonly dropped: string | null
  readonly unstable: number | null
  readonly flexibleFrom: number | null
  readonly listeners: readonly string[]
  /** What brokers of each release advertised when they were asked. */
  readonly advertised: Readonly<Record<string, string | null>>
}

export interface NamedRow {
  readonly item: string
  readonly outcome: ApiRow | KtoolError
}

/** Rows for APIs by name or key, or for all; with a release, for those that it has. */
export function apiRows(names: readonly string[], releaseName: string | undefined): NamedRow[] {
  const release = releaseName === undefined ? undefined : findRelease(releaseName)
  if (names.length > 0) return names.map((name) => ({ item: name, outcome: rowByName(name, release) }))
  return (apis as readonly Api[]).flatMap((api) => {
    const range = versionsAt(api, release)
    return range === undefined ? [] : [{ item: api.name, outcome: apiRow(api, range) }]
  })
}

function rowByName(name: string, release: Release | undefined): ApiRow | KtoolError {
  const api = findApi(name)
  if (api === undefined) return unknownApi(name)
  const range = versionsAt(api, release)
  if (range !== undefined) return apiRow(api, range)
  return new FailedError('api-not-in-release', `${release} does not advertise ${api.name}`)
}

function versionsAt(api: Api, release: Release | undefined): VersionRange | undefined {
  return release === undefined ? api.versions : advertisedVersions(release, api.key)
}

export function unknownApi(name: string): FailedError {
  const similar = similarApis(name)
  return new FailedError('unknown-api', `no API of Kafka is called ${name}`, {
    hint: similar.length > 0 ? `did you mean ${similar.join(', ')}?` : '`ktool protocol apis` lists them all',
  })
}

function apiRow(api: Api, range: VersionRange): ApiRow {
  const { key: apiKey, name, dropped, unstable, flexibleFrom, listeners } = api
  return {
    apiKey,
    name,
    minVersion: range.min,
    maxVersion: range.max,
    dropped: formatOptional(dropped),
    unstable: unstable ?? null,
    flexibleFrom: Number.isFinite(flexibleFrom) ? flexibleFrom : null,
    listeners,
    advertised: Object.fromEntries(
      releases.map((each) => [each, formatOptional(advertisedVersions(each, apiKey))]),
    ),
  }
}

function formatOptional(range: VersionRange | undefined): string | null {
  return range === undefined ? null : formatVersions(range)
}
