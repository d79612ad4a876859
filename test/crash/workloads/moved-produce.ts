import { alterReplicaLogDirs } from '../../../src/lib/protocol/apis/alter-replica-log-dirs.ts'
import { describeLogDirs } from '../../../src/lib/protocol/apis/describe-log-dirs.ts'
import type { Connection } from '../../conformance/wire/connection.ts'
import { readTopic } from '../read-topic.ts'
import { createTopic, mustBeFine, send } from '../requests.ts'
import type { Workload } from '../workload.ts'

const TOPIC = 'moved'
/** Of batches, from one move to the next. */
const BETWEEN_MOVES = 20

/** What was acknowledged while the partition is sent from one directory to the other and back, at its offset. */
export function movedProduce(): Workload {
  const acked = new Map<number, string>()
  let next = 0
  return {
    name: 'moved between directories',
    prepare: (connection) => createTopic(connection, TOPIC, 1),
    async step(connection, ack) {
      if (next % BETWEEN_MOVES === 0) await sendElsewhere(connection)
      const value = `value-${next++}`
      const { errorCode, baseOffset } = await send(connection, TOPIC, 0, [value])
      mustBeFine('Produce', errorCode)
      acked.set(baseOffset, value)
      ack()
    },
    async check(connection) {
      const { records } = await readTopic(connection, TOPIC, 0, 0)
      const read = new Map(records.map(({ offset, value }) => [offset, value]))
      for (const [offset, value] of acked) {
        if (read.get(offset) === value) continue
        throw new Error(`${value} was acknowledged at ${offset}, where ${read.get(offset) ?? 'nothing'} is`)
      }
      const found = await directories(connection)
      if (found.filter(({ isHere }) => isHere).length !== 1) throw new Error('it is not in one directory')
    },
  }
}

/** To the directory that it is not in, whether it is on its way there already or not. */
async function sendElsewhere(connection: Connection): Promise<void> {
  const other = (await directories(connection)).find(({ isHere }) => !isHere)
  if (other === undefined) throw new Error('there is no other directory')
  const dirs = [{ path: other.path, topics: [{ name: TOPIC, partitions: [0] }] }]
  const { results } = await connection.ask(alterReplicaLogDirs, 2, { dirs })
  mustBeFine('AlterReplicaLogDirs', results[0]?.partitions[0]?.errorCode)
}

async function directories(connection: Connection): Promise<{ path: string; isHere: boolean }[]> {
  const asked = { topics: [{ topic: TOPIC, partitions: [0] }] }
  const { results } = await connection.ask(describeLogDirs, 4, asked)
  return results.map(({ logDir, topics }) => ({
    path: logDir,
    isHere: topics.some(({ partitions }) => partitions.some(({ isFutureKey }) => !isFutureKey)),
  }))
}
