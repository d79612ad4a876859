import { describe, expect, inject, it } from 'vitest'
import { apiVersions } from '../../src/lib/protocol/apis/api-versions.ts'
import { ktool } from '../ktool.ts'
import { kafkaVersion } from './kafka/places.ts'
import { Connection, connected } from './wire/connection.ts'

const { ports } = inject('kafka')
const software = { clientSoftwareName: 'ktool', clientSoftwareVersion: '1' }

describe('ApiVersions', () => {
  it.each([0, 1, 2, 3, 4])('is answered at version %i', async (version) => {
    const answer = await connected(ports.plain, (c) => c.ask(apiVersions, version, software))
    expect(answer.errorCode).toBe(0)
    expect(answer.apiKeys).toContainEqual({ apiKey: 18, minVersion: 0, maxVersion: 4 })
  })

  it('of the future is answered by version 0, which tells what there is', async () => {
    const connection = await Connection.open(ports.plain)
    const body = apiVersions.request.encode(software, 4)
    const frame = await connection.exchange(18, 99, 2, body)
    connection.close()
    const answer = apiVersions.response.decode(frame.subarray(4), 0)
    expect(answer).toMatchObject({ errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }] })
  })

  it.each([
    [kafkaVersion, ports.plain],
    [`${kafkaVersion}-controller`, ports.controller],
  ])('of %s are what `ktool protocol apis` says', async (release, port) => {
    const answer = await connected(port, (c) => c.ask(apiVersions, 4, software))
    const advertised = answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [
      apiKey,
      minVersion === maxVersion ? `${minVersion}` : `${minVersion}-${maxVersion}`,
    ])
    expect(Object.fromEntries(advertised)).toEqual(await tableOf(release))
  })
})

async function tableOf(release: string): Promise<Record<string, string>> {
  const { stdout } = await ktool(['protocol', 'apis', '--release', release, '-o', 'json'])
  const { items } = JSON.parse(stdout.toString()) as {
    items: { apiKey: number; advertised: Record<string, string> }[]
  }
  return Object.fromEntries(items.map(({ apiKey, advertised }) => [apiKey, advertised[release] ?? '']))
}
