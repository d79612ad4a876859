import type { RequestOf } from '../../protocol/api.ts'
import { alterConfigs as alterConfigsApi } from '../../protocol/apis/alter-configs.ts'
import { ApiError } from '../api-error.ts'
import { hasSettings } from '../as-version.ts'
import { alterResource, answerFor, mustBeOrderly, repeatedIn } from '../configs/alter-resource.ts'
import { replacedBy } from '../configs/altered-configs.ts'
import { configResource, resourceTypes } from '../configs/config-resources.ts'
import { mustBeAllowedToAlter } from './altering-configs.ts'
import { handler, neverAnswered, type RequestContext } from './handler.ts'

const UNKNOWN = 0

type Resource = RequestOf<typeof alterConfigsApi>['resources'][number]

/** The old way: what a request does not name goes. */
export const alterConfigs = handler(alterConfigsApi, async (request, context) => {
  // Kafka fails on a resource that is there twice, and then on the answer that would say so.
  const known = request.resources.map(withKnownType)
  if (known.some(repeatedIn(known))) return neverAnswered
  const responses = request.resources.map((resource) =>
    answerFor(resource, () => {
      mustBeOrderly(resource.configs)
      alter(resource, context, request.validateOnly)
    }),
  )
  await context.node.controller.durable()
  return { responses }
})

/** All types that there are not are one to Kafka. */
function withKnownType({ resourceType, resourceName }: Resource) {
  const isKnown = Object.values<number>(resourceTypes).includes(resourceType)
  return { resourceType: isKnown ? resourceType : UNKNOWN, resourceName }
}

function alter(asked: Resource, context: RequestContext, isTrial: boolean): void {
  const { resourceType, resourceName, configs } = asked
  const { node } = context
  const isKnown = hasSettings(node.asVersion, resourceType)
  const resource = isKnown ? configResource(node, resourceType, resourceName) : undefined
  if (resource === undefined) throw new ApiError('INVALID_REQUEST', `Unknown resource type ${resourceType}`)
  const wanted = new Map(configs.map(({ name, value }) => [name, value ?? '']))
  const change = (isOnlyTried: boolean) =>
    alterResource(node, resource, (set) => replacedBy(wanted, set), isOnlyTried)
  mustBeAllowedToAlter(context, asked, () => change(true))
  change(isTrial)
}
