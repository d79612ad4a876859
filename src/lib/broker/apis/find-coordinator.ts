import { isJavaBlank } from '../../bytes/java-blank.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { findCoordinator as findCoordinatorApi } from '../../protocol/apis/find-coordinator.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import { OFFSETS_TOPIC } from '../coordinators/group/offsets-topic.ts'
import { SHARE_STATE_TOPIC } from '../coordinators/share/share-state-topic.ts'
import { TRANSACTION_TOPIC } from '../coordinators/transaction/transaction-topic.ts'
import { storageFailure } from '../partitions/storage-failure.ts'
import { isAuthorizedOnCluster, mustBeAuthorized, unauthorized } from './authorize.ts'
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

/** Of all but requests that make no sense. */
const oldMessages: Partial<Record<ErrorName, string>> = {
  NONE: 'NONE',
  COORDINATOR_NOT_AVAILABLE: 'The coordinator is not available.',
  GROUP_AUTHORIZATION_FAILED: unauthorized('GROUP').message,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: unauthorized('TRANSACTIONAL_ID').message,
}

interface Found {
  readonly error: ErrorName
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

export const findCoordinator = handler(findCoordinatorApi, async (request, context) => {
  const { keyType, key, coordinatorKeys } = request
  const isShare = keyType === SHARE && context.version >= SHARE_SINCE
  if (isShare && !isAuthorizedOnCluster(context, 'CLUSTER_ACTION')) return refusedAll(coordinatorKeys)
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

/** Only brokers look for share coordinators: who is none is refused whatever he asks for. */
function refusedAll(keys: readonly string[]) {
  const { code, message } = unauthorized('CLUSTER')
  const coordinators = keys.map((key) => {
    const { error: _, ...place } = nowhere('CLUSTER_AUTHORIZATION_FAILED')
    return { key, ...place, errorCode: code, errorMessage: message }
  })
  return { coordinators }
}

function oldAnswer({ error, ...place }: Found): ResponseOf<typeof findCoordinatorApi> {
  const errorMessage = oldMessages[error] ?? MALFORMED
  return { ...place, errorCode: errorCodes[error], errorMessage }
}

function find(keyType: number, key: string, context: RequestContext): Found {
  const { node, version, connection } = context
  const endpoint = node.endpoints.get(connection.listenerName)
  try {
    if (keyType === GROUP) mustBeAuthorized(context, 'DESCRIBE', 'GROUP', key)
    else if (keyType === TRANSACTION) mustBeAuthorized(context, 'DESCRIBE', 'TRANSACTIONAL_ID', key)
    if (keyType === GROUP) node.groups.createTopic()
    else if (keyType === TRANSACTION) node.transactions.createTopic()
    else {
      mustBeSharePartition(keyType, key, version)
      node.shareStates.createTopic()
    }
    if (endpoint === undefined) return nowhere('COORDINATOR_NOT_AVAILABLE')
    return { error: 'NONE', nodeId: node.id, ...endpoint }
  } catch (cause) {
    if (cause instanceof ApiError && cause.error in oldMessages) return nowhere(cause.error)
    // A disk that is full may have room for the topic by the time that the client asks again.
    const { error } = storageFailure(cause, topics.get(keyType) ?? '', node.ports.log)
    return nowhere(error === 'INVALID_REQUEST' ? error : 'COORDINATOR_NOT_AVAILABLE')
  }
}

/** Only brokers ask for these, and there is but this one to answer for any. */
function mustBeSharePartition(keyType: number, key: string, version: number): void {
  const [, group = '', number] = SHARE_KEY.exec(key) ?? []
  const partition = Number(number)
  const isSound = !isJavaBlank(group) && partition === (partition | 0)
  if (keyType !== SHARE || version < SHARE_SINCE || !isSound) throw new ApiError('INVALID_REQUEST')
}

function nowhere(error: ErrorName): Found {
  return { error, nodeId: -1, host: '', port: -1 }
}
