import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environment } from '../ktool.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { jsonLive } from '../support/run-live.ts'
import { TerminalRun } from '../support/terminal.ts'

describe.skipIf(process.platform === 'win32')('a terminal that is closed', { timeout: 60_000 }, () => {
  let broker: BrokerInProcess

  beforeAll(async () => {
    broker = await brokerInProcess({ settings: { 'group.initial.rebalance.delay.ms': '0' } })
    await using writer = new LiveWriter(broker.bootstrap)
    await writer.topic('orders', 1)
    await writer.write('orders', 0, { count: 3, timestampMs: 1000 })
  })
  afterAll(() => broker[Symbol.asyncDispose]())

  it('hangs up twice, and what has to be put in order is waited for all the same', async () => {
    const argv = ['consume', 'orders', '-g', 'left', '-f', '-b', broker.bootstrap, '-o', 'jsonl']
    const run = new TerminalRun(argv, environment)
    await run.until('"offset":2')
    run.signal('SIGHUP')
    // The broker is in this process and answers nothing meanwhile, so it cannot have left yet.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    run.signal('SIGHUP')
    expect(await run.exitCode()).toBe(143)
    const { items } = await jsonLive('groups describe', broker.bootstrap, ['left'])
    expect(items).toMatchObject([{ memberCount: 0 }])
    expect((await jsonLive('lag', broker.bootstrap, ['left'])).items).toMatchObject([{ committed: 3 }])
  })
})
