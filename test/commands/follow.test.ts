import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { followStories } from '../support/follow-stories.ts'
import { KtoolProcess } from '../support/ktool-process.ts'
import { type FirstTrouble, lateLeader } from '../support/late-leader.ts'
import { LiveWriter } from '../support/live-writer.ts'

describe.concurrent.each(['consume', 'tail'])('%s -f', (command) => {
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

// Each has a broker of its own, and waits most of the time.
describe.concurrent('a partition that cannot be read at first', () => {
  it.each<[FirstTrouble, string, readonly string[], number]>([
    ['offsets', 'consume', ['--from', 'end'], 10],
    ['offsets', 'consume', ['--from', '-2'], 8],
    ['offsets', 'consume', [], 0],
    ['offsets', 'tail', [], 10],
    ['topic', 'consume', ['--from', 'end'], 10],
    ['time', 'consume', ['--from', '@1000'], 7],
    ['fetch', 'consume', ['--from', '-2'], 8],
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

describe.concurrent('a partition whose reading ended in an error', { timeout: 30_000 }, () => {
  it.each(['consume', 'tail'])('goes on where %s has got to once its leader is back', async (command) => {
    await using story = await awayLeader(command)
    const { reader } = story
    await story.back(async (writer) => writer.write('orders', 0, { count: 2 }))
    await reader.untilLines(5)
    reader.signal('SIGTERM')
    expect(await reader.ended()).toBe(143)
    expect(reader.lines).toEqual(['0', '1', '2', '3', '4'])
    expect(reader.stderr.match(/is followed again/g)).toHaveLength(1)
    expect(reader.stderr).toContain('orders:0 is followed again, from offset 3 on')
  })

  it('begins at the start of a topic that was made anew meanwhile', async () => {
    await using story = await awayLeader('consume')
    const { reader } = story
    await story.elsewhere(async (writer) => {
      await writer.remove('orders')
      await writer.topicOnceGone('orders')
      await writer.write('orders', 0, { count: 5 })
    })
    await story.back()
    await reader.untilLines(8)
    reader.signal('SIGTERM')
    expect(await reader.ended()).toBe(143)
    expect(reader.lines).toEqual(['0', '1', '2', '0', '1', '2', '3', '4'])
    expect(reader.stderr).toContain('orders:0 is followed again, from offset 0 on')
  })

  it('is told of once, however often it fails again in the same way', async () => {
    await using peer = await lateLeader('fetch', 3)
    const argv = ['-f', '--regex', 'orders', '-b', peer.bootstrap, '--format', '%p:%o\\n']
    const reader = new KtoolProcess('consume', ...argv)
    await reader.untilLines(22)
    reader.signal('SIGTERM')
    expect(await reader.ended()).toBe(143)
    expect(reader.stderr.match(/Error: orders:0/g)).toHaveLength(1)
    expect(reader.stderr.match(/orders:0 is followed again, from offset 0 on/g)).toHaveLength(1)
  })
})

interface AwayLeader extends AsyncDisposable {
  readonly reader: KtoolProcess
  /** At its address again. */
  back(write?: (writer: LiveWriter) => Promise<void>): Promise<void>
  /** On its directory, where the reader does not find it. */
  elsewhere(change: (writer: LiveWriter) => Promise<void>): Promise<void>
}

/** A broker with three records that is gone, and a reader of them that has told so. */
async function awayLeader(command: string): Promise<AwayLeader> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ktool-away-'))
  const first = await brokerInProcess({ dataDir })
  const open = (port = 0) =>
    brokerInProcess({ dataDir, listeners: [{ name: 'PLAINTEXT', hosts: ['127.0.0.1'], port }] })
  const at = async ({ bootstrap }: BrokerInProcess, work: (writer: LiveWriter) => Promise<void>) => {
    await using writer = new LiveWriter(bootstrap)
    await work(writer)
  }
  await at(first, async (writer) => {
    await writer.topic('orders')
    await writer.write('orders', 0, { count: 3 })
  })
  const argv = ['-f', '--regex', 'orders', '-b', first.bootstrap, '--timeout', '1s', '--format', '%o\\n']
  const reader = new KtoolProcess(command, ...argv)
  await reader.untilLines(3)
  await first.stop()
  await reader.untilSaid(/orders:0/)
  let last = first
  return {
    reader,
    back: async (write = async () => {}) => {
      last = await open(first.port)
      await at(last, write)
    },
    elsewhere: async (change) => {
      await using broker = await open()
      await at(broker, change)
    },
    [Symbol.asyncDispose]: async () => {
      reader.signal('SIGKILL')
      await last.stop()
      rmSync(dataDir, { recursive: true })
    },
  }
}
