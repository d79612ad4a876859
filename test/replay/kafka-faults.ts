import type { Api } from '../../src/lib/protocol/api.ts'
import { isObject, type JsonObject } from './messages.ts'

const FETCH = 1
const ADD_PARTITIONS_TO_TXN = 24
const WRITE_TXN_MARKERS = 27
const UNKNOWN_SERVER_ERROR = -1
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

/**
 * Kafka stumbles over a request that makes no sense, and answers nothing, or that it does not know what is wrong.
 * There a better answer is none the worse.
 */
export function isKafkasFault(api: Api, request: JsonObject, theirs: JsonObject | undefined): boolean {
  if (api.key === FETCH) return theirs?.errorCode === UNKNOWN_SERVER_ERROR && hasTopicZero(request)
  // It waits for the partition that stands twice in a marker, and for the marker that has none of its partitions.
  if (api.key === WRITE_TXN_MARKERS) return theirs === undefined
  return api.key === ADD_PARTITIONS_TO_TXN && theirs === undefined && isOfNoTransaction(request)
}

/** It answers once the last of the transactions is dealt with. */
function isOfNoTransaction({ transactions }: JsonObject): boolean {
  return Array.isArray(transactions) && transactions.length === 0
}

/** Of several partitions of the zero id it looks for the topic's name, to put them into one place. */
function hasTopicZero({ topics }: JsonObject): boolean {
  return Array.isArray(topics) && topics.some((topic) => isObject(topic) && topic.topicId === ZERO_ID)
}
