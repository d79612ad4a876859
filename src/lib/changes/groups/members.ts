import { FailedError, KtoolError } from '../../errors.ts'
import type { Group, GroupMember } from '../../model/groups.ts'
import type { GroupsChanger, Leaver } from '../../model/groups-changer.ts'
import type { Outcome } from '../../model/outcome.ts'
import { type Change, isPlanObject, type PlanValue, type Step } from '../../model/plan.ts'

export const MEMBERS_KIND = 'groups.kick'

const REASON = 'removed by an operator with ktool'

/** Removes members: live ones come again under another id, and nothing brings back those that do not. */
export function changeMembers(groups: GroupsChanger): Change {
  return {
    kind: MEMBERS_KIND,
    isIrreversible: false,
    inverse: () => null,
    now: (_plan, steps) => membersNow(groups, steps),
    perform: (_plan, steps) => groups.removeMembers(steps.map(leaverOf), REASON),
  }
}

/** `billing consumer-1-5f2c…`: ids of members have no spaces unless the client's own has. */
export function memberItem(group: string, { memberId }: Pick<GroupMember, 'memberId'>): string {
  return `${group} ${memberId}`
}

export function memberValue(group: string, { memberId, instanceId, clientId, host }: GroupMember): PlanValue {
  return { group, memberId, instanceId, clientId, host }
}

async function membersNow(groups: GroupsChanger, steps: readonly Step[]): Promise<Outcome<PlanValue>[]> {
  const leavers = steps.map(leaverOf)
  const names = [...new Set(leavers.map(({ group }) => group))]
  const described = new Map((await groups.view.describe(names)).map(({ item, outcome }) => [item, outcome]))
  return steps.map(({ item }, i) => {
    const leaver = leavers[i]
    const group = leaver === undefined ? undefined : described.get(leaver.group)
    return { item, outcome: valueNow(group, leaver) }
  })
}

function valueNow(group: Group | KtoolError | undefined, leaver: Leaver | undefined): PlanValue | KtoolError {
  if (group instanceof KtoolError) return group
  const member = group?.members.find(({ memberId }) => memberId === leaver?.memberId)
  return group === undefined || member === undefined ? null : memberValue(group.group, member)
}

function leaverOf({ item, before }: Step): Leaver {
  if (isPlanObject(before) && 'memberId' in before) {
    const { group, memberId, instanceId } = before
    if (typeof group === 'string' && typeof memberId === 'string') {
      return { group, memberId, instanceId: typeof instanceId === 'string' ? instanceId : null }
    }
  }
  throw new FailedError('bad-plan', `the plan does not say which member "${item}" is`)
}
