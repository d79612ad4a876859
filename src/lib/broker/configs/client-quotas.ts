import { javaHash } from '../../bytes/java-hash.ts'
import { ApiError } from '../api-error.ts'
import { inJavaMapOrder } from '../java-map-order.ts'

/** Name by type; a null name is the default of that type. */
export type QuotaEntity = ReadonlyMap<string, string | null>

type QuotaType = 'int' | 'long' | 'double'

const USER = 'user'
const CLIENT_ID = 'client-id'
const IP = 'ip'

const entityTypes = [USER, CLIENT_ID, IP]

const quotasOfClients: ReadonlyMap<string, QuotaType> = new Map<string, QuotaType>([
  ['producer_byte_rate', 'long'],
  ['consumer_byte_rate', 'long'],
  ['request_percentage', 'double'],
  ['controller_mutation_rate', 'double'],
])
const quotasOfAddresses: ReadonlyMap<string, QuotaType> = new Map<string, QuotaType>([
  ['connection_creation_rate', 'int'],
])

const largest = { int: 2 ** 31 - 1, long: 2 ** 63, double: Number.POSITIVE_INFINITY }
/** Of an entity: it is laid out for what it holds. */
const SMALLEST_TABLE = 1
/** What is nearer than this to a whole number is one. */
const EPSILON = 1e-6
/** Kafka asks the resolver for a host; here it is enough that it could be one, which no name in `invalid` is (RFC 6761). */
const HOST = /^(?!(.*\.)?invalid$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i
const IPV6 = /^[0-9a-f:.]*:[0-9a-f:.]*$/i

/** Throws an ApiError for what no quota can be set of. */
export function mustBeQuotaEntity(entity: QuotaEntity): void {
  if (entity.size === 0) throw invalid('Invalid empty client quota entity')
  for (const { entityType, entityName } of asEntityFields(entity)) {
    if (!entityTypes.includes(entityType)) {
      throw invalid(`Unhandled client quota entity type: ${entityType}`)
    }
    if (entityName === '') throw invalid(`Empty ${entityType} not supported`)
  }
  if (!entity.has(IP)) return
  if (entity.size > 1) {
    const reason = 'Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId'
    throw invalid(reason)
  }
  const address = entity.get(IP) ?? null
  if (address !== null && !HOST.test(address) && !IPV6.test(address)) {
    throw invalid(`${address} is not a valid IP or resolvable host.`)
  }
}

/** Throws an ApiError for a quota that its entity cannot have, or not so high or low. */
export function mustBeQuota(entity: QuotaEntity, key: string, value: number): void {
  const type = (entity.has(IP) ? quotasOfAddresses : quotasOfClients).get(key)
  if (type === undefined) throw invalid(`Invalid configuration key ${key}`)
  if (value <= 0) throw invalid(`Quota ${key} must be greater than 0`)
  if (type === 'double') return
  if (value > largest[type]) {
    throw invalid(`Proposed value for ${key} is too large for ${type === 'int' ? 'an INT' : 'a LONG'}.`)
  }
  if (Math.abs(Math.trunc(value + EPSILON) - value) > EPSILON) {
    throw invalid(`${key} cannot be a fractional value.`)
  }
}

/** The types in the order in which Kafka tells and writes them. */
export function asEntityFields(entity: QuotaEntity) {
  const inOrder = inJavaMapOrder([...entity], ([type]) => javaHash(type), SMALLEST_TABLE)
  return inOrder.map(([entityType, entityName]) => ({ entityType, entityName }))
}

/** As Java hashes a table of names, of which a missing one is 0, and what has nothing but that. */
export function hashOfEntity(entity: QuotaEntity): number {
  let hash = 31
  for (const [type, name] of entity)
    hash = (hash + (javaHash(type) ^ (name === null ? 0 : javaHash(name)))) | 0
  return hash
}

/** The order in which Kafka goes through the quotas of an entity, in a table that is as small as it can be. */
export function inTableOfEntity<T>(quotas: readonly T[], keyOf: (quota: T) => string): T[] {
  return inJavaMapOrder(quotas, (quota) => javaHash(keyOf(quota)), SMALLEST_TABLE)
}

/** Those of one request, as they come to that table out of the larger one of what has changed. */
export function inOrderOfChanges<T>(quotas: readonly T[], keyOf: (quota: T) => string): T[] {
  const changed = inJavaMapOrder(quotas, (quota) => javaHash(keyOf(quota)))
  return inTableOfEntity(changed, keyOf)
}

export function isSameEntity(one: QuotaEntity, other: QuotaEntity): boolean {
  return one.size === other.size && [...one].every(([type, name]) => other.get(type) === name)
}

const EXACT = 0
const DEFAULT = 1
const SPECIFIED = 2

export interface QuotaFilter {
  readonly entityType: string
  readonly matchType: number
  readonly match: string | null
}

/** Throws an ApiError for what nothing can be found by. */
export function mustBeQuotaFilters(filters: readonly QuotaFilter[]): void {
  const seen = new Set<string>()
  for (const { entityType, matchType, match } of filters) {
    if (entityType === '') throw invalid('Invalid empty entity type.')
    if (!entityTypes.includes(entityType)) {
      throw new ApiError('UNSUPPORTED_VERSION', `Unsupported entity type ${entityType}`)
    }
    if (seen.has(entityType)) {
      throw invalid(`Entity type ${entityType} cannot appear more than once in the filter.`)
    }
    seen.add(entityType)
    mustMatch(matchType, match)
  }
  if (seen.has(IP) && seen.size > 1) {
    throw invalid(
      'Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.',
    )
  }
}

function mustMatch(matchType: number, match: string | null): void {
  if (matchType === EXACT) {
    if (match !== null) return
    throw invalid('Request specified MATCH_TYPE_EXACT, but set match string to null.')
  }
  if (matchType !== DEFAULT && matchType !== SPECIFIED) throw invalid(`Unknown match type ${matchType}`)
  if (match === null) return
  const name = matchType === DEFAULT ? 'DEFAULT' : 'SPECIFIED'
  throw invalid(`Request specified MATCH_TYPE_${name}, but also specified a match string.`)
}

/** A strict search is for entities that have the types of the filters, and no others. */
export function isFound(entity: QuotaEntity, filters: readonly QuotaFilter[], isStrict: boolean): boolean {
  if (isStrict && entity.size !== filters.length) return false
  return filters.every(({ entityType, matchType, match }) => {
    const name = entity.get(entityType)
    if (name === undefined) return false
    return matchType === SPECIFIED || name === (matchType === DEFAULT ? null : match)
  })
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_REQUEST', message)
}
