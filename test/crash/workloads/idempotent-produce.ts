import { readTopic } from '../read-topic.ts'
import { createTopic, mustBeFine, newProducer, type ProducerIdentity, send } from '../requests.ts'
import type { Workload } from '../workload.ts'

const TOPIC = 'idempotent'
const BATCH = 3

/** acks=all: each batch is sent until it is acknowledged, over any number of kills, and is there once. */
export function idempotentProduce(): Workload {
  let producer: ProducerIdentity | undefined
  let acked = 0
  let unacked: readonly string[] | undefined
  return {
    name: 'idempotent, acks=all',
    async prepare(connection) {
      await createTopic(connection, TOPIC, 1)
      producer = await newProducer(connection, null)
    },
    async step(connection, ack) {
      unacked ??= Array.from({ length: BATCH }, (_, i) => `value-${acked + i}`)
      const { errorCode } = await send(connection, TOPIC, 0, unacked, { ...producer, baseSequence: acked })
      mustBeFine('Produce', errorCode)
      acked += BATCH
      unacked = undefined
      ack()
    },
    async check(connection) {
      const { records } = await readTopic(connection, TOPIC, 0, 0)
      const values = records.map(({ value }) => value)
      const isRight = values.every((value, i) => value === `value-${i}`)
      const most = acked + (unacked === undefined ? 0 : BATCH)
      if (isRight && values.length >= acked && values.length <= most) return
      throw new Error(
        `${acked} to ${most} values in order were due; there are ${values.length}: ${values.slice(-9)}`,
      )
    },
  }
}
