import type { ConfigResourceType } from '../../log/cluster/metadata-image.ts'
import { ApiError } from '../api-error.ts'
import type { Controller } from '../controller/controller.ts'
import { mustBeTopicName } from '../controller/topic-names.ts'
import type { BrokerConfigs } from './broker-configs.ts'
import { checkBrokerConfigs } from './check-broker.ts'
import { checkClientMetricsConfigs } from './check-client-metrics.ts'
import { checkGroupConfigs } from './check-group.ts'
import { checkTopicConfigs } from './check-topic.ts'
import type { ConfigDefinition } from './config-definition.ts'
import { knownConfigs } from './known-configs.ts'

/** Kinds of things that have settings, by the numbers that requests give them. */
export const resourceTypes = {
  topic: 2,
  broker: 4,
  brokerLogger: 8,
  clientMetrics: 16,
  group: 32,
} as const

/** What the APIs that alter settings need of the node. */
export interface ConfigsAt {
  readonly configs: BrokerConfigs
  readonly controller: Controller
}

/** A thing whose settings are kept in the cluster's metadata. */
export interface ConfigResource {
  readonly type: ConfigResourceType
  readonly name: string
  find(name: string): ConfigDefinition | undefined
  /** Throws an ApiError in Kafka's words: nothing of that name may have settings. */
  mustBeNamed(): void
  /** Throws one where it is not there; Kafka asks after it has looked at the settings. */
  mustExist(): void
  /** Throws one where these, all of them, are no settings for it. */
  check(wanted: ReadonlyMap<string, string>): void
}

/** Nothing where settings of that type are not kept. */
export function configResource(at: ConfigsAt, type: number, name: string): ConfigResource | undefined {
  const make = makers[type]
  return make?.(at, name)
}

const makers: Readonly<Record<number, (at: ConfigsAt, name: string) => ConfigResource>> = {
  [resourceTypes.topic]: ({ controller }, name) => ({
    type: 'topic',
    name,
    find: (key) => knownConfigs.topic.get(key),
    mustBeNamed: () => mustBeTopicOfSettings(name),
    mustExist: () => mustBeTopic(controller, name),
    check: checkTopicConfigs,
  }),
  [resourceTypes.broker]: ({ configs }, name) => ({
    type: 'broker',
    name,
    find: (key) => knownConfigs.broker.get(key),
    mustBeNamed: () => mustBeThisBroker(configs, name),
    mustExist: () => {},
    check: (wanted) => checkBrokerConfigs(configs, name, wanted),
  }),
  [resourceTypes.group]: ({ configs }, name) => ({
    type: 'group',
    name,
    find: (key) => knownConfigs.group.get(key),
    mustBeNamed: () => mustBeNamed(name, 'Default group resources are not allowed.'),
    mustExist: () => {},
    check: (wanted) => checkGroupConfigs(configs, wanted),
  }),
  [resourceTypes.clientMetrics]: (_at, name) => ({
    type: 'client-metrics',
    name,
    // Kafka's controller does not know them: even its lists cannot be appended to
    find: () => undefined,
    mustBeNamed: () => mustBeNamed(name, "Subscription name can't be empty"),
    mustExist: () => {},
    check: checkClientMetricsConfigs,
  }),
}

function mustBeTopicOfSettings(name: string): void {
  mustBeNamed(name, 'Default topic resources are not allowed.')
  mustBeTopicName(name)
}

function mustBeTopic(controller: Controller, name: string): void {
  if (controller.topicByName(name) !== undefined) return
  throw new ApiError('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${name}' does not exist.`)
}

function mustBeThisBroker({ nodeId }: BrokerConfigs, name: string): void {
  if (name === '') return
  const id = asId(name)
  if (id === undefined) {
    throw new ApiError('INVALID_REQUEST', `Node id must be an integer, but it is: ${name}`)
  }
  if (id === nodeId) return
  throw new ApiError('INVALID_REQUEST', `Unexpected broker id, expected ${nodeId}, but received ${id}`)
}

function mustBeNamed(name: string, reason: string): void {
  if (name === '') throw new ApiError('INVALID_REQUEST', reason)
}

/** As Java reads an int. */
export function asId(text: string): number | undefined {
  const id = Number(text)
  return /^[+-]?\d+$/.test(text) && Math.abs(id) <= 2 ** 31 - 1 ? id : undefined
}
