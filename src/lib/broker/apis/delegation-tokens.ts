import { createDelegationToken as createApi } from '../../protocol/apis/create-delegation-token.ts'
import { describeDelegationToken as describeApi } from '../../protocol/apis/describe-delegation-token.ts'
import { expireDelegationToken as expireApi } from '../../protocol/apis/expire-delegation-token.ts'
import { renewDelegationToken as renewApi } from '../../protocol/apis/renew-delegation-token.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
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

/** Who may ask is refused by Kafka's controller, which leaves times out of its answer. */
function timeOf(error: ErrorName): bigint {
  return error === 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED' ? NO_TIME : 0n
}

export const createDelegationToken = handler(createApi, (request, context) => {
  const error = refusal(context)
  const requester = parsed(context.connection.principal)
  const isForOther = (request.ownerPrincipalName ?? '') !== ''
  const owner = isForOther
    ? { type: request.ownerPrincipalType ?? '', name: request.ownerPrincipalName ?? '' }
    : requester
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
})

export const renewDelegationToken = handler(renewApi, (_, context) => refusedTime(context))
export const expireDelegationToken = handler(expireApi, (_, context) => refusedTime(context))

export const describeDelegationToken = handler(describeApi, (_, context) => ({
  errorCode: errorCodes[refusal(context)],
}))

function refusedTime(context: RequestContext) {
  const error = refusal(context)
  return { errorCode: errorCodes[error], expiryTimestampMs: timeOf(error) }
}

function parsed(principal: string): { readonly type: string; readonly name: string } {
  const colon = principal.indexOf(':')
  return { type: principal.slice(0, colon), name: principal.slice(colon + 1) }
}
