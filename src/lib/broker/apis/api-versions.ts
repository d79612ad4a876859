import type { ResponseOf } from '../../protocol/api.ts'
import { apiVersions as apiVersionsApi } from '../../protocol/apis/api-versions.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { levelAs, levelsAs } from '../as-version.ts'
import type { Node } from '../node.ts'
import { handler } from './handler.ts'

type Answer = ResponseOf<typeof apiVersionsApi>

/** What a client's name and version may consist of (KIP-511). */
const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

/** Since this version a range of levels may begin with 0. */
const ZERO_LEVELS = 4

export const apiVersions = handler(apiVersionsApi, (request, { version, connection, node }) => {
  const { clientSoftwareName: name, clientSoftwareVersion: software } = request
  if (version >= 3) {
    if (!SOFTWARE.test(name) || !SOFTWARE.test(software)) return { errorCode: errorCodes.INVALID_REQUEST }
    connection.softwareName = name
    connection.softwareVersion = software
  }
  return {
    apiKeys: [...node.served],
    supportedFeatures: supportedFeatures(node, version),
    finalizedFeaturesEpoch: featuresEpoch(node),
    finalizedFeatures: finalizedFeatures(node),
  }
})

function supportedFeatures(node: Node, version: number): NonNullable<Answer['supportedFeatures']> {
  return [...levelsAs(node.asVersion)]
    .map(([name, { min, max }]) => ({ name, minVersion: min, maxVersion: max }))
    .filter(({ minVersion }) => version >= ZERO_LEVELS || minVersion > 0)
}

/** A feature at level 0 is not finalized; saying that it is confuses clients. */
function finalizedFeatures(node: Node): NonNullable<Answer['finalizedFeatures']> {
  return [...levelsAs(node.asVersion).keys()]
    .map((name) => ({ name, level: levelAs(node, name) }))
    .filter(({ level }) => level > 0)
    .map(({ name, level }) => ({ name, maxVersionLevel: level, minVersionLevel: level }))
}

/** Without features, as Kafka 2.8 comes, it stays at their beginning. */
function featuresEpoch({ asVersion, controller }: Node): bigint {
  return levelsAs(asVersion).size === 0 ? 0n : BigInt(controller.endOffset - 1)
}
