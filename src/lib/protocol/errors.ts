import { clusterErrors } from './errors/cluster.ts'
import type { ErrorNature, ErrorRow } from './errors/error-row.ts'
import { groupsErrors } from './errors/groups.ts'
import { recordsErrors } from './errors/records.ts'
import { securityErrors } from './errors/security.ts'
import { topicsErrors } from './errors/topics.ts'
import { transactionsErrors } from './errors/transactions.ts'

/** An error code of Kafka's protocol, and what a client may do about it. */
export interface ProtocolError extends Omit<ErrorRow, 'nature'> {
  readonly retriable: boolean
  readonly refreshMetadata: boolean
  readonly invalidMetadata: boolean
  readonly abortableTransaction: boolean
  readonly recoverableByApplication: boolean
}

/** All of them, by code. */
export const protocolErrors: readonly ProtocolError[] = [
  ...clusterErrors,
  ...groupsErrors,
  ...recordsErrors,
  ...securityErrors,
  ...topicsErrors,
  ...transactionsErrors,
]
  .map(withConsequences)
  .sort((a, b) => a.code - b.code)

/** By its code, its name, or the name of its Java exception; in any case. */
export function findProtocolError(text: string): ProtocolError | undefined {
  const wanted = text.toUpperCase()
  return protocolErrors.find(
    ({ code, name, exception }) =>
      String(code) === text || name === wanted || exception?.toUpperCase() === wanted,
  )
}

function withConsequences({ nature, ...row }: ErrorRow): ProtocolError {
  const is = (...natures: ErrorNature[]) => natures.includes(nature)
  return {
    ...row,
    retriable: is('retry', 'moved', 'staleMetadata'),
    refreshMetadata: is('moved', 'staleMetadata'),
    invalidMetadata: is('staleMetadata'),
    abortableTransaction: is('abort'),
    recoverableByApplication: is('beginAgain'),
  }
}
