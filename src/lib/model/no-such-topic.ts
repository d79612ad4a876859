import { FailedError } from '../errors.ts'

export function noSuchTopic(topic: string): FailedError {
  return new FailedError('topic-not-found', `there is no topic "${topic}"`, {
    hint: 'ktool topics list names those that there are',
    details: { topic },
  })
}
