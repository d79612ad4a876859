import { Cluster } from '../../../src/lib/client/cluster.ts'
import { Logins } from '../../../src/lib/client/connection/logins.ts'
import { readClusterSettings } from '../../../src/lib/config/read-cluster-settings.ts'
import { socketNetwork } from '../../../src/lib/network/sockets.ts'
import { systemClock } from '../../../src/lib/ports/clock.ts'
import { systemRandom } from '../../../src/lib/ports/random.ts'
import { systemDisk } from '../../../src/lib/ports/system-disk.ts'
import { metadata } from '../../../src/lib/protocol/apis/metadata.ts'

/** What a broker lets somebody do with topics, a bit for each operation; of one that he may not see, nothing. */
export async function operationsFor(
  bootstrap: string,
  loginFile: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const flags = { bootstrap, 'command-config': loginFile }
  const settings = readClusterSettings(flags, { disk: systemDisk, environment: {}, platform: 'linux' })
  const cluster = new Cluster(settings, {
    network: socketNetwork({ adoptsHandles: false, loop: null }),
    clock: systemClock(() => process.hrtime()),
    software: { name: 'ktool-test', version: '1' },
    logins: new Logins(systemRandom, () => Promise.reject(new Error('no token is wanted'))),
  })
  try {
    const answer = await cluster.ask(metadata, {
      topics: topics.map((name) => ({ name })),
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: true,
    })
    return new Map(
      answer.topics.flatMap(({ name, errorCode, topicAuthorizedOperations }) =>
        errorCode === 0 ? [[name ?? '', topicAuthorizedOperations] as const] : [],
      ),
    )
  } finally {
    await cluster.close()
  }
}
