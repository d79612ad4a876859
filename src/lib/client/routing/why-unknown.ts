import type { KtoolError } from '../../errors.ts'

/** Why nothing is told of a partition, for a row that stays among the others. */
export function whyUnknown({ code, message, details }: KtoolError): string {
  if (code === 'unknown-topic-or-partition') return 'the topic is deleted'
  if (code === 'partition-not-found') return 'the topic has no such partition'
  if (code === 'leader-not-available') return leaderless(details.replicas)
  return message
}

function leaderless(replicas: unknown): string {
  if (!Array.isArray(replicas)) return 'it has no leader'
  return `it has no leader; its replicas are on ${replicas.length === 1 ? 'broker' : 'brokers'} ${replicas.join(', ')}`
}
