import type { Api } from '../../src/lib/protocol/api.ts'
import { apiVersions } from '../../src/lib/protocol/apis/api-versions.ts'
import { apiOf } from '../../src/lib/protocol/registry.ts'
import { connected } from '../conformance/wire/connection.ts'

const PRODUCE = 0

export interface ServedApi {
  readonly api: Api
  readonly minVersion: number
  readonly maxVersion: number
}

/** The APIs that a broker says it serves, as far as they are wanted, with the versions that it answers. */
export async function servedVersions(port: number, isWanted: (api: Api) => boolean): Promise<ServedApi[]> {
  const asked = { clientSoftwareName: 'differential', clientSoftwareVersion: '1' }
  const { apiKeys } = await connected(port, (connection) => connection.ask(apiVersions, 3, asked))
  return apiKeys.flatMap(({ apiKey, minVersion, maxVersion }) => {
    const api = apiOf(apiKey)
    if (api === undefined || !isWanted(api)) return []
    // Produce is advertised from 0 on, and served from 3 on.
    return [{ api, minVersion: apiKey === PRODUCE ? 3 : minVersion, maxVersion }]
  })
}
