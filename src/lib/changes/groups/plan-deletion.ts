import { FailedError, KtoolError } from '../../errors.ts'
import type { GroupsView } from '../../model/groups.ts'
import { isPlanObject, newPlan, type Planned, type PlanOrigin, type Step } from '../../model/plan.ts'
import { groupStandings, refusalOf } from '../../operations/group-standing.ts'
import { DELETED_GROUPS_KIND, groupValue } from './deleted-groups.ts'

/** Groups that are to be deleted; those with members, and those that are not there, are failures. */
export async function planDeletion(
  view: GroupsView,
  groups: readonly string[],
  origin: PlanOrigin,
): Promise<Planned> {
  const steps: Step[] = []
  const failures: Planned['failures'][number][] = []
  for (const { group, standing } of await groupStandings(view, groups)) {
    const error = standing instanceof KtoolError ? standing : refusalOf(group, standing.members)
    if (standing instanceof KtoolError || error !== undefined) {
      failures.push({ item: group, error: error ?? noGroup(group) })
    } else if (standing.type === null) failures.push({ item: group, error: noGroup(group) })
    else steps.push({ item: group, action: 'delete', before: groupValue(standing), after: null })
  }
  const shares = steps.filter(({ before }) => isShare(before)).map(({ item }) => `"${item}"`)
  const warnings =
    shares.length === 0 ? [] : [`nothing brings back where share groups were: ${shares.join(', ')}`]
  return { plan: newPlan(DELETED_GROUPS_KIND, origin, steps, { warnings }), failures }
}

function isShare(value: Step['before']): boolean {
  return isPlanObject(value) && 'type' in value && value.type === 'Share'
}

function noGroup(group: string): FailedError {
  return new FailedError('group-not-found', `there is no group "${group}"`, {
    hint: 'ktool groups list names them all',
  })
}
