import type { Acl } from '../../model/acls.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { createAcls as createAclsApi } from '../../protocol/apis/create-acls.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { aclChanges } from './acl-changes.ts'
import { aclOf, isUnsaid } from './acl-entries.ts'
import { CLUSTER } from './authorize.ts'
import { closeConnection, handler, type Reply } from './handler.ts'
import { RECORDS_PER_OP, tooManyRecords } from './records-per-op.ts'

type Creation = RequestOf<typeof createAclsApi>['creations'][number]
type Response = ResponseOf<typeof createAclsApi>
type Result = NonNullable<Response['results']>[number]

export const createAcls = handler(createAclsApi, async ({ creations }, context): Promise<Reply<Response>> => {
  // Kafka understands such a request as little as one whose bytes are no request
  if (creations.some((each) => isUnsaid(each, each.resourceType, each.resourcePatternType))) {
    return closeConnection
  }
  return { results: await aclChanges(creations, context, { change: created, refused }) }
})

function created(creations: readonly Creation[], { controller }: Node): Result[] {
  const acls = creations.map(aclOf)
  // A word of questions makes Kafka fail before it has looked at any other entry
  if (acls.some(isQuestion)) throw new ApiError('UNKNOWN_SERVER_ERROR')
  const refusals = acls.map(refusalOf)
  const sound = acls.filter((_acl, i) => refusals[i] === null)
  if (sound.length > RECORDS_PER_OP) {
    return refusals.map((refusal) => refused(refusal ?? tooManyRecords()))
  }
  controller.acls.create(sound)
  return refusals.map((refusal) => (refusal === null ? { errorMessage: '' } : refused(refusal)))
}

function isQuestion({ resourceType, patternType, operation, permission }: Acl): boolean {
  return [resourceType, patternType, operation, permission].includes('ANY') || patternType === 'MATCH'
}

function refusalOf({ resourceType, resourceName, ...acl }: Acl): ApiError | null {
  const { patternType, operation, permission, principal } = acl
  const invalid = (message: string) => new ApiError('INVALID_REQUEST', message)
  if (resourceType === 'CLUSTER' && resourceName !== CLUSTER) {
    return invalid(`The only valid name for the CLUSTER resource is ${CLUSTER}`)
  }
  if (resourceName === '') return invalid('Invalid empty resource name')
  if (resourceType === 'UNKNOWN') return invalid(`Invalid resourceType ${resourceType}`)
  if (patternType === 'UNKNOWN') return invalid(`Invalid patternType ${patternType}`)
  if (operation === 'UNKNOWN') return invalid(`Invalid operation ${operation}`)
  if (permission === 'UNKNOWN') return invalid(`Invalid permissionType ${permission}`)
  if (principal.includes(':')) return null
  const reason = 'no colon is present separating the principal type from the principal name'
  return invalid(`Could not parse principal from \`${principal}\` (${reason})`)
}

function refused({ code, message }: ApiError): Result {
  return { errorCode: code, errorMessage: message || null }
}
