import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPartitions } from '../../src/lib/protocol/apis/create-partitions.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { GroupReaders, timesRead } from '../support/group-readers.ts'
import { groupStories } from '../support/group-stories.ts'
import { KtoolProcess } from '../support/ktool-process.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { runLive } from '../support/run-live.ts'

const SLOW_MS = 120_000

// Each has a topic and a group of its own, and waits for heartbeats most of the time.
describe.concurrent('consume -g', () => {
  let broker: BrokerInProcess

  beforeAll(async () => {
    broker = await brokerInProcess({ settings: { 'group.initial.rebalance.delay.ms': '0' } })
  })
  afterAll(() => broker[Symbol.asyncDispose]())

  it.each(Object.entries(groupStories))('%s', { timeout: SLOW_MS }, async (title, tell) => {
    await tell(broker.bootstrap, title.replaceAll(' ', '-'))
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'commits what was printed before %s, and nothing else',
    { timeout: SLOW_MS },
    async (signal, code) => {
      const readers = new GroupReaders(broker.bootstrap, `ended-by-${signal}`)
      await readers.fill(2, 4)
      const first = readers.start()
      await first.untilLines(1)
      first.pause()
      first.signal(signal)
      first.resume()
      expect(await first.ended()).toBe(code)
      expect(first.stderr).toBe('')
      expect(await readers.members()).toBe(0)
      expect(await readers.committed()).toBe(first.lines.length)
      const rest = readers.start()
      expect(await rest.ended()).toBe(0)
      const times = timesRead(first.lines, rest.lines)
      expect(times.size).toBe(readers.recordCount)
      expect(Math.max(...times.values())).toBe(1)
    },
  )

  it('goes on where the log begins, if it has got to what was deleted', async () => {
    await using writer = new LiveWriter(broker.bootstrap)
    await writer.topic('trimmed', 2)
    for (const partition of [0, 1]) await writer.write('trimmed', partition, { count: 10 })
    await writer.commit('behind', 'trimmed', { 0: 3, 1: 3 })
    await writer.trim('trimmed', 0, 10)
    await writer.trim('trimmed', 1, 7)
    const argv = ['trimmed', '-g', 'behind', '--format', '%p:%o\\n']
    expect(await runLive('consume', broker.bootstrap, argv)).toMatchObject({
      status: 0,
      stdout: '1:7\n1:8\n1:9\n',
    })
  })

  it('is dealt partitions that are added', { timeout: SLOW_MS }, async () => {
    await using writer = new LiveWriter(broker.bootstrap)
    await writer.topic('dealt', 1)
    await writer.write('dealt', 0, {})
    const argv = ['dealt', '-g', 'dealt', '-f', '-b', broker.bootstrap, '--format', '%p:%o\\n']
    const reader = new KtoolProcess('consume', ...argv)
    await reader.untilLines(1)
    const more = { name: 'dealt', count: 2, assignments: null }
    await writer.cluster.ask(createPartitions, { topics: [more], timeoutMs: 10_000, validateOnly: false })
    await writer.write('dealt', 1, { count: 2 })
    await reader.untilLines(3)
    reader.signal('SIGTERM')
    expect(await reader.ended()).toBe(143)
    expect(reader.lines).toEqual(['0:0', '1:0', '1:1'])
    expect(reader.stderr).toBe('')
  })

  it('begins anew where it has got to what is not there', async () => {
    await using writer = new LiveWriter(broker.bootstrap)
    await writer.topic('made-anew', 1)
    await writer.write('made-anew', 0, { count: 3 })
    await writer.commit('ahead', 'made-anew', { 0: 100 })
    const argv = ['made-anew', '-g', 'ahead', '--format', '%p:%o\\n']
    expect(await runLive('consume', broker.bootstrap, argv)).toMatchObject({
      status: 0,
      stdout: '0:0\n0:1\n0:2\n',
    })
  })
})

describe.concurrent('consume -g that is not let in at once', () => {
  it('ends at a signal, and leaves nobody behind', { timeout: SLOW_MS }, async () => {
    await using broker = await brokerInProcess({
      settings: { 'group.initial.rebalance.delay.ms': '60000' },
    })
    const readers = new GroupReaders(broker.bootstrap, 'joining')
    await readers.fill(1, 1)
    const reader = readers.start()
    await readers.untilState('PreparingRebalance')
    reader.signal('SIGINT')
    expect(await reader.ended()).toBe(130)
    expect(reader.stderr).toBe('')
    expect(reader.lines).toEqual([])
    expect(await readers.members()).toBe(0)
    expect(await readers.committed()).toBe(0)
  })
})
