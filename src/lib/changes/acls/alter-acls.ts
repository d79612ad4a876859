import { DataError } from '../../errors.ts'
import type { Acl, AclsView } from '../../model/acls.ts'
import type { AclsChanger } from '../../model/acls-changer.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Change, PlanValue, Step } from '../../model/plan.ts'
import { ACLS_PLAN, aclAsPlan, aclInWords, aclOfPlan } from '../../operations/acls/acl-value.ts'

/** Entries that come and go; to undo it is the same with its ends exchanged. */
export function alterAclsChange(acls: AclsChanger & AclsView): Change {
  return {
    kind: ACLS_PLAN,
    isIrreversible: false,
    async now(_plan, steps) {
      const known = new Map((await acls.list()).map((acl) => [aclInWords(acl), acl]))
      return steps.map((step): Outcome<PlanValue> => {
        const acl = known.get(aclInWords(aclOf(step)))
        return { item: step.item, outcome: acl === undefined ? null : aclAsPlan(acl) }
      })
    },
    shown: ({ before, after }) => ({ before: permissionOf(before), after: permissionOf(after) }),
    async perform(_plan, steps) {
      const added = steps.filter(({ after }) => after !== null)
      const deleted = steps.filter(({ after }) => after === null)
      const outcomes = new Map<Step, Outcome<null>>([
        ...paired(added, added.length === 0 ? [] : await acls.add(added.map(aclOf))),
        ...paired(deleted, deleted.length === 0 ? [] : await acls.delete(deleted.map(aclOf))),
      ])
      return steps.map((step) => outcomes.get(step) ?? { item: step.item, outcome: null })
    },
  }
}

/** All else of it is said by the item. */
function permissionOf(value: PlanValue): PlanValue {
  return aclOfPlan(value)?.permission ?? null
}

function paired(steps: readonly Step[], outcomes: readonly Outcome<null>[]): [Step, Outcome<null>][] {
  return steps.flatMap((step, i): [Step, Outcome<null>][] => {
    const told = outcomes[i]
    return told === undefined ? [] : [[step, { item: step.item, outcome: told.outcome }]]
  })
}

function aclOf(step: Step): Acl {
  const acl = aclOfPlan(step.after ?? step.before)
  if (acl !== null) return acl
  throw new DataError('malformed-plan', `the plan does not say which entry "${step.item}" is`)
}
