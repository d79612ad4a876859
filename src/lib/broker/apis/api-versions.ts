import type { ResponseOf } from '../../protocol/api.ts'
import { apiVersions as apiVersionsApi } from '../../protocol/apis/api-versions.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { features } from '../../protocol/releases.ts'
import type { Node } from '../node.ts'
import { handler } from './handler.ts'

type Answer = ResponseOf<typeof apiVersionsApi>

/** What a client's name and version may consist of (KIP-511). */
const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

/** Since this version a range of levels may begin with 0. */
const ZERO_LEVELS = 4

const supported = Object.entries(features['4.3.1'] ?? {})

export const apiVersions = handler(apiVersionsApi, (request, { version, connection, node }) => {
  const { clientSoftwareName: name, clientSoftwareVersion: software } = request
  if (version >= 3) {
    if (!SOFTWARE.test(name) || !SOFTWARE.test(software)) return { errorCode: errorCodes.INVALID_REQUEST }
    connection.softwareName = name
    connection.softwareVersion = software
  }
  return {
    apiKeys: [...node.served],
    supportedFeatures: supportedFeatures(version),
    finalizedFeaturesEpoch: BigInt(node.controller.endOffset - 1),
    finalizedFeatures: finalizedFeatures(node),
  }
})

function supportedFeatures(version: number): NonNullable<Answer['supportedFeatures']> {
  return supported
    .map(([name, { supported: levels }]) => ({ name, minVersion: levels.min, maxVersion: levels.max }))
    .filter(({ minVersion }) => version >= ZERO_LEVELS || minVersion > 0)
}

/** A feature at level 0 is not finalized; saying that it is confuses clients. */
function finalizedFeatures({ controller }: Node): NonNullable<Answer['finalizedFeatures']> {
  return supported
    .map(([name]) => ({ name, level: controller.featureLevel(name) }))
    .filter(({ level }) => level > 0)
    .map(({ name, level }) => ({ name, maxVersionLevel: level, minVersionLevel: level }))
}
