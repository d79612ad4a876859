import { afterAll, beforeAll } from 'vitest'
import { type BrokerInProcess, brokerInProcess } from './broker-in-process.ts'
import { LiveWriter } from './live-writer.ts'

/** A local broker around the tests of a suite, with what is written there before the first. */
export function aroundBroker(fill: (writer: LiveWriter, bootstrap: string) => Promise<void>): void {
  let broker: BrokerInProcess
  let writer: LiveWriter

  beforeAll(async () => {
    broker = await brokerInProcess()
    writer = new LiveWriter(broker.bootstrap)
    await fill(writer, broker.bootstrap)
  })

  afterAll(async () => {
    await writer[Symbol.asyncDispose]()
    await broker[Symbol.asyncDispose]()
  })
}

const HOUR_MS = 3_600_000

/** Eight records of two hours in partition 0, of three. */
export async function ordersOfTwoHours(writer: LiveWriter): Promise<void> {
  await writer.topic('orders', 3)
  await writer.write('orders', 0, { count: 5, timestampMs: HOUR_MS })
  await writer.write('orders', 0, { count: 3, timestampMs: 2 * HOUR_MS })
}
