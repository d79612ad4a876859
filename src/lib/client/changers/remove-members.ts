import { KtoolError } from '../../errors.ts'
import type { Leaver } from '../../model/groups-changer.ts'
import type { Outcome } from '../../model/outcome.ts'
import { leaveGroup } from '../../protocol/apis/leave-group.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { askCoordinators } from '../routing/by-coordinator.ts'
import { coordinated } from '../routing/coordinated.ts'
import { inParallel } from '../routing/in-parallel.ts'
import { orRefusal, type Refusal } from '../routing/refusal.ts'

/** Kafka 2.4 and later let several go at once, and know static members. */
const SEVERAL = 3
const AT_ONCE = 8

type Left = ReadonlyMap<string, KtoolError | null>

export async function removeMembers(
  cluster: Cluster,
  members: readonly Leaver[],
  reason: string,
): Promise<Outcome<null>[]> {
  const groups = [...new Set(members.map(({ group }) => group))]
  const answers = await askCoordinators(cluster, coordinated.group, groups, async (connection, own) => {
    const left = await inParallel(own, AT_ONCE, async (group) => {
      const leaving = members.filter((each) => each.group === group)
      return [group, await leave(cluster, connection, leaving, reason)] as const
    })
    return new Map(left)
  })
  return members.map((member) => {
    const answer = answers.get(member.group)
    const outcome = answer instanceof KtoolError ? answer : (answer?.get(member.memberId) ?? null)
    return { item: member.memberId, outcome }
  })
}

async function leave(
  cluster: Cluster,
  connection: Connection,
  leaving: readonly Leaver[],
  reason: string,
): Promise<Left | Refusal> {
  const groupId = leaving[0]?.group ?? ''
  if (!connection.versions.has(leaveGroup, { min: SEVERAL })) {
    const left = await inParallel(leaving, AT_ONCE, async ({ memberId }) => {
      const { errorCode } = await cluster.askOf(connection, leaveGroup, { groupId, memberId })
      return [memberId, orNull(errorCode)] as const
    })
    return new Map(left)
  }
  const asked = leaving.map(({ memberId, instanceId }) => ({
    memberId,
    groupInstanceId: instanceId,
    reason,
  }))
  const answer = await cluster.askOf(connection, leaveGroup, { groupId, members: asked }, { min: SEVERAL })
  return orRefusal(
    answer.errorCode,
    () => new Map(answer.members.map(({ memberId, errorCode }) => [memberId, orNull(errorCode)])),
  )
}

function orNull(errorCode: number): KtoolError | null {
  return errorCode === 0 ? null : brokerError(errorCode)
}
