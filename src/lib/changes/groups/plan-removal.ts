import { FailedError, KtoolError } from '../../errors.ts'
import type { GroupMember, GroupsView } from '../../model/groups.ts'
import { newPlan, type Planned, type PlanOrigin } from '../../model/plan.ts'
import { MEMBERS_KIND, memberItem, memberValue } from './members.ts'

/** Who is to leave: everyone, or those that are named. */
export interface WantedMembers {
  readonly memberIds: readonly string[]
  readonly instanceIds: readonly string[]
  readonly isAll: boolean
}

/** Members of a group that are to leave it; one that is not in it is a failure. */
export async function planRemoval(
  view: GroupsView,
  group: string,
  wanted: WantedMembers,
  origin: PlanOrigin,
): Promise<Planned> {
  const [described] = await view.describe([group])
  const found = described?.outcome
  if (found === undefined || found instanceof KtoolError) {
    return { plan: newPlan(MEMBERS_KIND, origin, []), failures: found ? [{ item: group, error: found }] : [] }
  }
  const isWanted = ({ memberId, instanceId }: GroupMember) =>
    wanted.isAll ||
    wanted.memberIds.includes(memberId) ||
    (instanceId !== null && wanted.instanceIds.includes(instanceId))
  const steps = found.members.filter(isWanted).map((member) => ({
    item: memberItem(group, member),
    action: 'remove',
    before: memberValue(group, member),
    after: null,
  }))
  const absent = [
    ...wanted.memberIds.filter((id) => !found.members.some(({ memberId }) => memberId === id)),
    ...wanted.instanceIds.filter((id) => !found.members.some(({ instanceId }) => instanceId === id)),
  ]
  const failures = absent.map((id) => ({ item: id, error: notInGroup(id, group) }))
  const warnings =
    steps.length === 0 ? [] : ['a member that is alive joins again, unless its program ends instead']
  return { plan: newPlan(MEMBERS_KIND, origin, steps, { warnings }), failures }
}

function notInGroup(id: string, group: string): FailedError {
  return new FailedError('member-not-found', `"${id}" is no member of the group "${group}"`, {
    hint: `ktool groups describe ${group} --members names them`,
  })
}
