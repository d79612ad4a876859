import { offsetCommit } from '../../../src/lib/protocol/apis/offset-commit.ts'
import { offsetFetch } from '../../../src/lib/protocol/apis/offset-fetch.ts'
import { coordinatorIsThere, createTopic, mustBeFine } from '../requests.ts'
import type { Workload } from '../workload.ts'

const TOPIC = 'committed'
const GROUP = 'crash-group'

/** A group's offset never goes back behind one that was acknowledged, nor beyond one that was asked for. */
export function groupCommits(): Workload {
  let acked = 0
  let asked = 0
  return {
    name: 'group commits',
    async prepare(connection) {
      await createTopic(connection, TOPIC, 1)
      await coordinatorIsThere(connection, GROUP, 0)
    },
    async step(connection, ack) {
      asked++
      const partitions = [
        { partitionIndex: 0, committedOffset: BigInt(asked), committedMetadata: `at ${asked}` },
      ]
      const answer = await connection.ask(offsetCommit, 7, {
        groupId: GROUP,
        topics: [{ name: TOPIC, partitions }],
      })
      mustBeFine('OffsetCommit', answer.topics[0]?.partitions[0]?.errorCode)
      acked = asked
      ack()
    },
    async check(connection) {
      const topics = [{ name: TOPIC, partitionIndexes: [0] }]
      const answer = await connection.ask(offsetFetch, 7, { groupId: GROUP, topics })
      const offset = Number(answer.topics[0]?.partitions[0]?.committedOffset)
      if (offset < acked || offset > asked) {
        throw new Error(`offset ${acked} was acknowledged, ${asked} was asked for, ${offset} is committed`)
      }
    },
  }
}
