import { describe, expect, it } from 'vitest'
import { type AsVersion, releasesByVersion } from '../../../../src/lib/broker/as-version.ts'
import { apiVersions } from '../../../../src/lib/protocol/apis/api-versions.ts'
import { consumerGroupHeartbeat } from '../../../../src/lib/protocol/apis/consumer-group-heartbeat.ts'
import { describeConfigs } from '../../../../src/lib/protocol/apis/describe-configs.ts'
import { fetch } from '../../../../src/lib/protocol/apis/fetch.ts'
import { incrementalAlterConfigs } from '../../../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { updateFeatures } from '../../../../src/lib/protocol/apis/update-features.ts'
import { connected } from '../../../conformance/wire/connection.ts'
import { goldenText } from '../../../golden/vectors.ts'
import { brokerInProcess } from '../../../support/broker-in-process.ts'

interface Tables {
  readonly apis: readonly { apiKey: number; wire: Readonly<Record<string, readonly [number, number]>> }[]
}

const tables = JSON.parse(goldenText('wire/tables/apis.json')) as Tables
const client = { clientSoftwareName: 'test', clientSoftwareVersion: '1.0' }
const PRODUCE = 0
const UNSUPPORTED = 35
const INVALID = 42
const METRICS = 16
const GROUP = 32

/** What its brokers were seen to say of an API. */
function seen(version: AsVersion, key: number): readonly [number, number] | undefined {
  return tables.apis.find(({ apiKey }) => apiKey === key)?.wire[releasesByVersion[version]]
}

/** Of which Kafka 4 serves no versions any more that older ones did, and neither does this broker. */
const DROPPED = [1, 2, 8, 9, 19, 20, 23, 27, 29, 30, 31, 32, 34, 35, 38, 39, 40, 41]
/** What brokers with ZooKeeper asked each other: LeaderAndIsr, StopReplica, UpdateMetadata, ControlledShutdown, AlterIsr. */
const BETWEEN_BROKERS = [4, 5, 6, 7, 56]

async function told(asVersion: AsVersion, version: number) {
  await using rig = await brokerInProcess({ asVersion })
  return await connected(rig.port, (connection) => connection.ask(apiVersions, version, client))
}

describe.each(['2.8', '3.9', '4.0'] as const)('a broker that passes for Kafka %s', (asVersion) => {
  const highest = seen(asVersion, apiVersions.key)?.[1] ?? 0

  it('tells of no API and of no version that Kafka did not have', async () => {
    const newest = new Map((await told('4.3', 4)).apiKeys.map((row) => [row.apiKey, row]))
    const { apiKeys } = await told(asVersion, highest)
    const expected = [...newest.values()].flatMap(({ apiKey, minVersion, maxVersion }) => {
      const [min, max] = seen(asVersion, apiKey) ?? [0, -1]
      const row = { min: Math.max(min, minVersion), max: Math.min(max, maxVersion) }
      return row.min > row.max ? [] : [{ apiKey, minVersion: row.min, maxVersion: row.max }]
    })
    expect(apiKeys).toEqual(expected)
    expect(apiKeys[PRODUCE]).toMatchObject({ apiKey: PRODUCE, minVersion: 0 })
  })

  it('tells of all that Kafka had, but for what is listed', async () => {
    const { apiKeys } = await told(asVersion, highest)
    const rows = new Map(apiKeys.map((row) => [row.apiKey, row]))
    const known = tables.apis.flatMap(({ apiKey }) => {
      const [min, max] = seen(asVersion, apiKey) ?? []
      return min === undefined ? [] : [{ apiKey, min, max, row: rows.get(apiKey) }]
    })
    const missing = known.filter(({ row }) => row === undefined).map(({ apiKey }) => apiKey)
    const later = known.filter(({ row, min }) => row !== undefined && row.minVersion !== min)
    expect({ missing, later: later.map(({ apiKey }) => apiKey) }).toEqual({
      missing: asVersion === '2.8' ? BETWEEN_BROKERS : [],
      later: asVersion === '4.0' ? [] : DROPPED,
    })
    expect(known.filter(({ row, max }) => row !== undefined && row.maxVersion !== max)).toEqual([])
  })

  it('closes the connection where it is asked more, but for ApiVersions itself', async () => {
    await using rig = await brokerInProcess({ asVersion })
    const newerFetch = (seen(asVersion, fetch.key)?.[1] ?? 0) + 1
    const body = fetch.request.encode({}, newerFetch)
    await expect(
      connected(rig.port, (connection) => connection.exchange(fetch.key, newerFetch, 2, body)),
    ).rejects.toThrow('closed')
    const answer = await connected(rig.port, (connection) =>
      connection.exchange(apiVersions.key, 9, 2, apiVersions.request.encode(client, 4)),
    )
    expect(apiVersions.response.decode(answer.subarray(4), 0)).toMatchObject({
      errorCode: 35,
      apiKeys: [{ apiKey: apiVersions.key, minVersion: 0, maxVersion: highest }],
    })
  })
})

