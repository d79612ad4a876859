import { UsageError } from '../../errors.ts'
import type { ItemFailure } from '../../model/outcome.ts'
import { newPlan, type Planned, type PlanOrigin, type Step } from '../../model/plan.ts'
import type { Quota, QuotasView } from '../../model/quotas.ts'
import { entityInWords, isMeant, type QuotaEntity } from '../quota-entity.ts'
import { noSuchQuota, QUOTAS_PLAN, quotaAsPlan, quotaInWords } from './quota-value.ts'

/** Limits by name, as they shall be for one entity. */
export async function planSetQuotas(
  view: QuotasView,
  entity: QuotaEntity,
  values: ReadonlyMap<string, number>,
  origin: PlanOrigin,
): Promise<Planned> {
  const own = await quotasOf(view, entity)
  const failures = unknownQuotas(entity, [...values.keys()])
  const meant = [...values].filter(([quota]) => noSuchQuota(entity, quota) === undefined)
  const steps = meant.map(([quota, value]): Step => {
    const before = own.find((each) => each.quota === quota)
    const after = { entity, quota, value }
    return {
      item: quotaInWords(after),
      action: 'set',
      before: before === undefined ? null : quotaAsPlan(before),
      after: quotaAsPlan(after),
    }
  })
  return { plan: newPlan(QUOTAS_PLAN, origin, steps), failures }
}

/** The named limits of an entity, or all that it has; those that it does not have are gone already. */
export async function planDeletedQuotas(
  view: QuotasView,
  entity: QuotaEntity,
  names: readonly string[] | undefined,
  origin: PlanOrigin,
): Promise<Planned> {
  const own = await quotasOf(view, entity)
  const meant = own.filter(({ quota }) => names === undefined || names.includes(quota))
  const steps = meant.map(
    (quota): Step => ({
      item: quotaInWords(quota),
      action: 'delete',
      before: quotaAsPlan(quota),
      after: null,
    }),
  )
  const absent = (names ?? []).filter((name) => !meant.some(({ quota }) => quota === name))
  return { plan: newPlan(QUOTAS_PLAN, origin, steps), failures: unknownQuotas(entity, absent) }
}

function unknownQuotas(entity: QuotaEntity, names: readonly string[]): ItemFailure[] {
  return names.flatMap((quota) => {
    const error = noSuchQuota(entity, quota)
    return error === undefined ? [] : [{ item: quotaInWords({ entity, quota }), error }]
  })
}

async function quotasOf(view: QuotasView, entity: QuotaEntity): Promise<readonly Quota[]> {
  return (await view.list()).filter((each) => isMeant(each.entity, entity, true))
}

/** Kafka knows users, clients, both together, and addresses. */
export function mustBeEntity(entity: QuotaEntity): void {
  const types = Object.keys(entity)
  if (types.length === 0 || (types.includes('ip') && types.length > 1)) {
    const said = types.length === 0 ? 'nobody' : entityInWords(entity)
    throw new UsageError(
      'no-entity',
      `quotas are of a user, a client id, both, or an address; this is of ${said}`,
      {
        hint: "--user alice, --user alice --client-id app, --ip 10.0.0.7; '<default>' is all without a quota",
      },
    )
  }
}

/** `producer_byte_rate=1048576`. */
export function parseQuotaValues(texts: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    texts.map((text) => {
      const [, quota = '', number = ''] = /^([^=]+)=(.+)$/.exec(text) ?? []
      const value = Number(number)
      if (quota !== '' && number.trim() !== '' && Number.isFinite(value)) return [quota, value] as const
      throw new UsageError('invalid-quota', `"${text}" is no limit`, {
        hint: 'producer_byte_rate=1048576, consumer_byte_rate=…, request_percentage=…, controller_mutation_rate=…',
      })
    }),
  )
}
