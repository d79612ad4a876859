import { resourceTypes } from '../configs/config-resources.ts'
import { type Asking, CLUSTER, type Guarded, isAuthorized, unauthorized } from './authorize.ts'

interface Altered {
  readonly resourceType: number
  readonly resourceName: string
}

export function isAllowedToAlter(context: Asking, { resourceType, resourceName }: Altered): boolean {
  const type = guardOf(resourceType)
  return isAuthorized(context, 'ALTER_CONFIGS', type, type === 'CLUSTER' ? CLUSTER : resourceName)
}

/** What is meant for a broker it looks at itself, before its controller asks who wants it: that refusal comes first. */
export function mustBeAllowedToAlter(context: Asking, altered: Altered, tryIt?: () => void): void {
  if (isAllowedToAlter(context, altered)) return
  if (altered.resourceType === resourceTypes.broker) tryIt?.()
  throw unauthorized(guardOf(altered.resourceType))
}

/** The settings of brokers are those of the cluster. */
export function guardOf(resourceType: number): Guarded {
  if (resourceType === resourceTypes.topic) return 'TOPIC'
  return resourceType === resourceTypes.group ? 'GROUP' : 'CLUSTER'
}
