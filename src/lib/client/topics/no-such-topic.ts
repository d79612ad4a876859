import { FailedError, type KtoolError } from '../../errors.ts'

export function noSuchTopic(topic: string): KtoolError {
  return new FailedError('topic-not-found', `there is no topic "${topic}"`, {
    hint: 'ktool topics list names those that there are',
    details: { topic },
  })
}

/** A broker that knows no such topic has a sentence for every case; ours is of this one. */
export function ofTopic(topic: string, error: KtoolError): KtoolError {
  return error.code === 'unknown-topic-or-partition' ? noSuchTopic(topic) : error
}
