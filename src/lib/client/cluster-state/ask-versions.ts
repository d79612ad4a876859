import type { AnswerOf } from '../../protocol/api.ts'
import { apiVersions } from '../../protocol/apis/api-versions.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'

/** What a broker serves, its features among it. It tells nothing to software without a name. */
export async function askVersions(
  cluster: Cluster,
  connection: Connection,
): Promise<AnswerOf<typeof apiVersions>> {
  const { name, version } = cluster.world.software
  const answer = await cluster.askOf(connection, apiVersions, {
    clientSoftwareName: name,
    clientSoftwareVersion: version,
  })
  if (answer.errorCode !== 0) throw brokerError(answer.errorCode)
  return answer
}
