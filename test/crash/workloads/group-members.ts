import { setTimeout as pass } from 'node:timers/promises'
import { describeGroups } from '../../../src/lib/protocol/apis/describe-groups.ts'
import { joinGroup } from '../../../src/lib/protocol/apis/join-group.ts'
import { syncGroup } from '../../../src/lib/protocol/apis/sync-group.ts'
import { errorCodes } from '../../../src/lib/protocol/error-codes.ts'
import { coordinatorIsThere, mustBeFine } from '../requests.ts'
import type { Workload } from '../workload.ts'

const GROUP = 'crash-members'

/** What a member has been told to be its assignment is still that, or what it was about to be told. */
export function groupMembers(): Workload {
  let memberId = ''
  let acked = 0
  let asked = 0
  return {
    name: 'group members',
    prepare: (connection) => coordinatorIsThere(connection, GROUP, 0),
    async step(connection, ack) {
      const joined = await connection.ask(joinGroup, 3, {
        ...{ groupId: GROUP, sessionTimeoutMs: 60_000, rebalanceTimeoutMs: 60_000, memberId },
        ...{ protocolType: 'test', protocols: [{ name: 'one', metadata: Buffer.alloc(0) }] },
      })
      if (joined.errorCode === errorCodes.UNKNOWN_MEMBER_ID && acked === 0) {
        // Its first join had not come to an assignment.
        memberId = ''
        return
      }
      mustBeFine('JoinGroup', joined.errorCode)
      memberId = joined.memberId
      asked++
      const assignments = [{ memberId, assignment: Buffer.from(String(asked)) }]
      const generationId = joined.generationId
      const synced = await connection.ask(syncGroup, 3, {
        groupId: GROUP,
        generationId,
        memberId,
        assignments,
      })
      mustBeFine('SyncGroup', synced.errorCode)
      acked = asked
      ack()
      // The others have more to do in a step, and need the processor.
      await pass(10)
    },
    async check(connection) {
      if (acked === 0) return
      const { groups } = await connection.ask(describeGroups, 5, { groups: [GROUP] })
      const member = groups[0]?.members.find((each) => each.memberId === memberId)
      const assigned = Number(Buffer.from(member?.memberAssignment ?? []).toString())
      if (groups[0]?.groupState !== 'Stable' || assigned < acked || assigned > asked) {
        const state = `${groups[0]?.groupState}, ${assigned} is assigned`
        throw new Error(`assignment ${acked} was acknowledged, ${asked} was asked for: ${state}`)
      }
    },
  }
}
