import type { RequestOf } from '../../protocol/api.ts'
import { incrementalAlterConfigs as incrementalAlterConfigsApi } from '../../protocol/apis/incremental-alter-configs.ts'
import { ApiError } from '../api-error.ts'
import { hasSettings } from '../as-version.ts'
import { alterResource, answerFor, mustBeOrderly, repeatedIn } from '../configs/alter-resource.ts'
import { type Alteration, alteredBy, operations } from '../configs/altered-configs.ts'
import { alterBrokerLoggers } from '../configs/broker-loggers.ts'
import { REQUIRED } from '../configs/config-definition.ts'
import { type ConfigResource, configResource, resourceTypes } from '../configs/config-resources.ts'
import { isAllowedToAlter, mustBeAllowedToAlter } from './altering-configs.ts'
import { handler, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof incrementalAlterConfigsApi>
type Resource = Request['resources'][number]

export const incrementalAlterConfigs = handler(incrementalAlterConfigsApi, async (request, context) => {
  const { node } = context
  const isRepeated = repeatedIn(request.resources)
  const isSpoilt = request.resources.some(
    (resource) => !isRepeated(resource) && spoilsTheRest(resource) && isAllowedToAlter(context, resource),
  )
  const responses = request.resources.map((resource) =>
    answerFor(resource, () => {
      if (isRepeated(resource))
        throw new ApiError('INVALID_REQUEST', 'Each resource must appear at most once.')
      mustBeOrderly(resource.configs, isDeletion)
      alter(resource, { context, isSpoilt, isTrial: request.validateOnly })
    }),
  )
  await node.controller.durable()
  return { responses }
})

interface How {
  readonly context: RequestContext
  readonly isSpoilt: boolean
  readonly isTrial: boolean
}

function alter(asked: Resource, { context, isSpoilt, isTrial }: How): void {
  const { node } = context
  const { resourceType, resourceName, configs } = asked
  if (resourceType === resourceTypes.brokerLogger) {
    mustBeAllowedToAlter(context, asked)
    alterBrokerLoggers(node, resourceName, configs, isTrial)
    return
  }
  const isKnown = hasSettings(node.asVersion, resourceType)
  const resource = isKnown ? configResource(node, resourceType, resourceName) : undefined
  if (resource === undefined) throw new ApiError('INVALID_REQUEST', `Unknown resource type ${resourceType}`)
  if (resource.type === 'broker') mustBeForBroker(resource, configs)
  if (isSpoilt) throw new ApiError('UNKNOWN_SERVER_ERROR')
  const change = (isOnlyTried: boolean) =>
    alterResource(node, resource, (set) => alteredBy(configs, set, resource.find), isOnlyTried)
  mustBeAllowedToAlter(context, asked, () => change(true))
  change(isTrial)
}

function isDeletion(config: { readonly name: string; readonly configOperation?: number }): boolean {
  return config.configOperation === operations.delete
}

/** An operation that nobody knows makes Kafka's controller give up on all that came with it. */
function spoilsTheRest({ resourceType, configs }: Resource): boolean {
  if (!leftToController.has(resourceType) || !isOrderly(configs)) return false
  return configs.some((config) => !isKnown(config))
}

/** The broker itself refuses what is wrong with others. */
const leftToController = new Set<number>([
  resourceTypes.topic,
  resourceTypes.clientMetrics,
  resourceTypes.group,
])

function isOrderly(configs: readonly Alteration[]): boolean {
  try {
    mustBeOrderly(configs, isDeletion)
    return true
  } catch (refusal) {
    if (refusal instanceof ApiError) return false
    throw refusal
  }
}

function isKnown({ configOperation }: Alteration): boolean {
  return configOperation >= operations.set && configOperation <= operations.subtract
}

/** A broker looks at what is meant for it before its controller does, and has words of its own. */
function mustBeForBroker(resource: ConfigResource, configs: readonly Alteration[]): void {
  resource.mustBeNamed()
  for (const alteration of configs) {
    const { name, configOperation } = alteration
    if (!isKnown(alteration)) {
      throw new ApiError('INVALID_REQUEST', `Unknown operations type ${configOperation}`)
    }
    if (configOperation !== operations.append && configOperation !== operations.subtract) continue
    const definition = resource.find(name)
    if (definition === undefined) throw new ApiError('INVALID_CONFIG', `Unknown config name: ${name}`)
    if (definition.type === 'list') {
      // Kafka fails on what has to be there, where it is not set: there is nothing to add to.
      if (definition.default === REQUIRED) throw new ApiError('UNKNOWN_SERVER_ERROR')
      continue
    }
    const verb = configOperation === operations.append ? 'append' : 'subtract'
    throw new ApiError('INVALID_CONFIG', `Config value ${verb} is not allowed for config key: ${name}`)
  }
}
