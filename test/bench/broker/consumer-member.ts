import { randomUUID } from 'node:crypto'
import { consumerGroupHeartbeat } from '../../../src/lib/protocol/apis/consumer-group-heartbeat.ts'
import { Connection } from '../../conformance/wire/connection.ts'

const EVERY_MS = 100
const LEAVES = -1

/** A member of a group of KIP-848, which gives back at once what it is to give back. */
export class ConsumerMember {
  /** Its epoch. */
  generation = 0
  partitions: readonly number[] = []
  readonly #port: number
  readonly #groupId: string
  readonly #topic: string
  readonly #memberId = randomUUID()
  #topicId = ''
  #isLeaving = false
  #gone: () => void = () => {}

  constructor(port: number, groupId: string, topic: string) {
    this.#port = port
    this.#groupId = groupId
    this.#topic = topic
  }

  async live(): Promise<void> {
    const connection = await Connection.open(this.#port)
    while (!this.#isLeaving) {
      await this.#beat(connection)
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
    this.generation = LEAVES
    await this.#beat(connection)
    connection.close()
    this.#gone()
  }

  leave(): Promise<void> {
    this.#isLeaving = true
    return new Promise((resolve) => {
      this.#gone = resolve
    })
  }

  async #beat(connection: Connection): Promise<void> {
    const owned =
      this.partitions.length === 0 ? [] : [{ topicId: this.#topicId, partitions: this.partitions }]
    const answer = await connection.ask(consumerGroupHeartbeat, 1, {
      groupId: this.#groupId,
      memberId: this.#memberId,
      memberEpoch: this.generation,
      rebalanceTimeoutMs: 60_000,
      subscribedTopicNames: [this.#topic],
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
