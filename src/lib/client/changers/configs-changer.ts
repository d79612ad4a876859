import { FailedError, KtoolError } from '../../errors.ts'
import { DEFAULT_BROKER, type ShownConfigType } from '../../model/configs.ts'
import type { ConfigEdit, ConfigsChanger } from '../../model/configs-changer.ts'
import type { Outcome } from '../../model/outcome.ts'
import { incrementalAlterConfigs } from '../../protocol/apis/incremental-alter-configs.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { resourceTypes } from '../configs/describe-configs.ts'
import type { Connection } from '../connection/connection.ts'
import { inParallel } from '../routing/in-parallel.ts'

const wireTypes = {
  topics: resourceTypes.topic,
  brokers: resourceTypes.broker,
  'broker-loggers': resourceTypes.brokerLogger,
  groups: resourceTypes.group,
  'client-metrics': resourceTypes.clientMetrics,
} as const satisfies Record<ShownConfigType, number>

/** The wire's numbers of what is done to a config (KIP-339). */
const operations = { set: 0, unset: 1, append: 2, subtract: 3 } as const satisfies Record<
  ConfigEdit['edit'],
  number
>

const AT_ONCE = 8

export function configsChanger(cluster: Cluster): ConfigsChanger {
  return {
    edit: (type, edits, isTrial) => edit(cluster, type, edits, isTrial),
  }
}

async function edit(
  cluster: Cluster,
  type: ShownConfigType,
  edits: readonly ConfigEdit[],
  isTrial: boolean,
): Promise<Outcome<null>[]> {
  const unique = [...new Set(edits.map(({ resource }) => resource))]
  const parts = isOfBroker(type) ? unique.map((resource) => [resource]) : [unique]
  const answers = await inParallel(parts, AT_ONCE, (part) =>
    alter(
      cluster,
      type,
      edits.filter(({ resource }) => part.includes(resource)),
      isTrial,
    ),
  )
  const found = new Map(answers.flatMap((each) => [...each]))
  return edits.map(({ resource, name }) => {
    const outcome = found.get(resource)
    return { item: `${resource} ${name}`, outcome: outcome === undefined ? leftOut(resource) : outcome }
  })
}

async function alter(
  cluster: Cluster,
  type: ShownConfigType,
  edits: readonly ConfigEdit[],
  isTrial: boolean,
): Promise<Map<string, null | KtoolError>> {
  const resources = [...new Set(edits.map(({ resource }) => resource))]
  try {
    const connection = await connectionFor(cluster, type, resources[0] ?? '')
    mustBeIncremental(connection)
    const answer = await cluster.askOf(connection, incrementalAlterConfigs, {
      resources: resources.map((resource) => ({
        resourceType: wireTypes[type],
        resourceName: wireName(type, resource),
        configs: edits.filter((each) => each.resource === resource).map(asOperation),
      })),
      validateOnly: isTrial,
    })
    return new Map(
      answer.responses.map(({ resourceName, errorCode, errorMessage }) => [
        typedName(type, resourceName),
        errorCode === 0 ? null : brokerError(errorCode, errorMessage),
      ]),
    )
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    return new Map(resources.map((resource) => [resource, error]))
  }
}

function asOperation({ name, edit, value }: ConfigEdit) {
  return { name, configOperation: operations[edit], value }
}

/** A broker alone knows what is in force there; all else is known to any. */
function connectionFor(cluster: Cluster, type: ShownConfigType, resource: string): Promise<Connection> {
  const isOfOne = isOfBroker(type) && resource !== DEFAULT_BROKER
  return isOfOne ? cluster.broker(Number(resource)) : cluster.any()
}

function isOfBroker(type: ShownConfigType): boolean {
  return type === 'brokers' || type === 'broker-loggers'
}

function wireName(type: ShownConfigType, resource: string): string {
  return type === 'brokers' && resource === DEFAULT_BROKER ? '' : resource
}

function typedName(type: ShownConfigType, resource: string): string {
  return type === 'brokers' && resource === '' ? DEFAULT_BROKER : resource
}

function mustBeIncremental({ versions, peer }: Connection): void {
  if (versions.has(incrementalAlterConfigs)) return
  throw new FailedError(
    'not-supported-by-broker',
    `${peer.name} is older than Kafka 2.3: it could only replace all configs of a resource together`,
    { hint: 'that would reset what somebody else sets meanwhile, so ktool does not do it' },
  )
}

function leftOut(item: string): KtoolError {
  return new FailedError('not-answered', `the broker said nothing of ${item}`)
}
