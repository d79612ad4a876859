import type { Connection } from '../../conformance/wire/connection.ts'
import { readTopic } from '../read-topic.ts'
import { createTopic, mustBeFine, send } from '../requests.ts'
import type { Workload } from '../workload.ts'

const TOPIC = 'plain'

/** acks=1: what was acknowledged is there, at the offset that was told. */
export function plainProduce(): Workload {
  const acked = new Map<number, string>()
  let next = 0
  return {
    name: 'acks=1',
    prepare: (connection) => createTopic(connection, TOPIC, 1),
    async step(connection, ack) {
      const values = Array.from({ length: 5 }, () => `value-${next++}`)
      const { errorCode, baseOffset } = await send(connection, TOPIC, 0, values, { acks: 1 })
      mustBeFine('Produce', errorCode)
      for (const [i, value] of values.entries()) acked.set(baseOffset + i, value)
      ack()
    },
    async check(connection: Connection) {
      const { records } = await readTopic(connection, TOPIC, 0, 0)
      const read = new Map(records.map(({ offset, value }) => [offset, value]))
      for (const [offset, value] of acked) {
        if (read.get(offset) !== value) {
          throw new Error(`${value} was acknowledged at ${offset}, where ${read.get(offset) ?? 'nothing'} is`)
        }
      }
    },
  }
}
