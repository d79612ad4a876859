import { randomUUID } from 'node:crypto'
import { consumerGroupHeartbeat } from '../../../src/lib/protocol/apis/consumer-group-heartbeat.ts'
import type { Connection } from '../../conformance/wire/connection.ts'
import { GroupMember, type Membership, rest } from './group-member.ts'

const LEAVES = -1

/** A member of a group of KIP-848, which gives back at once what it is to give back. */
export class ConsumerMember extends GroupMember {
  readonly #memberId = randomUUID()
  #topicId = ''

  constructor(membership: Membership) {
    super(membership, 0)
  }

  protected async stay(connection: Connection): Promise<void> {
    await this.#beat(connection)
    await rest()
  }

  protected async sayGoodbye(connection: Connection): Promise<void> {
    this.generation = LEAVES
    await this.#beat(connection)
  }

  async #beat(connection: Connection): Promise<void> {
    const owned =
      this.partitions.length === 0 ? [] : [{ topicId: this.#topicId, partitions: this.partitions }]
    const answer = await connection.ask(consumerGroupHeartbeat, 1, {
      groupId: this.membership.groupId,
      memberId: this.#memberId,
      memberEpoch: this.generation,
      rebalanceTimeoutMs: 60_000,
      subscribedTopicNames: [this.membership.topic],
      topicPartitions: owned.map(({ topicId, partitions }) => ({ topicId, partitions: [...partitions] })),
    })
    if (answer.errorCode !== 0) throw new Error(`ConsumerGroupHeartbeat: ${answer.errorCode}`)
    this.generation = answer.memberEpoch
    if (answer.assignment === null) return
    const [assigned] = answer.assignment.topicPartitions
    this.#topicId = assigned?.topicId ?? ''
    this.partitions = assigned?.partitions ?? []
  }
}
