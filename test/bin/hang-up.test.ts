import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environment } from '../ktool.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { jsonLive } from '../support/run-live.ts'
import { TerminalRun } from '../support/terminal.ts'

describe.skipIf(process.platform === 'win32')('a terminal that is closed', { timeout: 60_000 }, () => {
  let broker: BrokerInProcess
  let count = 3

  beforeAll(async () => {
    broker = await brokerInProcess({ settings: { 'group.initial.rebalance.delay.ms': '0' } })
    await using writer = new LiveWriter(broker.bootstrap)
    await writer.topic('orders', 1)
    await writer.write('orders', 0, { count, timestampMs: 1000 })
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

  // Elsewhere nobody can know how we were started.
  it.runIf(process.platform === 'linux').each<[string, (program: string) => string]>([
    ['a trap', (program) => `trap '' HUP; sh -c "echo pid \\$\\$; exec ${program}"; exit $?`],
    ['nohup', (program) => `sh -c "echo pid \\$\\$; exec nohup ${program}" | cat`],
    [
      'a script under nohup',
      (program) => `nohup sh -c 'sh -c "echo pid \\$\\$; exec $0 $*"; exit $?' ${program} | cat`,
    ],
  ])('is nothing to who was started by %s', async (how, around) => {
    const group = how.replaceAll(' ', '-')
    const argv = ['consume', 'orders', '-g', group, '-f', '-b', broker.bootstrap, '-o', 'jsonl']
    const run = new TerminalRun(argv, environment, around)
    await run.until(`"offset":${count - 1}`)
    run.signal('SIGHUP')
    await using writer = new LiveWriter(broker.bootstrap)
    await writer.write('orders', 0)
    count += 1
    await run.until(`"offset":${count - 1}`)
    run.signal('SIGTERM')
    await run.exitCode()
  })
})
