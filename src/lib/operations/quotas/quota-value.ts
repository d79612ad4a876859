import { isPlanObject, type PlanValue } from '../../model/plan.ts'
import type { Quota } from '../../model/quotas.ts'
import { entityInWords } from '../quota-entity.ts'

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
