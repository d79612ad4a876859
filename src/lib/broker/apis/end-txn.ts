import type { ResponseOf } from '../../protocol/api.ts'
import { endTxn as endTxnApi } from '../../protocol/apis/end-txn.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import { mustBeAuthorized } from './authorize.ts'
import { handler } from './handler.ts'
import { producerRefusal } from './producer-refusal.ts'

const FENCED_SINCE = 2
/** KIP-890: the answer names the epoch of the next transaction. */
const RAISING_SINCE = 5

type Response = ResponseOf<typeof endTxnApi>

export const endTxn = handler(endTxnApi, async (request, context): Promise<Response> => {
  const { node, version } = context
  try {
    const { transactionalId, committed: isCommit, producerEpoch } = request
    mustBeAuthorized(context, 'WRITE', 'TRANSACTIONAL_ID', transactionalId)
    if (transactionalId === '') throw new ApiError('INVALID_REQUEST')
    const next = await node.transactions.end(transactionalId, {
      producerId: Number(request.producerId),
      producerEpoch,
      isCommit,
      clientVersion: version >= RAISING_SINCE ? 2 : 0,
    })
    return { producerId: BigInt(next.producerId), producerEpoch: next.producerEpoch }
  } catch (cause) {
    return { errorCode: errorCodes[producerRefusal(cause, version >= FENCED_SINCE)] }
  }
})
