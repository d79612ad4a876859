import { FailedError, type KtoolError } from '../errors.ts'
import type { TopicPartition } from './groups.ts'

/** It does not exist, as against one that cannot be told of. */
export function isNotFound({ code }: KtoolError): boolean {
  return code === 'partition-not-found' || code === 'topic-not-found'
}

export function noSuchPartition({ topic, partition }: TopicPartition): FailedError {
  return new FailedError('partition-not-found', `topic "${topic}" has no partition ${partition}`, {
    hint: 'ktool topics describe tells those that it has',
    details: { topic, partition },
  })
}

export function noSuchTopic(topic: string): FailedError {
  return new FailedError('topic-not-found', `there is no topic "${topic}"`, {
    hint: 'ktool topics list names those that there are',
    details: { topic },
  })
}
