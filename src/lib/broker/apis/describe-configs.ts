import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { describeConfigs as describeConfigsApi } from '../../protocol/apis/describe-configs.ts'
import { ApiError } from '../api-error.ts'
import { hasSettings } from '../as-version.ts'
import { describeBrokerLoggers } from '../configs/broker-loggers.ts'
import type { ConfigEntry } from '../configs/config-entries.ts'
import { asId, resourceTypes } from '../configs/config-resources.ts'
import {
  describeBroker,
  describeBrokerDefault,
  describeClientMetrics,
  describeGroup,
  describeTopic,
} from '../configs/describe-resources.ts'
import { mustBeTopicName } from '../controller/topic-names.ts'
import type { Node } from '../node.ts'
import { guardOf } from './altering-configs.ts'
import { type Asking, CLUSTER, type Guarded, isAuthorized, unauthorized } from './authorize.ts'
import { handler } from './handler.ts'

type Request = RequestOf<typeof describeConfigsApi>
type Resource = Request['resources'][number]
type Result = NonNullable<ResponseOf<typeof describeConfigsApi>['results']>[number]

export const describeConfigs = handler(describeConfigsApi, (request, context) => {
  // Of a request that names one type that nobody knows, Kafka answers nothing
  const { asVersion } = context.node
  const isKnown = ({ resourceType }: Resource) =>
    describedTypes.has(resourceType) && hasSettings(asVersion, resourceType)
  const isMalformed = !request.resources.every(isKnown)
  if (isMalformed) return { results: request.resources.map((resource) => refused(resource, malformed())) }
  const told = request.resources.map((resource) => {
    const type = guardOf(resource.resourceType)
    const isAllowed = isAllowedToDescribe(context, type, resource)
    return {
      isAllowed,
      result: isAllowed ? describe(resource, request, context.node) : refused(resource, unauthorized(type)),
    }
  })
  const results = [
    ...told.filter(({ isAllowed }) => isAllowed),
    ...told.filter(({ isAllowed }) => !isAllowed),
  ]
  return { results: results.map(({ result }) => result) }
})

function isAllowedToDescribe(context: Asking, type: Guarded, { resourceName }: Resource): boolean {
  return isAuthorized(context, 'DESCRIBE_CONFIGS', type, type === 'CLUSTER' ? CLUSTER : resourceName)
}

const describedTypes = new Set<number>(Object.values(resourceTypes))

function describe(resource: Resource, request: Request, node: Node): Result {
  const { resourceType, resourceName } = resource
  try {
    const entries = entriesOf(resource, node)
    const wanted = wantedOf(entries, resource.configurationKeys)
    return {
      // Kafka says the empty text where others say nothing at all
      errorMessage: '',
      resourceType,
      resourceName,
      configs: wanted.map((entry) => told(entry, request)),
    }
  } catch (refusal) {
    if (!(refusal instanceof ApiError)) throw refusal
    return refused(resource, refusal)
  }
}

function refused({ resourceType, resourceName }: Resource, { code, message }: ApiError): Result {
  return { errorCode: code, errorMessage: message, resourceType, resourceName, configs: [] }
}

function wantedOf(entries: readonly ConfigEntry[], keys: readonly string[] | null): readonly ConfigEntry[] {
  // No keys at all means all of them, as null does
  if (keys === null || keys.length === 0) return entries
  const wanted = new Set(keys)
  return entries.filter(({ name }) => wanted.has(name))
}

function told({ synonyms, documentation, ...entry }: ConfigEntry, request: Request) {
  return {
    ...entry,
    synonyms: request.includeSynonyms ? [...synonyms] : [],
    documentation: request.includeDocumentation ? documentation : null,
  }
}

function entriesOf({ resourceType, resourceName }: Resource, node: Node): readonly ConfigEntry[] {
  switch (resourceType) {
    case resourceTypes.topic:
      return ofTopic(node, resourceName)
    case resourceTypes.broker:
      return ofBroker(node, resourceName)
    case resourceTypes.brokerLogger:
      return ofBrokerLogger(node, resourceName)
    case resourceTypes.clientMetrics:
      mustBeNamed(resourceName, 'Client metrics subscription name must not be empty')
      return describeClientMetrics(node.configs, resourceName)
    case resourceTypes.group:
      mustBeNamed(resourceName, 'Group name must not be empty')
      return describeGroup(node.configs, resourceName)
    default:
      throw malformed()
  }
}

function malformed(): ApiError {
  return new ApiError('INVALID_REQUEST', MALFORMED)
}

const MALFORMED =
  'This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.'

function ofTopic({ configs, controller }: Node, name: string): readonly ConfigEntry[] {
  mustBeTopicName(name)
  if (controller.topicByName(name) === undefined) throw new ApiError('UNKNOWN_TOPIC_OR_PARTITION')
  return describeTopic(configs, name)
}

function ofBroker({ id, configs }: Node, name: string): readonly ConfigEntry[] {
  if (name === '') return describeBrokerDefault(configs)
  if (brokerId(name) === id) return configs.derived(describeBroker)
  const reason = `Unexpected broker id, expected ${id} or empty string, but received ${brokerId(name)}`
  throw new ApiError('INVALID_REQUEST', reason)
}

function ofBrokerLogger({ id, logger }: Node, name: string): readonly ConfigEntry[] {
  mustBeNamed(name, 'Broker id must not be empty')
  if (brokerId(name) === id) return describeBrokerLoggers(logger)
  throw new ApiError('INVALID_REQUEST', `Unexpected broker id, expected ${id} but received ${brokerId(name)}`)
}

function brokerId(name: string): number {
  const id = asId(name)
  if (id !== undefined) return id
  throw new ApiError('INVALID_REQUEST', `Broker id must be an integer, but it is: ${name}`)
}

function mustBeNamed(name: string, reason: string): void {
  if (name === '') throw new ApiError('INVALID_REQUEST', reason)
}
