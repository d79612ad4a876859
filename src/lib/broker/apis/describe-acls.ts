import { isMeant } from '../../model/acl-filter.ts'
import type { Acl } from '../../model/acls.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { describeAcls as describeAclsApi } from '../../protocol/apis/describe-acls.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import { entryFields, filterOf, isUnsaid, patternFields } from './acl-entries.ts'
import { mustBeAuthorizedOnCluster } from './authorize.ts'
import { closeConnection, handler, type Reply } from './handler.ts'

type Response = ResponseOf<typeof describeAclsApi>

export const describeAcls = handler(describeAclsApi, (request, context): Reply<Response> => {
  const { controller, authorizer } = context.node
  // Kafka understands such a request as little as one whose bytes are no request
  if (isUnsaid(request, request.resourceTypeFilter, request.patternTypeFilter)) return closeConnection
  try {
    mustBeAuthorizedOnCluster(context, 'DESCRIBE')
    if (authorizer === null) {
      throw new ApiError('SECURITY_DISABLED', 'No Authorizer is configured on the broker')
    }
    const filter = filterOf(request)
    const found = [...controller.acls.all().values()].filter((acl) => isMeant(acl, filter))
    return { errorMessage: '', resources: resourcesOf(found) }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { errorCode: errorCodes[cause.error], errorMessage: cause.message }
  }
})

/** By what they are about. Kafka's own order is that of a hash of objects in memory, and another in each process. */
function resourcesOf(acls: readonly Acl[]): NonNullable<Response['resources']> {
  const byPattern = new Map<string, Acl[]>()
  for (const acl of acls) {
    const pattern = `${acl.resourceType} ${acl.patternType} ${acl.resourceName}`
    const same = byPattern.get(pattern)
    if (same === undefined) byPattern.set(pattern, [acl])
    else same.push(acl)
  }
  return [...byPattern.values()].flatMap((same) =>
    same.slice(0, 1).map((first) => ({ ...patternFields(first), acls: same.map(entryFields) })),
  )
}
