import type { ResponseOf } from '../../protocol/api.ts'
import { addOffsetsToTxn as addOffsetsToTxnApi } from '../../protocol/apis/add-offsets-to-txn.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import { mustBeAuthorized } from './authorize.ts'
import { handler } from './handler.ts'
import { producerRefusal } from './producer-refusal.ts'

const FENCED_SINCE = 2
const OFFSETS_TOPIC = '__consumer_offsets'

type Response = ResponseOf<typeof addOffsetsToTxnApi>

export const addOffsetsToTxn = handler(addOffsetsToTxnApi, async (request, context): Promise<Response> => {
  const { node, version } = context
  try {
    const { transactionalId, producerEpoch, groupId } = request
    mustBeAuthorized(context, 'WRITE', 'TRANSACTIONAL_ID', transactionalId)
    mustBeAuthorized(context, 'READ', 'GROUP', groupId)
    if (transactionalId === '') throw new ApiError('INVALID_REQUEST')
    await node.transactions.addPartitions({
      transactionalId,
      producerId: Number(request.producerId),
      producerEpoch,
      partitions: new Map([[OFFSETS_TOPIC, new Set([node.groups.partitionFor(groupId)])]]),
      clientVersion: 0,
    })
    return {}
  } catch (cause) {
    return { errorCode: errorCodes[producerRefusal(cause, version >= FENCED_SINCE)] }
  }
})
