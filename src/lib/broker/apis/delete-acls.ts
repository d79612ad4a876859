import { isMeant } from '../../model/acl-filter.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { deleteAcls as deleteAclsApi } from '../../protocol/apis/delete-acls.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { entryFields, filterOf, isUnsaid, patternFields } from './acl-entries.ts'
import { mustBeAuthorizedOnCluster } from './authorize.ts'
import { closeConnection, handler, type Reply } from './handler.ts'

type Filter = RequestOf<typeof deleteAclsApi>['filters'][number]
type Response = ResponseOf<typeof deleteAclsApi>
type Result = NonNullable<Response['filterResults']>[number]

/** Of metadata, that one operation may write. */
const RECORDS_PER_REQUEST = 10_000

export const deleteAcls = handler(deleteAclsApi, async ({ filters }, context): Promise<Reply<Response>> => {
  // Kafka understands such a request as little as one whose bytes are no request
  if (filters.some((each) => isUnsaid(each, each.resourceTypeFilter, each.patternTypeFilter))) {
    return closeConnection
  }
  try {
    mustBeAuthorizedOnCluster(context, 'ALTER')
    const filterResults = deleted(filters, context.node)
    await context.node.controller.durable()
    return { filterResults }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { filterResults: filters.map(() => refused(cause)) }
  }
})

/** An entry that several filters mean goes once, and is told with each of them. */
function deleted(filters: readonly Filter[], { controller, authorizer }: Node): Result[] {
  if (authorizer === null) throw new ApiError('SECURITY_DISABLED', 'No Authorizer is configured.')
  const gone = new Set<string>()
  const results = filters.map((fields): Result => {
    const filter = filterOf(fields)
    const unknown = unknownPart(filter)
    if (unknown !== null) return refused(new ApiError('INVALID_REQUEST', `Unknown ${unknown}.`))
    const found = [...controller.acls.all().values()].filter((acl) => isMeant(acl, filter))
    for (const { id } of found) gone.add(id)
    const matchingAcls = found.map((acl) => ({
      ...{ errorMessage: null, ...patternFields(acl), ...entryFields(acl) },
    }))
    return { errorMessage: null, matchingAcls }
  })
  if (gone.size > RECORDS_PER_REQUEST) {
    const limit = `Cannot remove more than ${RECORDS_PER_REQUEST} acls in a single delete operation.`
    throw new ApiError('INVALID_REQUEST', limit)
  }
  controller.acls.remove(gone)
  return results
}

function unknownPart({ resourceType, patternType, operation, permission }: ReturnType<typeof filterOf>) {
  if (resourceType === 'UNKNOWN' || patternType === 'UNKNOWN') return 'patternFilter'
  return operation === 'UNKNOWN' || permission === 'UNKNOWN' ? 'entryFilter' : null
}

function refused({ code, message }: ApiError): Result {
  return { errorCode: code, errorMessage: message || null, matchingAcls: [] }
}
