import type { RequestOf } from '../../protocol/api.ts'
import { createDelegationToken as createApi } from '../../protocol/apis/create-delegation-token.ts'
import { describeDelegationToken as describeApi } from '../../protocol/apis/describe-delegation-token.ts'
import { expireDelegationToken as expireApi } from '../../protocol/apis/expire-delegation-token.ts'
import { renewDelegationToken as renewApi } from '../../protocol/apis/renew-delegation-token.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { isAuthorized } from './authorize.ts'
import { handler, type RequestContext } from './handler.ts'

const ANONYMOUS = 'User:ANONYMOUS'
const NO_TIME = -1n
const FIRST_WITH_REQUESTER = 3

/** As a Kafka without a secret key for tokens: there are none, and none can be made. */
function refusal({ connection: { securityProtocol, principal } }: RequestContext): ErrorName {
  const isUnproved = securityProtocol === 'SSL' && principal === ANONYMOUS
  const mayAsk = securityProtocol !== 'PLAINTEXT' && !isUnproved
  return mayAsk ? 'DELEGATION_TOKEN_AUTH_DISABLED' : 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED'
}

/** What Kafka's controller refuses has no times in its answer. */
function timeOf(error: ErrorName): bigint {
  return error === 'DELEGATION_TOKEN_AUTH_DISABLED' ? 0n : NO_TIME
}

export const createDelegationToken = handler(createApi, (request, context) => {
  const requester = parsed(context.connection.principal)
  const { ownerPrincipalType: type, ownerPrincipalName: name } = request
  const isForOther = name !== null && name !== ''
  // Kafka fails on a principal without a type, and then speaks of nobody.
  if (isForOther && type === null) return refused(context, 'UNKNOWN_SERVER_ERROR', parsed(ANONYMOUS))
  const owner = isForOther ? { type: type ?? '', name } : requester
  return refused(context, creationRefusal(request, context, owner), owner, requester)
})

function creationRefusal(
  { renewers }: RequestOf<typeof createApi>,
  context: RequestContext,
  owner: Principal,
): ErrorName {
  const error = refusal(context)
  if (error === 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED') return error
  const name = `${owner.type}:${owner.name}`
  const isOwn = name === context.connection.principal
  if (!isOwn && !isAuthorized(context, 'CREATE_TOKENS', 'USER', name)) {
    return 'DELEGATION_TOKEN_AUTHORIZATION_FAILED'
  }
  return renewers.some(({ principalType }) => principalType !== 'User') ? 'INVALID_PRINCIPAL_TYPE' : error
}

function refused(context: RequestContext, error: ErrorName, owner: Principal, requester = owner) {
  const time = timeOf(error)
  return {
    errorCode: errorCodes[error],
    principalType: owner.type,
    principalName: owner.name,
    ...(context.version >= FIRST_WITH_REQUESTER && {
      tokenRequesterPrincipalType: requester.type,
      tokenRequesterPrincipalName: requester.name,
    }),
    issueTimestampMs: time,
    expiryTimestampMs: time,
    maxTimestampMs: time,
  }
}

export const renewDelegationToken = handler(renewApi, (_, context) => refusedTime(context))
export const expireDelegationToken = handler(expireApi, (_, context) => refusedTime(context))

export const describeDelegationToken = handler(describeApi, (_, context) => ({
  errorCode: errorCodes[refusal(context)],
}))

function refusedTime(context: RequestContext) {
  const error = refusal(context)
  return { errorCode: errorCodes[error], expiryTimestampMs: timeOf(error) }
}

interface Principal {
  readonly type: string
  readonly name: string
}

function parsed(principal: string): Principal {
  const colon = principal.indexOf(':')
  return { type: principal.slice(0, colon), name: principal.slice(colon + 1) }
}
