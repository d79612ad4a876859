import type { Api } from '../../src/lib/protocol/api.ts'
import { isObject, type JsonObject } from './messages.ts'

const FETCH = 1
const UNKNOWN_SERVER_ERROR = -1
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

/**
 * Kafka stumbles over a request that makes no sense, and answers nothing, or that it does not know what is wrong.
 * There a better answer is none the worse.
 */
export function isKafkasFault(api: Api, request: JsonObject, theirs: JsonObject | undefined): boolean {
  return api.key === FETCH && theirs?.errorCode === UNKNOWN_SERVER_ERROR && hasTopicZero(request)
}

/** Of several partitions of the zero id it looks for the topic's name, to put them into one place. */
function hasTopicZero({ topics }: JsonObject): boolean {
  return Array.isArray(topics) && topics.some((topic) => isObject(topic) && topic.topicId === ZERO_ID)
}
