import { isMeant } from '../../model/acl-filter.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { deleteAcls as deleteAclsApi } from '../../protocol/apis/delete-acls.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { aclChanges } from './acl-changes.ts'
import { entryFields, filterOf, isUnsaid, patternFields } from './acl-entries.ts'
import { closeConnection, handler, type Reply } from './handler.ts'
import { RECORDS_PER_OP } from './records-per-op.ts'

type Filter = RequestOf<typeof deleteAclsApi>['filters'][number]
type Response = ResponseOf<typeof deleteAclsApi>
type Result = NonNullable<Response['filterResults']>[number]

export const deleteAcls = handler(deleteAclsApi, async ({ filters }, context): Promise<Reply<Response>> => {
  // Kafka understands such a request as little as one whose bytes are no request
  if (filters.some((each) => isUnsaid(each, each.resourceTypeFilter, each.patternTypeFilter))) {
    return closeConnection
  }
  return { filterResults: await aclChanges(filters, context, { change: deleted, refused }) }
})

/** An entry that several filters mean goes once, and is told with each of them. */
function deleted(filters: readonly Filter[], { controller }: Node): Result[] {
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
  if (gone.size > RECORDS_PER_OP) {
    const limit = `Cannot remove more than ${RECORDS_PER_OP} acls in a single delete operation.`
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
