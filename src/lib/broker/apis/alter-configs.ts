import type { RequestOf } from '../../protocol/api.ts'
import { alterConfigs as alterConfigsApi } from '../../protocol/apis/alter-configs.ts'
import { ApiError } from '../api-error.ts'
import { alterResource, answerFor, mustBeOrderly, repeatedIn } from '../configs/alter-resource.ts'
import { replacedBy } from '../configs/altered-configs.ts'
import { configResource } from '../configs/config-resources.ts'
import type { Node } from '../node.ts'
import { handler, neverAnswered } from './handler.ts'

type Resource = RequestOf<typeof alterConfigsApi>['resources'][number]

/** The old way: what a request does not name goes. */
export const alterConfigs = handler(alterConfigsApi, async (request, { node }) => {
  // Kafka fails on a resource that is there twice, and then on the answer that would say so.
  if (request.resources.some(repeatedIn(request.resources))) return neverAnswered
  const responses = request.resources.map((resource) =>
    answerFor(resource, () => {
      mustBeOrderly(resource.configs)
      alter(resource, node, request.validateOnly)
    }),
  )
  await node.controller.durable()
  return { responses }
})

function alter({ resourceType, resourceName, configs }: Resource, node: Node, isTrial: boolean): void {
  const resource = configResource(node, resourceType, resourceName)
  if (resource === undefined) throw new ApiError('INVALID_REQUEST', `Unknown resource type ${resourceType}`)
  const wanted = new Map(configs.map(({ name, value }) => [name, value ?? '']))
  alterResource(node, resource, (set) => replacedBy(wanted, set), isTrial)
}
