import { describe, expect, it } from 'vitest'
import { type AsVersion, releasesByVersion } from '../../../../src/lib/broker/as-version.ts'
import { apiVersions } from '../../../../src/lib/protocol/apis/api-versions.ts'
import { fetch } from '../../../../src/lib/protocol/apis/fetch.ts'
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

/** What its brokers were seen to say of an API. */
function seen(version: AsVersion, key: number): readonly [number, number] | undefined {
  return tables.apis.find(({ apiKey }) => apiKey === key)?.wire[releasesByVersion[version]]
}

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
