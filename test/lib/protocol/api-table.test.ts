import { expect, test } from 'vitest'
import { requestHeader, responseHeader } from '../../../src/lib/protocol/headers.ts'
import { findLogRecord } from '../../../src/lib/protocol/log-records.ts'
import { apiOf, apis, findApi } from '../../../src/lib/protocol/registry.ts'
import { advertisedVersions, features, type Release, releases } from '../../../src/lib/protocol/releases.ts'
import { goldenText } from '../../golden/vectors.ts'

interface SchemaFacts {
  validVersions: [number, number] | null
  latestStable: number
  flexibleFrom: number | null
  listeners: string[]
}

interface ApiFacts {
  apiKey: number
  name: string
  schema: Partial<Record<string, SchemaFacts | null>>
  wire: Partial<Record<Release, [number, number]>>
}

interface Levels {
  supportedFeatures?: Record<string, { min: number; max: number }>
  finalizedFeatures?: Record<string, { maxLevel: number }>
}

const tables = JSON.parse(goldenText('wire/tables/apis.json')) as {
  apis: ApiFacts[]
  features: Record<Release, Levels>
}

test('each API has the key, versions and first flexible version of Kafka’s schemas', () => {
  for (const { apiKey, name, schema } of tables.apis) {
    const api = apiOf(apiKey)
    const facts = schema['4.3.1'] ?? schema['3.9.1']
    expect(api?.name).toBe(name)
    expect(api?.versions.max).toBe(facts?.validVersions?.[1])
    const oldest = Object.values(schema).map((each) => each?.validVersions?.[0] ?? Number.POSITIVE_INFINITY)
    expect(api?.versions.min, name).toBe(Math.min(...oldest))
    if (api !== undefined && Number.isFinite(api.flexibleFrom))
      expect(api.flexibleFrom).toBeLessThanOrEqual(api.versions.max)
    const served = schema['4.3.1']
    if (served === null || served === undefined || served.validVersions === null)
      expect(api?.served(), name).toBeUndefined()
    else expect(api?.served(), name).toStrictEqual({ min: served.validVersions[0], max: served.latestStable })
  }
  expect(apis).toHaveLength(tables.apis.length)
})

test('the broker’s ApiVersions row of each API is the one that Kafka 4.3.1 sends', () => {
  for (const { apiKey, wire } of tables.apis) {
    const range = wire['4.3.1'] ?? wire['4.3.1-controller']
    if (range === undefined) continue
    expect(apiOf(apiKey)?.apiVersionsRow()).toStrictEqual({
      apiKey,
      minVersion: range[0],
      maxVersion: range[1],
    })
  }
})

test('the table of releases is what their brokers said on the wire', () => {
  for (const { apiKey, wire } of tables.apis)
    for (const release of releases) {
      const range = wire[release]
      const expected = range && { min: range[0], max: range[1] }
      expect(advertisedVersions(release, apiKey), `${release}, key ${apiKey}`).toStrictEqual(expected)
    }
})

test('so are the features of freshly formatted clusters', () => {
  for (const release of releases) {
    const { supportedFeatures = {}, finalizedFeatures = {} } = tables.features[release]
    const known = features[release] ?? {}
    expect(Object.keys(known).sort()).toStrictEqual(Object.keys(supportedFeatures).sort())
    for (const [name, supported] of Object.entries(supportedFeatures))
      expect(known[name]).toStrictEqual({ supported, ...finalizedLevel(finalizedFeatures[name]) })
  }
})

function finalizedLevel(levels: { maxLevel: number } | undefined): { finalized?: number } {
  return levels === undefined ? {} : { finalized: levels.maxLevel }
}

test('each message has the versions of Kafka 4.3.1', () => {
  const versions = JSON.parse(goldenText('wire/versions.json')) as Record<string, [number, number]>
  for (const [name, [lowest, highest]] of Object.entries(versions)) {
    const message = messageCalled(name)
    expect(message?.versions.max, name).toBe(highest)
    expect(message?.versions.min, name).toBeLessThanOrEqual(lowest)
  }
})

/** Kafka's class name of a message: `MetadataRequest`, `OffsetCommitValue`, `RequestHeader`. */
function messageCalled(name: string): { versions: { min: number; max: number } } | undefined {
  if (name === 'RequestHeader') return requestHeader
  if (name === 'ResponseHeader') return responseHeader
  const direction = name.endsWith('Request') ? 'request' : 'response'
  return findLogRecord(name)?.message ?? findApi(name.replace(/(Request|Response)$/, ''))?.[direction]
}
