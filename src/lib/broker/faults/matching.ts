import type { FaultFilter } from './fault-rule.ts'
import type { Item } from './request-items.ts'

/** A request, as far as rules look at it. */
export interface Asking {
  readonly api: string
  readonly version: number
  readonly clientId: string | null
  readonly listener: string
  readonly principal: string
  readonly items: () => readonly Item[]
}

export function concerns(filter: FaultFilter, asking: Asking): boolean {
  const { api, apiVersion, clientId, listener, principal } = filter
  return (
    (apiVersion === null || (asking.version >= apiVersion.min && asking.version <= apiVersion.max)) &&
    has(api, asking.api) &&
    has(clientId, asking.clientId ?? '') &&
    has(listener, asking.listener) &&
    has(principal, asking.principal) &&
    (!looksWithin(filter) || asking.items().some((item) => matches(filter, item)))
  )
}

/** What is not said of an item is not what a filter names. */
export function matches({ topic, partition, group, transactionalId }: FaultFilter, item: Item): boolean {
  return (
    has(topic, item.topic) &&
    has(partition, item.partition) &&
    has(group, item.group) &&
    has(transactionalId, item.transactionalId)
  )
}

export function isOfItems({ topic, partition }: FaultFilter): boolean {
  return topic.length > 0 || partition.length > 0
}

function looksWithin(filter: FaultFilter): boolean {
  return isOfItems(filter) || filter.group.length > 0 || filter.transactionalId.length > 0
}

function has<T>(wanted: readonly T[], value: T | undefined): boolean {
  return wanted.length === 0 || (value !== undefined && wanted.includes(value))
}
