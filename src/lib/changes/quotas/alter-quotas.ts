import { DataError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Change, PlanValue, Step } from '../../model/plan.ts'
import type { Quota, QuotasView } from '../../model/quotas.ts'
import type { QuotaEdit, QuotasChanger } from '../../model/quotas-changer.ts'
import { isMeant } from '../../operations/quota-entity.ts'
import { QUOTAS_PLAN, quotaAsPlan, quotaOfPlan } from '../../operations/quotas/quota-value.ts'

/** Limits that are set and taken away; to undo it is the same with its ends exchanged. */
export function alterQuotasChange(quotas: QuotasChanger & QuotasView): Change {
  const edit = (steps: readonly Step[], isTrial: boolean) => quotas.edit(steps.map(editOf), isTrial)
  return {
    kind: QUOTAS_PLAN,
    isIrreversible: false,
    async now(_plan, steps) {
      const known = await quotas.list()
      return steps.map((step): Outcome<PlanValue> => {
        const { entity, quota } = quotaOf(step)
        const found = known.find((each) => each.quota === quota && isMeant(each.entity, entity, true))
        return { item: step.item, outcome: found === undefined ? null : quotaAsPlan(found) }
      })
    },
    shown: ({ before, after }) => ({
      before: quotaOfPlan(before)?.value ?? null,
      after: quotaOfPlan(after)?.value ?? null,
    }),
    perform: (_plan, steps) => edit(steps, false),
    tryOut: (_plan, steps) => edit(steps, true),
  }
}

function editOf(step: Step): QuotaEdit {
  const { entity, quota, value } = quotaOf(step)
  return { entity, quota, value: step.after === null ? null : value }
}

function quotaOf(step: Step): Quota {
  const quota = quotaOfPlan(step.after ?? step.before)
  if (quota !== null) return quota
  throw new DataError('malformed-plan', `the plan does not say which limit "${step.item}" is`)
}
