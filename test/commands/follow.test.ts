import { afterAll, beforeAll, describe, it } from 'vitest'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { followStories } from '../support/follow-stories.ts'

describe.each(['consume', 'tail'])('%s -f', (command) => {
  let broker: BrokerInProcess

  beforeAll(async () => {
    broker = await brokerInProcess()
  })
  afterAll(() => broker[Symbol.asyncDispose]())

  it.each(Object.entries(followStories))('%s', { timeout: 60_000 }, async (_, tell) => {
    await tell(broker.bootstrap, command)
  })
})
