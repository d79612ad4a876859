import { execFile } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { bin, environment } from '../ktool.ts'
import { GroupReaders, timesRead } from './group-readers.ts'
import { KtoolProcess } from './ktool-process.ts'

const run = promisify(execFile)

const THREE_HEARTBEATS_MS = 10_000

/** What a group may live to see, told of any broker. The name is that of a topic that is made for it. */
export const groupStories: Readonly<Record<string, (bootstrap: string, name: string) => Promise<void>>> = {
  'commits nothing that a pipe which was closed did not take': async (bootstrap, name) => {
    const readers = new GroupReaders(bootstrap, name)
    await readers.fill(1, 4)
    const script = '{ "$@"; echo "status $?" >&2; } | head -n 5'
    const { stdout, stderr } = await run('sh', ['-c', script, 'sh', process.execPath, bin, ...readers.argv], {
      env: environment,
      maxBuffer: 1 << 26,
    })
    expect(stderr).toBe('status 0\n')
    expect(await readers.committed()).toBe(0)
    expect(await readers.members()).toBe(0)
    const rest = readers.start()
    expect(await rest.ended()).toBe(0)
    const times = timesRead(stdout.split('\n').slice(0, -1), rest.lines)
    expect(times.size).toBe(readers.recordCount)
    expect(Math.max(...times.values())).toBe(2)
    expect(await readers.committed()).toBe(readers.recordCount)
  },

  'has committed nothing unprinted when it is killed': async (bootstrap, name) => {
    const readers = new GroupReaders(bootstrap, name)
    await readers.fill(2, 4)
    const first = readers.start()
    await first.untilLines(700)
    first.signal('SIGKILL')
    await first.ended()
    expect(await readers.committed()).toBeLessThanOrEqual(first.lines.length)
    await readers.kickAll()
    const rest = readers.start()
    expect(await rest.ended()).toBe(0)
    const times = timesRead(first.lines, rest.lines)
    expect(times.size).toBe(readers.recordCount)
    expect(Math.max(...times.values())).toBeLessThanOrEqual(2)
  },

  'loses nothing when another member joins while it waits for its reader': async (bootstrap, name) => {
    const readers = new GroupReaders(bootstrap, name)
    await readers.fill(2, 4)
    const first = readers.start('-f')
    await first.untilLines(1)
    first.pause()
    const second = readers.start('-f')
    await readers.untilState('PreparingRebalance')
    // The first hears of it by its heartbeats, one partition after the other, and is still waited for.
    await setTimeout(THREE_HEARTBEATS_MS)
    await readers.untilState('PreparingRebalance')
    first.resume()
    await readers.untilState('Stable')
    expect(await readers.members()).toBe(2)
    await readers.write(2)
    await KtoolProcess.untilLines(readers.recordCount, first, second)
    for (const each of [second, first]) {
      each.signal('SIGTERM')
      expect(await each.ended()).toBe(143)
      expect(each.stderr).toBe('')
    }
    expect(second.lines.length).toBeGreaterThan(0)
    const times = timesRead(first.lines, second.lines)
    expect(times.size).toBe(readers.recordCount)
    expect(Math.max(...times.values())).toBe(1)
    expect(await readers.committed()).toBe(readers.recordCount)
    expect(await readers.members()).toBe(0)
  },

  'is left by a member that is stopped while another keeps it waiting': async (bootstrap, name) => {
    const readers = new GroupReaders(bootstrap, name)
    await readers.fill(4, 2)
    const first = readers.start('-f')
    await first.untilLines(1)
    first.pause()
    const second = readers.start('-f')
    await readers.untilState('PreparingRebalance')
    const stoppedMs = performance.now()
    second.signal('SIGTERM')
    expect(await second.ended()).toBe(143)
    // The group would let it in after a minute.
    expect(performance.now() - stoppedMs).toBeLessThan(20_000)
    expect(second.stderr).toBe('')
    expect(await readers.members()).toBe(1)
    first.resume()
    first.signal('SIGTERM')
    expect(await first.ended()).toBe(143)
    expect(await readers.members()).toBe(0)
  },

  'is left by a member that is stopped while it waits to be let in again': async (bootstrap, name) => {
    const readers = new GroupReaders(bootstrap, name)
    await readers.fill(4, 2)
    const first = readers.start('-f')
    await first.untilLines(1)
    const second = readers.start('-f')
    await readers.untilState('PreparingRebalance')
    await readers.untilState('Stable')
    first.signal('SIGSTOP')
    const third = readers.start('-f')
    await readers.untilState('PreparingRebalance')
    // The second hears of it with its next heartbeat, and the first never.
    await setTimeout(5000)
    const stoppedMs = performance.now()
    second.signal('SIGTERM')
    expect(await second.ended()).toBe(143)
    expect(performance.now() - stoppedMs).toBeLessThan(8000)
    expect(second.stderr).toBe('')
    expect(await readers.members()).toBe(2)
    first.signal('SIGCONT')
    for (const each of [first, third]) {
      each.signal('SIGTERM')
      expect(await each.ended()).toBe(143)
    }
    expect(await readers.members()).toBe(0)
  },
}
