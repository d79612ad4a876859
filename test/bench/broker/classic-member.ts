import { heartbeat } from '../../../src/lib/protocol/apis/heartbeat.ts'
import { joinGroup } from '../../../src/lib/protocol/apis/join-group.ts'
import { leaveGroup } from '../../../src/lib/protocol/apis/leave-group.ts'
import { syncGroup } from '../../../src/lib/protocol/apis/sync-group.ts'
import { errorCodes } from '../../../src/lib/protocol/error-codes.ts'
import type { Connection } from '../../conformance/wire/connection.ts'
import { GroupMember, type Membership, rest } from './group-member.ts'

/** A member of a group of before KIP-848; whoever leads gives each partition to the next of all in turn. */
export class ClassicMember extends GroupMember {
  #memberId = ''
  #isMember = false

  constructor(membership: Membership) {
    super(membership, -1)
  }

  protected async stay(connection: Connection): Promise<void> {
    if (!this.#isMember) this.#isMember = await this.#join(connection)
    if (!this.#isMember) return
    await rest()
    this.#isMember = await this.#beat(connection)
  }

  protected async sayGoodbye(connection: Connection): Promise<void> {
    await connection.ask(leaveGroup, 3, {
      groupId: this.membership.groupId,
      members: [{ memberId: this.#memberId }],
    })
  }

  async #join(connection: Connection): Promise<boolean> {
    const joined = await connection.ask(joinGroup, 5, {
      groupId: this.membership.groupId,
      sessionTimeoutMs: 45_000,
      rebalanceTimeoutMs: 60_000,
      memberId: this.#memberId,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: subscriptionTo(this.membership.topic) }],
    })
    this.#memberId = joined.memberId
    if (joined.errorCode !== 0) return false
    const ids = joined.members.map(({ memberId }) => memberId)
    const synced = await connection.ask(syncGroup, 3, {
      groupId: this.membership.groupId,
      generationId: joined.generationId,
      memberId: this.#memberId,
      assignments: ids.map((memberId, i) => ({ memberId, assignment: assignmentOf(i, ids.length) })),
    })
    if (synced.errorCode !== 0) return false
    this.partitions = partitionsIn(synced.assignment)
    this.generation = joined.generationId
    return true
  }

  /** Returns whether it may stay in its generation. */
  async #beat(connection: Connection): Promise<boolean> {
    const { errorCode } = await connection.ask(heartbeat, 3, {
      groupId: this.membership.groupId,
      generationId: this.generation,
      memberId: this.#memberId,
    })
    if (errorCode === errorCodes.UNKNOWN_MEMBER_ID) throw new Error('Heartbeat: the member is not known')
    return errorCode === 0
  }
}

/** Of the `i`-th of so many members: what the leader alone needs to know, so no more than the numbers. */
function assignmentOf(i: number, members: number): Buffer {
  const numbers = Array.from({ length: 500 }, (_, partition) => partition).filter((p) => p % members === i)
  return Buffer.from(Uint16Array.from(numbers).buffer)
}

function partitionsIn(assignment: Buffer): number[] {
  const bytes = Uint8Array.from(assignment)
  return [...new Uint16Array(bytes.buffer)]
}

/** ConsumerProtocolSubscription 0: the topic, and no data of its own. */
function subscriptionTo(topic: string): Buffer {
  const bytes = Buffer.alloc(2 + 4 + 2 + topic.length + 4)
  bytes.writeInt32BE(1, 2)
  bytes.writeInt16BE(topic.length, 6)
  bytes.write(topic, 8)
  bytes.writeInt32BE(-1, 8 + topic.length)
  return bytes
}
