import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { followStories } from '../support/follow-stories.ts'
import { KtoolProcess } from '../support/ktool-process.ts'
import { type FirstTrouble, lateLeader } from '../support/late-leader.ts'
import { LiveWriter } from '../support/live-writer.ts'

describe.each(['consume', 'tail'])('%s -f', (command) => {
  let broker: BrokerInProcess

  beforeAll(async () => {
    broker = await brokerInProcess()
  })
  afterAll(() => broker[Symbol.asyncDispose]())

  it.each(Object.entries(followStories))('%s', { timeout: 60_000 }, async (_, tell) => {
    await tell(broker.bootstrap, command)
  })

  it('fails once no partition goes on, for whoever starts it again', { timeout: 60_000 }, async () => {
    const own = await brokerInProcess()
    await using _ = own
    await using writer = new LiveWriter(own.bootstrap)
    await writer.topic('orders')
    await writer.write('orders', 0)
    const argv = ['-f', '-b', own.bootstrap, '--timeout', '2s', '--format', '%o\\n']
    const reader = new KtoolProcess(command, 'orders', ...argv)
    await reader.untilLines(1)
    // It waits for a topic that was deleted, and no longer once that is followed again.
    await writer.remove('orders')
    await reader.untilSaid(/its topic was deleted/)
    await writer.topic('orders')
    await writer.write('orders', 0, { count: 2 })
    await reader.untilLines(3)
    await own.stop()
    expect(await reader.ended()).toBe(1)
    expect(reader.lines).toEqual(['0', '0', '1'])
  })
})

describe('a partition that cannot be read at first', () => {
  it.each<[FirstTrouble, string, readonly string[], number]>([
    ['offsets', 'consume', ['--from', 'end'], 10],
    ['offsets', 'consume', ['--from', '-2'], 8],
    ['offsets', 'consume', [], 0],
    ['offsets', 'tail', [], 10],
    ['topic', 'consume', ['--from', 'end'], 10],
    ['time', 'consume', ['--from', '@1000'], 7],
  ])(
    'is followed from where it was asked for (%s, %s %j)',
    { timeout: 60_000 },
    async (trouble, command, from, first) => {
      await using peer = await lateLeader(trouble)
      const argv = ['-f', '--regex', 'orders', '-b', peer.bootstrap, '--format', '%p:%o\\n']
      const reader = new KtoolProcess(command, ...argv, ...from)
      const own = Array.from({ length: 11 - first }, (_, i) => `0:${first + i}`)
      // What was not there at first is read from its start; of a topic that said nothing nobody knows.
      const start = trouble === 'topic' ? first : 0
      const later = Array.from({ length: 11 - start }, (_, i) => `1:${start + i}`)
      await reader.untilLines(own.length + later.length)
      reader.signal('SIGTERM')
      expect(await reader.ended()).toBe(143)
      expect(reader.lines.sort()).toEqual([...own, ...later].sort())
      expect(reader.stderr).toMatch(/orders/)
    },
  )
})
