import { FailedError, type KtoolError } from '../../errors.ts'
import { isPlanObject, type PlanValue } from '../../model/plan.ts'
import type { Quota } from '../../model/quotas.ts'
import { nearest } from '../../values/nearest.ts'
import { entityInWords, type QuotaEntity } from '../quota-entity.ts'

export const QUOTAS_PLAN = 'quotas.alter'

export function quotaInWords({ entity, quota }: Pick<Quota, 'entity' | 'quota'>): string {
  return `${entityInWords(entity)} ${quota}`
}

/** Its parts in one order, so that two of the same are the same. */
export function quotaAsPlan({ entity, quota, value }: Quota): PlanValue {
  const parts = Object.entries(entity).sort(([a], [b]) => (a < b ? -1 : 1))
  return { entity: Object.fromEntries(parts), quota, value }
}

/** Null where the value is of something else. */
export function quotaOfPlan(planned: PlanValue): Quota | null {
  if (!isPlanObject(planned)) return null
  const { entity, quota, value } = Object.fromEntries(Object.entries(planned))
  if (typeof quota !== 'string' || typeof value !== 'number') return null
  if (!isPlanObject(entity)) return null
  const parts = Object.entries(entity)
  const isNamed = parts.every(([, name]) => name === null || typeof name === 'string')
  return isNamed ? { entity: entity as Quota['entity'], quota, value } : null
}

const ofClients = [
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
]
const ofAddresses = ['connection_creation_rate']

/** Why an entity has no such limit; nothing where it may have one. Kafka takes it for done to delete any. */
export function noSuchQuota(entity: QuotaEntity, quota: string): KtoolError | undefined {
  const known = 'ip' in entity ? ofAddresses : ofClients
  if (known.includes(quota)) return undefined
  const [meant] = nearest(quota, known, 1)
  const guess = meant === undefined ? '' : `did you mean ${meant}? `
  return new FailedError('no-such-quota', `${entityInWords(entity)} has no limit ${quota}`, {
    hint: `${guess}there is ${known.join(', ')}`,
    details: { entity, quota },
  })
}
