import type { RequestContext } from './handler.ts'

/** What a consumer may have at once; more would be taken for an excess and not be sent at all. Followers may have all. */
export function mostBytes(replicaId: number, { node: { quotas }, asker }: RequestContext): number {
  const isFree = replicaId >= 0 || !quotas.isFetchSet
  return isFree ? Number.POSITIVE_INFINITY : Math.floor(quotas.mostFetched(asker))
}

/**
 * Whether a quota holds the consumer back. Then it gets an empty answer, and what it would have got is not counted: it
 * will ask for that again.
 */
export function isHeldBack(replicaId: number, context: RequestContext, sizeBytes: () => number): boolean {
  const { quotas } = context.node
  if (replicaId >= 0) return false
  const overtimeMs = quotas.isTimeSet ? context.overtimeMs() : 0
  if (!quotas.isFetchSet) return overtimeMs > 0
  const { asker } = context
  const bytes = sizeBytes()
  const excessMs = quotas.fetched(asker, bytes)
  const isHeld = Math.max(overtimeMs, excessMs) > 0
  if (isHeld) quotas.notFetched(asker, bytes)
  context.holdBack(excessMs)
  return isHeld
}
