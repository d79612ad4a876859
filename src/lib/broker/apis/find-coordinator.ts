import type { ResponseOf } from '../../protocol/api.ts'
import { findCoordinator as findCoordinatorApi } from '../../protocol/apis/find-coordinator.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import { OFFSETS_TOPIC } from '../coordinators/group/offsets-topic.ts'
import { SHARE_STATE_TOPIC } from '../coordinators/share/share-state-topic.ts'
import { TRANSACTION_TOPIC } from '../coordinators/transaction/transaction-topic.ts'
import { storageFailure } from '../partitions/storage-failure.ts'
import { handler, type RequestContext } from './handler.ts'

const GROUP = 0
const TRANSACTION = 1
const SHARE = 2
const topics: ReadonlyMap<number, string> = new Map([
  [GROUP, OFFSETS_TOPIC],
  [TRANSACTION, TRANSACTION_TOPIC],
  [SHARE, SHARE_STATE_TOPIC],
])
const SEVERAL_SINCE = 4
const SHARE_SINCE = 6
/** A group, a topic id and a partition, which Kafka takes for any integer. */
const SHARE_KEY = /^(.+):[A-Za-z0-9_-]{22}(?:==)?:([-+]?\d+)$/s
const MALFORMED =
  'This most likely occurs because of a request being malformed by the client library or the message was sent ' +
  'to an incompatible broker. See the broker logs for more details.'

interface Found {
  readonly error: ErrorName
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

export const findCoordinator = handler(findCoordinatorApi, async (request, context) => {
  const { keyType, key, coordinatorKeys } = request
  const message = keyType === GROUP || keyType === TRANSACTION || keyType === SHARE ? '' : MALFORMED
  const single = context.version < SEVERAL_SINCE ? find(keyType, key, context) : undefined
  const coordinators = coordinatorKeys.map((one) => {
    const { error, ...place } = find(keyType, one, context)
    return { key: one, ...place, errorCode: errorCodes[error], errorMessage: message }
  })
  // A topic may have been made for it.
  await context.node.controller.durable()
  return single === undefined ? { coordinators } : oldAnswer(single)
})

function oldAnswer({ error, ...place }: Found): ResponseOf<typeof findCoordinatorApi> {
  const refusal = error === 'COORDINATOR_NOT_AVAILABLE' ? 'The coordinator is not available.' : MALFORMED
  const errorMessage = error === 'NONE' ? 'NONE' : refusal
  return { ...place, errorCode: errorCodes[error], errorMessage }
}

function find(keyType: number, key: string, context: RequestContext): Found {
  const { node, version, connection } = context
  const endpoint = node.endpoints.get(connection.listenerName)
  try {
    if (keyType === GROUP) node.groups.createTopic()
    else if (keyType === TRANSACTION) node.transactions.createTopic()
    else {
      mustBeSharePartition(keyType, key, version)
      node.shareStates.createTopic()
    }
    if (endpoint === undefined) return nowhere('COORDINATOR_NOT_AVAILABLE')
    return { error: 'NONE', nodeId: node.id, ...endpoint }
  } catch (cause) {
    // A disk that is full may have room for the topic by the time that the client asks again.
    const { error } = storageFailure(cause, topics.get(keyType) ?? '', node.ports.log)
    return nowhere(error === 'INVALID_REQUEST' ? error : 'COORDINATOR_NOT_AVAILABLE')
  }
}

/** Only brokers ask for these, and there is but this one to answer for any. */
function mustBeSharePartition(keyType: number, key: string, version: number): void {
  const [, group = '', number] = SHARE_KEY.exec(key) ?? []
  const partition = Number(number)
  const isSound = group.trim() !== '' && partition === (partition | 0)
  if (keyType !== SHARE || version < SHARE_SINCE || !isSound) throw new ApiError('INVALID_REQUEST')
}

function nowhere(error: ErrorName): Found {
  return { error, nodeId: -1, host: '', port: -1 }
}
