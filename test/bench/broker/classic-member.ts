import { heartbeat } from '../../../src/lib/protocol/apis/heartbeat.ts'
import { joinGroup } from '../../../src/lib/protocol/apis/join-group.ts'
import { leaveGroup } from '../../../src/lib/protocol/apis/leave-group.ts'
import { syncGroup } from '../../../src/lib/protocol/apis/sync-group.ts'
import { errorCodes } from '../../../src/lib/protocol/error-codes.ts'
import { Connection } from '../../conformance/wire/connection.ts'

const EVERY_MS = 100

/** A member of a group of before KIP-848; whoever leads gives each partition to the next of all in turn. */
export class ClassicMember {
  generation = -1
  partitions: readonly number[] = []
  readonly #port: number
  readonly #groupId: string
  readonly #topic: string
  #memberId = ''
  #isLeaving = false
  #gone: () => void = () => {}

  constructor(port: number, groupId: string, topic: string) {
    this.#port = port
    this.#groupId = groupId
    this.#topic = topic
  }

  async live(): Promise<void> {
    const connection = await Connection.open(this.#port)
    let isMember = false
    while (!this.#isLeaving) {
      if (!isMember) isMember = await this.#join(connection)
      if (!isMember) continue
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
      isMember = await this.#beat(connection)
    }
    await connection.ask(leaveGroup, 3, {
      groupId: this.#groupId,
      members: [{ memberId: this.#memberId }],
    })
    connection.close()
    this.#gone()
  }

  leave(): Promise<void> {
    this.#isLeaving = true
    return new Promise((resolve) => {
      this.#gone = resolve
    })
  }

  async #join(connection: Connection): Promise<boolean> {
    const joined = await connection.ask(joinGroup, 5, {
      groupId: this.#groupId,
      sessionTimeoutMs: 45_000,
      rebalanceTimeoutMs: 60_000,
      memberId: this.#memberId,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: subscriptionTo(this.#topic) }],
    })
    this.#memberId = joined.memberId
    if (joined.errorCode !== 0) return false
    const ids = joined.members.map(({ memberId }) => memberId)
    const synced = await connection.ask(syncGroup, 3, {
      groupId: this.#groupId,
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
      groupId: this.#groupId,
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
