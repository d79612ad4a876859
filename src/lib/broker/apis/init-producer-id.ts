import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { initProducerId as initProducerIdApi } from '../../protocol/apis/init-producer-id.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import {
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  type ProducerIdentity,
} from '../coordinators/transaction/transaction.ts'
import type { Node } from '../node.ts'
import {
  type Asking,
  isAuthorizedOnCluster,
  isAuthorizedWithAny,
  mustBeAuthorized,
  unauthorized,
} from './authorize.ts'
import { handler } from './handler.ts'
import { producerRefusal } from './producer-refusal.ts'

/** From here on producers know PRODUCER_FENCED. */
const FENCED_SINCE = 4

type Request = RequestOf<typeof initProducerIdApi>
type Response = ResponseOf<typeof initProducerIdApi>

export const initProducerId = handler(initProducerIdApi, async (request, context): Promise<Response> => {
  const { node, version } = context
  try {
    mustBeAllowed(request, context)
    const { producerId, producerEpoch } = await initialised(request, node)
    return { producerId: BigInt(producerId), producerEpoch }
  } catch (cause) {
    const error = producerRefusal(cause, version >= FENCED_SINCE)
    return { errorCode: errorCodes[error], producerId: -1n, producerEpoch: NO_PRODUCER_EPOCH }
  }
})

/** A producer that is only idempotent needs some topic to write to, or leave to be one. */
function mustBeAllowed({ transactionalId }: Request, context: Asking): void {
  if (transactionalId !== null) mustBeAuthorized(context, 'WRITE', 'TRANSACTIONAL_ID', transactionalId)
  else if (isAuthorizedOnCluster(context, 'IDEMPOTENT_WRITE', true)) return
  else if (!isAuthorizedWithAny(context, 'WRITE', 'TOPIC')) throw unauthorized('CLUSTER')
}

async function initialised(request: Request, node: Node): Promise<ProducerIdentity> {
  const { transactions, configs } = node
  const { transactionalId, transactionTimeoutMs: timeoutMs } = request
  const expected = expectedOf(request)
  if (transactionalId === null) return { producerId: await transactions.newProducerId(), producerEpoch: 0 }
  if (transactionalId === '') throw new ApiError('INVALID_REQUEST')
  if (timeoutMs <= 0 || timeoutMs > configs.int('transaction.max.timeout.ms')) {
    throw new ApiError('INVALID_TRANSACTION_TIMEOUT')
  }
  return transactions.initialise({ transactionalId, timeoutMs, expected })
}

function expectedOf({ producerId, producerEpoch }: Request): ProducerIdentity | null {
  const hasId = Number(producerId) !== NO_PRODUCER_ID
  if (hasId !== (producerEpoch !== NO_PRODUCER_EPOCH)) throw new ApiError('INVALID_REQUEST')
  return hasId ? { producerId: Number(producerId), producerEpoch } : null
}
