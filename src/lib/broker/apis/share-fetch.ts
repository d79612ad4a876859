import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { shareFetch as shareFetchApi } from '../../protocol/apis/share-fetch.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import { fetchShared, type SharedRecords } from '../partitions/share/share-fetch.ts'
import type { Acknowledged } from '../partitions/share/share-groups.ts'
import type { SharePlace } from '../partitions/share/share-place.ts'
import { authorization } from './authorize.ts'
import { closeConnection, handler, type RequestContext } from './handler.ts'
import { acknowledgeAll, acknowledgedParts } from './share-acknowledgements.ts'
import { type ShareFetchContext, shareFetchContext } from './share-fetch-context.ts'
import { leaderParts, leaderPartsOf } from './share-leaders.ts'
import { checkAsker } from './share-requests.ts'

type Request = RequestOf<typeof shareFetchApi> & { readonly groupId: string; readonly memberId: string }
type Response = ResponseOf<typeof shareFetchApi>
type Topics = NonNullable<Response['responses']>
type PartitionResponse = NonNullable<NonNullable<Topics[number]>['partitions']>[number]

const ACQUIRE_MODES = { batchOptimised: 0, recordLimit: 1 }
const NO_RECORDS = Buffer.alloc(0)

export const shareFetch = handler(shareFetchApi, async (asked, context) => {
  try {
    return await answer(checkAsker(asked, context), context)
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { errorCode: cause.code }
  }
})

async function answer(request: Request, context: RequestContext): Promise<Response | typeof closeConnection> {
  const { node, connection } = context
  const { groupId, isRenewAck } = request
  checkRenewal(request)
  const session = await sessionOrPatience(request, context)
  const hasAcknowledgements = acknowledges(request)
  // What is acknowledged here counts before something is fetched: it may make room for it.
  const acknowledging = hasAcknowledgements ? acknowledgeAll(request, context) : Promise.resolve([])
  const fetched = isRenewAck ? [] : await fetchAll(request, session, context)
  const acknowledged = await acknowledging
  if (fetched === null) return closeConnection
  const told = session.told(fetched)
  const response = {
    ...{ responses: topicsOf(told, acknowledged, context) },
    acquisitionLockTimeoutMs: node.shareGroups.partitions.configsOf(groupId).recordLockMs,
    nodeEndpoints: leaderParts(told, node, connection.listenerName),
  }
  session.finish()
  return response
}

function acknowledges({ topics }: Request): boolean {
  return topics.some(({ partitions }) => partitions.some((each) => each.acknowledgementBatches.length > 0))
}

/** A request that keeps records for another while must not wait for others (KIP-1222). */
function checkRenewal({ isRenewAck, maxBytes, minBytes, maxRecords, maxWaitMs }: Request): void {
  if (!isRenewAck) return
  if (maxBytes !== 0 || minBytes !== 0 || maxRecords !== 0 || maxWaitMs !== 0)
    throw new ApiError('INVALID_REQUEST')
}

/** One for whom there is no session waits as long as for records, lest it ask again at once. */
async function sessionOrPatience(request: Request, context: RequestContext): Promise<ShareFetchContext> {
  try {
    return shareFetchContext(request, acknowledges(request), context)
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.error !== 'SHARE_SESSION_LIMIT_REACHED') throw cause
    const { clock } = context.node.ports
    await new Promise<void>((resolve) => {
      clock.after(request.maxWaitMs, resolve)
    })
    throw cause
  }
}

async function fetchAll(
  request: Request,
  session: ShareFetchContext,
  context: RequestContext,
): Promise<SharedRecords[] | null> {
  const { node, connection, fairBytes } = context
  const { groupId, memberId, maxWaitMs, batchSize, maxRecords, shareAcquireMode } = request
  const isAllowed = authorization(context, 'READ', 'TOPIC')
  const known = session.known((topic, { topicId, partition }) => {
    if (!isAllowed(topic)) return 'TOPIC_AUTHORIZATION_FAILED'
    const isThere = node.controller.topicById(topicId)?.partitions.has(partition)
    if (!isThere) return 'UNKNOWN_TOPIC_OR_PARTITION'
    return context.faultOf?.({ topic, partition }) ?? 'NONE'
  })
  if (known.places.length > 0 && !Object.values(ACQUIRE_MODES).includes(shareAcquireMode)) {
    throw new ApiError('UNKNOWN_SERVER_ERROR')
  }
  const maxBytes = Math.min(request.maxBytes, node.configs.int('fetch.max.bytes'), fairBytes)
  const wish = {
    ...{ groupId, memberId, maxWaitMs, maxBytes, batchSize, maxRecords },
    minBytes: Math.min(request.minBytes, maxBytes),
    isRecordLimit: shareAcquireMode === ACQUIRE_MODES.recordLimit,
    places: rotated(known.places, request.shareSessionEpoch),
  }
  const { clock, log } = node.ports
  const borrow = (sizeBytes: number) => context.borrow(sizeBytes)
  const world = { clock, log, borrow, gone: connection.gone, shares: node.shareGroups.partitions }
  const fetched = await fetchShared(wish, world)
  return fetched === null ? null : [...fetched, ...known.refused]
}

/** So that each comes first once. */
function rotated(places: readonly SharePlace[], epoch: number): readonly SharePlace[] {
  const at = epoch < 1 || places.length === 0 ? 0 : epoch % places.length
  return [...places.slice(at), ...places.slice(0, at)]
}

function topicsOf(
  fetched: readonly SharedRecords[],
  acknowledged: readonly Acknowledged[],
  { node }: RequestContext,
): Topics {
  const topics = new Map<string, Map<number, PartitionResponse>>()
  const put = ({ topicId, partition }: SharePlace, response: PartitionResponse) => {
    const partitions = topics.get(topicId) ?? new Map<number, PartitionResponse>()
    topics.set(topicId, partitions)
    partitions.set(partition, { ...partitions.get(partition), ...response })
  }
  for (const each of fetched) put(each.place, { ...fetchedParts(each), ...leaderOf(each, node) })
  for (const each of acknowledged) {
    const { topicId, partition } = each.place
    const isKnown = topics.get(topicId)?.has(partition) === true
    const bare = isKnown ? {} : { partitionIndex: partition, records: NO_RECORDS }
    put(each.place, { ...bare, ...acknowledgedParts(each) })
  }
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions.values()] }))
}

function fetchedParts({ place, error, records, acquired }: SharedRecords): PartitionResponse {
  return {
    ...{ partitionIndex: place.partition, errorCode: errorCodes[error], records },
    acquiredRecords: acquired.map(({ firstOffset, lastOffset, deliveryCount }) => ({
      firstOffset: BigInt(firstOffset),
      lastOffset: BigInt(lastOffset),
      deliveryCount,
    })),
  }
}

function leaderOf(shared: SharedRecords, node: RequestContext['node']) {
  const currentLeader = leaderPartsOf(shared, node)
  return currentLeader && { currentLeader }
}
