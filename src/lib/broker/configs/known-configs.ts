import type { ConfigDefinition } from './config-definition.ts'
import { clientMetricsConfigs } from './definitions/client-metrics-configs.ts'
import { groupConfigs } from './definitions/group-configs.ts'
import { groupCoordinatorConfigs } from './definitions/group-coordinator-configs.ts'
import { logConfigs } from './definitions/log-configs.ts'
import { quorumConfigs } from './definitions/quorum-configs.ts'
import { remoteLogConfigs } from './definitions/remote-log-configs.ts'
import { replicationConfigs } from './definitions/replication-configs.ts'
import { replicationQuotaConfigs } from './definitions/replication-quota-configs.ts'
import { saslConfigs } from './definitions/sasl-configs.ts'
import { serverConfigs } from './definitions/server-configs.ts'
import { shareConfigs } from './definitions/share-configs.ts'
import { sslConfigs } from './definitions/ssl-configs.ts'
import { topicConfigs } from './definitions/topic-configs.ts'
import { transactionConfigs } from './definitions/transaction-configs.ts'

/** A listener's own value of a setting; behind the listener there may be a mechanism. */
const OF_LISTENER = /^listener\.name\.[^.]*\.(.*)$/
const ofMechanism = [
  'sasl.jaas.config',
  'sasl.login.class',
  'sasl.login.callback.handler.class',
  'sasl.server.callback.handler.class',
  'connections.max.reauth.ms',
] as const

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

/** Quotas that only live while they are set: nobody is told of them who asks for all. */
const quotas = byName(replicationQuotaConfigs)

/** By its name alone, or as a listener's own. */
export function findBrokerConfig(name: string): ConfigDefinition | undefined {
  const base = baseNameOf(name)
  return knownConfigs.broker.get(base) ?? quotas.get(base)
}

/** What a listener's own setting is a setting of; the name itself where it is no listener's. */
export function baseNameOf(name: string): string {
  const base = OF_LISTENER.exec(name)?.[1]
  if (base === undefined) return name
  return ofMechanism.find((ending) => base.endsWith(ending)) ?? base
}

function byName(...groups: readonly (readonly ConfigDefinition[])[]): ReadonlyMap<string, ConfigDefinition> {
  return new Map(groups.flat().map((definition) => [definition.name, definition]))
}
