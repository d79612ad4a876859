import { type AclFilter, isMeant } from '../../model/acl-filter.ts'
import type { Acl, AclsView } from '../../model/acls.ts'
import { newPlan, type Planned, type PlanOrigin, type Step } from '../../model/plan.ts'
import { ACLS_PLAN, aclAsPlan, aclInWords } from './acl-value.ts'

/** Entries that shall be there; those that are there already are told as unchanged. */
export async function planAddedAcls(
  view: AclsView,
  acls: readonly Acl[],
  origin: PlanOrigin,
): Promise<Planned> {
  const known = new Set((await view.list()).map(aclInWords))
  const steps = acls.map((acl): Step => {
    const item = aclInWords(acl)
    return {
      item,
      action: 'add',
      before: known.has(item) ? aclAsPlan(acl) : null,
      after: aclAsPlan(acl),
    }
  })
  return { plan: newPlan(ACLS_PLAN, origin, steps), failures: [] }
}

/** Whatever entries are meant. */
export async function planDeletedAcls(
  view: AclsView,
  filter: AclFilter,
  origin: PlanOrigin,
): Promise<Planned> {
  const meant = (await view.list()).filter((acl) => isMeant(acl, filter))
  const steps = meant.map(
    (acl): Step => ({ item: aclInWords(acl), action: 'delete', before: aclAsPlan(acl), after: null }),
  )
  return { plan: newPlan(ACLS_PLAN, origin, steps), failures: [] }
}
