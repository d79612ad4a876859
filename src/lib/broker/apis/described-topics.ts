import { ApiError } from '../api-error.ts'
import { type Asking, authorization } from './authorize.ts'

interface Assignment {
  readonly topicPartitions?: readonly { readonly topicName?: string }[]
}

interface Member {
  readonly assignment?: Assignment
  readonly targetAssignment?: Assignment
}

/** A group that works on topics which somebody may not know of shows him nothing at all. */
export function mustShowTopics(members: readonly Member[], context: Asking): void {
  const mayDescribe = authorization(context, 'DESCRIBE', 'TOPIC')
  const assignments = members.flatMap(({ assignment, targetAssignment }) => [assignment, targetAssignment])
  const topics = assignments.flatMap((assignment) => assignment?.topicPartitions ?? [])
  if (topics.every(({ topicName = '' }) => mayDescribe(topicName))) return
  const message = 'The group has described topic(s) that the client is not authorized to describe.'
  throw new ApiError('TOPIC_AUTHORIZATION_FAILED', message)
}
