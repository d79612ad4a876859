import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import type { Acknowledgement } from '../partitions/share/acknowledge.ts'
import type { Acknowledged } from '../partitions/share/share-groups.ts'
import { placeName, SharePlace } from '../partitions/share/share-place.ts'
import { authorization } from './authorize.ts'
import type { RequestContext } from './handler.ts'

interface AskedPartition {
  readonly partitionIndex: number
  readonly acknowledgementBatches: readonly AskedBatch[]
}

interface AskedBatch {
  readonly firstOffset: bigint
  readonly lastOffset: bigint
  readonly acknowledgeTypes: readonly number[]
}

export interface AcknowledgingRequest {
  readonly groupId: string
  readonly memberId: string
  readonly isRenewAck: boolean
  readonly topics: readonly { readonly topicId: string; readonly partitions: readonly AskedPartition[] }[]
}

const RENEW_SINCE = 2
const RENEW = 4
const REJECT = 3

/**
 * What came of what was acknowledged, partition by partition; one that is named twice counts as it was named last.
 * Of partitions with nothing to acknowledge Kafka says something only where there is something of another.
 */
export async function acknowledgeAll(
  { groupId, memberId, isRenewAck, topics }: AcknowledgingRequest,
  context: RequestContext,
): Promise<Acknowledged[]> {
  const { node, version } = context
  const isAllowed = authorization(context, 'READ', 'TOPIC')
  const places = new Map<string, { readonly place: SharePlace; readonly batches: readonly AskedBatch[] }>()
  for (const { topicId, partitions } of topics) {
    const topic = node.controller.topicById(topicId)
    for (const { partitionIndex, acknowledgementBatches } of partitions) {
      const place = new SharePlace(topicId, topic?.name ?? null, partitionIndex, false)
      places.set(placeName(topicId, partitionIndex), { place, batches: acknowledgementBatches })
    }
  }
  const maxType = version >= RENEW_SINCE ? RENEW : REJECT
  const refused: Acknowledged[] = []
  const empty: Acknowledged[] = []
  const answers: Promise<Acknowledged>[] = []
  for (const { place, batches } of places.values()) {
    const error = errorOf(place, batches, { node, maxType, isRenewAck, isAllowed })
    if (error !== null) refused.push({ place, error, message: null })
    else if (batches.length === 0) empty.push({ place, error: 'NONE', message: null })
    else {
      const acknowledgements = batches.map(acknowledgementOf)
      answers.push(node.shareGroups.acknowledge({ groupId, memberId, place, acknowledgements }))
    }
  }
  return answers.length === 0 ? refused : [...(await Promise.all(answers)), ...refused, ...empty]
}

interface Rules extends Pick<RequestContext, 'node'> {
  readonly maxType: number
  readonly isRenewAck: boolean
  isAllowed(topic: string): boolean
}

function errorOf(place: SharePlace, batches: readonly AskedBatch[], rules: Rules): ErrorName | null {
  const { node, maxType, isRenewAck } = rules
  if (place.topic === null) return 'UNKNOWN_TOPIC_ID'
  if (!areSound(batches, maxType, isRenewAck)) return 'INVALID_REQUEST'
  if (!rules.isAllowed(place.topic)) return 'TOPIC_AUTHORIZATION_FAILED'
  const isThere = node.controller.topicById(place.topicId)?.partitions.has(place.partition)
  return isThere ? null : 'UNKNOWN_TOPIC_OR_PARTITION'
}

function areSound(batches: readonly AskedBatch[], maxType: number, isRenewAck: boolean): boolean {
  let previousEnd = -1n
  for (const { firstOffset, lastOffset, acknowledgeTypes: types } of batches) {
    if (firstOffset > lastOffset || firstOffset < previousEnd || types.length === 0) return false
    if (types.length > 1 && lastOffset - firstOffset !== BigInt(types.length - 1)) return false
    if (types.some((type) => type < 0 || type > maxType)) return false
    if (!isRenewAck && types.includes(RENEW)) return false
    previousEnd = lastOffset
  }
  return true
}

function acknowledgementOf({ firstOffset, lastOffset, acknowledgeTypes }: AskedBatch): Acknowledgement {
  return { firstOffset: Number(firstOffset), lastOffset: Number(lastOffset), types: acknowledgeTypes }
}

export function acknowledgedParts({ error, message }: Acknowledged) {
  return { acknowledgeErrorCode: errorCodes[error], acknowledgeErrorMessage: message }
}
