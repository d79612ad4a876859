import { produce } from '../../../src/lib/protocol/apis/produce.ts'
import { BatchWriter } from '../../../src/lib/records/batch-writer.ts'
import type { Connection } from '../../conformance/wire/connection.ts'
import { readTopic } from '../read-topic.ts'
import { createTopic, mustBeFine } from '../requests.ts'
import type { Workload } from '../workload.ts'

const TOPIC = 'compacted'
const KEYS = 40
const AT_ONCE = 20
const alwaysDirty = [
  { name: 'cleanup.policy', value: 'compact' },
  { name: 'min.cleanable.dirty.ratio', value: '0.001' },
]
/** So that segments fill, and there is something to take out. */
const padding = 'x'.repeat(100)

/** Of each key the last value that was acknowledged is there, or a later one that was asked for. */
export function compactedProduce(): Workload {
  const acked = new Map<string, number>()
  let asked = 0
  let highest = -1
  return {
    name: 'compacted',
    prepare: (connection) => createTopic(connection, TOPIC, 1, alwaysDirty),
    async step(connection, ack) {
      const numbers = Array.from({ length: AT_ONCE }, () => asked++)
      const baseOffset = await sendNumbers(connection, numbers)
      if (baseOffset <= highest) throw new Error(`offset ${baseOffset} was given away before`)
      highest = baseOffset + AT_ONCE - 1
      for (const number of numbers) acked.set(keyOf(number), number)
      ack()
    },
    async check(connection) {
      const { records } = await readTopic(connection, TOPIC, 0, 0)
      const latest = new Map<string, number>()
      for (const { value } of records) {
        const number = Number(value.split(' ')[0])
        latest.set(keyOf(number), number)
      }
      for (const [key, number] of acked) {
        const found = latest.get(key)
        if (found === undefined || found < number) {
          throw new Error(
            `${number} was the last of ${key} that was acknowledged, and ${found ?? 'nothing'} is there`,
          )
        }
      }
    },
  }
}

function keyOf(number: number): string {
  return `key-${number % KEYS}`
}

async function sendNumbers(connection: Connection, numbers: readonly number[]): Promise<number> {
  const writer = new BatchWriter()
  for (const number of numbers) {
    const [key, value] = [Buffer.from(keyOf(number)), Buffer.from(`${number} ${padding}`)]
    writer.append({ key, value, timestamp: Date.now() })
  }
  const topicData = [{ name: TOPIC, partitionData: [{ index: 0, records: writer.finish() }] }]
  const answer = await connection.ask(produce, 11, { acks: -1, timeoutMs: 10_000, topicData })
  const part = answer.responses[0]?.partitionResponses[0]
  mustBeFine('Produce', part?.errorCode)
  return Number(part?.baseOffset)
}
