import { FailedError } from '../../errors.ts'
import { DEFAULT_BROKER, type ShownConfigType } from '../../model/configs.ts'
import { listConfigResources } from '../../protocol/apis/list-config-resources.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { topicMetadata } from '../routing/topic-metadata.ts'
import { type ResourceType, resourceTypes } from './describe-configs.ts'

/** Version 0 lists client metrics, and nothing else. */
const OF_ALL_TYPES = 1

/** Whatever of that type may have something set. */
export async function resourcesOf(cluster: Cluster, type: ShownConfigType): Promise<string[]> {
  switch (type) {
    case 'topics':
      return [...(await topicMetadata(cluster, undefined)).keys()].sort()
    case 'brokers':
      return [...(await brokerIds(cluster)), DEFAULT_BROKER]
    case 'broker-loggers':
      return brokerIds(cluster)
    case 'groups':
      return listed(cluster, resourceTypes.group, 'group')
    case 'client-metrics':
      return listed(cluster, resourceTypes.clientMetrics, 'client metrics resource')
  }
}

async function brokerIds(cluster: Cluster): Promise<string[]> {
  const { brokers } = await cluster.nodes()
  return brokers
    .map(({ id }) => id)
    .sort((a, b) => a - b)
    .map(String)
}

async function listed(cluster: Cluster, type: ResourceType, what: string): Promise<string[]> {
  const connection = await cluster.any()
  const isOld =
    type === resourceTypes.clientMetrics && !connection.versions.has(listConfigResources, { min: 1 })
  const min = isOld ? 0 : OF_ALL_TYPES
  if (!connection.versions.has(listConfigResources, { min })) throw notListed(what)
  const question = isOld ? {} : { resourceTypes: [type] }
  const answer = await cluster.askOf(connection, listConfigResources, question, isOld ? { max: 0 } : { min })
  if (answer.errorCode !== 0) throw brokerError(answer.errorCode)
  return answer.configResources.map(({ resourceName }) => resourceName).sort()
}

function notListed(what: string): FailedError {
  return new FailedError('not-supported-by-broker', `this broker does not tell which ${what}s have configs`, {
    hint: `name them: Kafka 4.1 and later tell, earlier ones show the configs of a ${what} by its name`,
  })
}