describe('what came later', () => {
  it('groups of the new protocol are refused, whatever the directory has agreed on', async () => {
    const codes = []
    for (const asVersion of ['3.9', '4.0'] as const) {
      await using rig = await brokerInProcess({ asVersion })
      const join = { groupId: 'new', memberId: 'one', memberEpoch: 0, rebalanceTimeoutMs: 60_000 }
      const names = { subscribedTopicNames: [], topicPartitions: [] }
      const { errorCode } = await connected(rig.port, (connection) =>
        connection.ask(consumerGroupHeartbeat, 0, { ...join, ...names }),
      )
      codes.push([asVersion, errorCode === UNSUPPORTED])
    }
    expect(codes).toEqual([
      ['3.9', true],
      ['4.0', false],
    ])
  })

  it('settings of groups and of metrics are of no resource that it knows', async () => {
    const told: unknown[] = []
    for (const asVersion of ['2.8', '3.9', '4.0'] as const) {
      await using rig = await brokerInProcess({ asVersion })
      for (const resourceType of [METRICS, GROUP]) {
        const resource = { resourceType, resourceName: 'any' }
        const { results } = await connected(rig.port, (connection) =>
          connection.ask(describeConfigs, 4, { resources: [{ ...resource, configurationKeys: null }] }),
        )
        const { responses } = await connected(rig.port, (connection) =>
          connection.ask(incrementalAlterConfigs, 1, { resources: [{ ...resource, configs: [] }] }),
        )
        told.push([asVersion, resourceType, results[0]?.errorCode, responses[0]?.errorCode])
      }
    }
    expect(told).toEqual([
      ['2.8', METRICS, INVALID, INVALID],
      ['2.8', GROUP, INVALID, INVALID],
      ['3.9', METRICS, 0, 0],
      ['3.9', GROUP, INVALID, INVALID],
      ['4.0', METRICS, 0, 0],
      ['4.0', GROUP, 0, 0],
    ])
  })
})

describe('features', () => {
  const levels = async (asVersion: AsVersion) => {
    const { supportedFeatures, finalizedFeatures } = await told(asVersion, asVersion === '2.8' ? 3 : 4)
    const supported = supportedFeatures.map(({ name, maxVersion }) => [name, maxVersion])
    return { supported, finalized: finalizedFeatures.map((each) => [each.name, each.maxVersionLevel]) }
  }

  it('are those that the release had, finalized no higher than it could', async () => {
    expect(await levels('2.8')).toEqual({ supported: [], finalized: [] })
    expect(await levels('3.9')).toEqual({
      supported: [
        ['kraft.version', 1],
        ['metadata.version', 21],
      ],
      finalized: [['metadata.version', 21]],
    })
    const { supported, finalized } = await levels('4.0')
    expect(supported).toContainEqual(['group.version', 1])
    expect(supported).not.toContainEqual(['share.version', 1])
    expect(finalized).toContainEqual(['metadata.version', 25])
    expect(finalized).toContainEqual(['transaction.version', 2])
  })

  it('that the release had not cannot be upgraded', async () => {
    await using rig = await brokerInProcess({ asVersion: '3.9' })
    const featureUpdates = [{ feature: 'share.version', maxVersionLevel: 1, upgradeType: 1 }]
    const { errorCode, errorMessage } = await connected(rig.port, (connection) =>
      connection.ask(updateFeatures, 1, { featureUpdates }),
    )
    expect([errorCode, errorMessage]).toEqual([95, expect.stringContaining('does not support this feature')])
  })
})
