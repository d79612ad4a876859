import type { ConfigDefinition } from './config-definition.ts'
import { clientMetricsConfigs } from './definitions/client-metrics-configs.ts'
import { groupConfigs } from './definitions/group-configs.ts'
import { groupCoordinatorConfigs } from './definitions/group-coordinator-configs.ts'
import { logConfigs } from './definitions/log-configs.ts'
import { quorumConfigs } from './definitions/quorum-configs.ts'
import { remoteLogConfigs } from './definitions/remote-log-configs.ts'
import { replicationConfigs } from './definitions/replication-configs.ts'
import { saslConfigs } from './definitions/sasl-configs.ts'
import { serverConfigs } from './definitions/server-configs.ts'
import { shareConfigs } from './definitions/share-configs.ts'
import { sslConfigs } from './definitions/ssl-configs.ts'
import { topicConfigs } from './definitions/topic-configs.ts'
import { transactionConfigs } from './definitions/transaction-configs.ts'

/** The settings that Kafka 4.3 knows, by name, of each kind of resource that has some. */
export const knownConfigs = {
  broker: byName(
    quorumConfigs,
    serverConfigs,
    logConfigs,
    replicationConfigs,
    groupCoordinatorConfigs,
    transactionConfigs,
    shareConfigs,
    sslConfigs,
    saslConfigs,
    remoteLogConfigs,
  ),
  topic: byName(topicConfigs),
  group: byName(groupConfigs),
  'client-metrics': byName(clientMetricsConfigs),
} as const satisfies Record<string, ReadonlyMap<string, ConfigDefinition>>

function byName(...groups: readonly (readonly ConfigDefinition[])[]): ReadonlyMap<string, ConfigDefinition> {
  return new Map(groups.flat().map((definition) => [definition.name, definition]))
}
