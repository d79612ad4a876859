import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Stop } from '../../src/lib/cli/stop.ts'
import { environment } from '../ktool.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { KtoolProcess } from '../support/ktool-process.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { jsonLive, liveWorld, runLive } from '../support/run-live.ts'
import { TerminalRun } from '../support/terminal.ts'

describe('consume --exec', { timeout: 120_000 }, () => {
  let broker: BrokerInProcess
  let folder: string

  beforeAll(async () => {
    broker = await brokerInProcess({ settings: { 'group.initial.rebalance.delay.ms': '0' } })
    folder = mkdtempSync(join(tmpdir(), 'ktool-exec-'))
  })
  afterAll(async () => {
    await broker[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A topic with `key:value` in each line. */
  async function filled(topic: string, partitions: readonly (readonly string[])[]): Promise<void> {
    await using writer = new LiveWriter(broker.bootstrap)
    await writer.topic(topic, partitions.length)
    for (const [partition, lines] of partitions.entries()) {
      const stdin = {
        isTerminal: false,
        async *chunks() {
          yield Buffer.from(lines.join('\n'))
        },
      }
      const argv = [topic, '-K', ':', '-p', String(partition)]
      expect(await runLive('produce', broker.bootstrap, argv, { stdin })).toMatchObject({ status: 0 })
    }
  }

  const start = (topic: string, exec: string, ...more: readonly string[]) =>
    new KtoolProcess('consume', topic, '-g', topic, '-b', broker.bootstrap, '--exec', exec, ...more)

  async function committed(topic: string): Promise<Record<number, unknown>> {
    const { items } = await jsonLive('lag', broker.bootstrap, [topic])
    return Object.fromEntries(items.map(({ partition, committed }) => [partition, committed]))
  }

  /** Whoever reads from it waits until somebody has written. */
  function gate(name: string): { readonly path: string; open(): void } {
    const path = join(folder, name)
    execFileSync('mkfifo', [path])
    return { path, open: () => writeFileSync(path, 'go\n') }
  }

  it('gives the command the record, and what it prints to stdout', async () => {
    await filled('given', [['ann:one', 'bob:two']])
    const run = start('given', 'echo "$KTOOL_TOPIC $KTOOL_PARTITION $KTOOL_OFFSET $KTOOL_KEY $(cat)"')
    expect(await run.ended()).toBe(0)
    expect(run.lines).toEqual(['given 0 0 ann one', 'given 0 1 bob two'])
    expect(await committed('given')).toEqual({ 0: 2 })
  })

  it('runs several at once for different keys', async () => {
    await filled('parallel', [['ann:waits', 'bob:opens']])
    const { path } = gate('parallel')
    // One after the other, the first would wait for ever.
    const exec = `if [ "$(cat)" = waits ]; then cat ${path}; else echo open > ${path}; fi`
    const run = start('parallel', exec, '--workers', '2')
    expect(await run.ended()).toBe(0)
    expect(run.lines).toEqual(['open'])
    expect(await committed('parallel')).toEqual({ 0: 2 })
  })

  it('keeps the records of a key in their order, each after the end of the one before', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `k${i % 3}:${i}`)
    await filled('ordered', [lines.slice(0, 30), lines.slice(30)])
    const log = join(folder, 'ordered.log')
    const word = (what: string) => `echo "$KTOOL_PARTITION $KTOOL_KEY ${what} $KTOOL_OFFSET" >> ${log}`
    const run = start('ordered', `${word('begins')}; ${word('ends')}`, '--workers', '8')
    expect(await run.ended()).toBe(0)
    const done = readFileSync(log, 'utf8').split('\n').slice(0, -1)
    expect(done).toHaveLength(120)
    for (const partition of [0, 1]) {
      for (const [i, key] of ['k0', 'k1', 'k2'].entries()) {
        const own = done.filter((line) => line.startsWith(`${partition} ${key} `))
        const offsets = Array.from({ length: 10 }, (_, n) => n * 3 + i)
        const begun = offsets.flatMap((at) => [`begins ${at}`, `ends ${at}`])
        expect(own).toEqual(begun.map((what) => `${partition} ${key} ${what}`))
      }
    }
    expect(await committed('ordered')).toEqual({ 0: 30, 1: 30 })
  })

  it('commits a record no sooner than its command has succeeded', async () => {
    await filled('after', [['a:1', 'b:2']])
    const { path, open } = gate('after')
    const run = start('after', `echo begun; [ "$KTOOL_OFFSET" = 0 ] || cat ${path} > /dev/null`)
    await run.untilLines(2)
    expect((await committed('after'))[0] ?? 0).toBeLessThanOrEqual(1)
    open()
    expect(await run.ended()).toBe(0)
    expect(await committed('after')).toEqual({ 0: 2 })
  })

  it.each([
    ['exit 7', 7],
    ['kill -9 $$', 137],
    ['no-such-program-here', 127],
  ])('ends when the command fails, by "%s", and leaves the record to the next time', async (fails, code) => {
    const topic = `failing-${code}`
    await filled(topic, [['a:1', 'b:2', 'c:3', 'd:4']])
    const run = start(topic, `echo "$KTOOL_OFFSET"; [ "$KTOOL_OFFSET" -ne 2 ] || ${fails}`, '--workers', '2')
    expect(await run.ended()).toBe(1)
    expect(run.stderr).toContain(`${topic}:0: the command ended with ${code} for offset 2`)
    expect(run.lines).not.toContain('4')
    expect(await committed(topic)).toEqual({ 0: 2 })
    const next = start(topic, 'echo "$KTOOL_OFFSET"')
    expect(await next.ended()).toBe(0)
    expect(next.lines).toEqual(['2', '3'])
  })

  it('lets what runs come to its end when it is to stop, and begins nothing more', async () => {
    await filled('stopped', [Array.from({ length: 50 }, (_, i) => `k${i}:${i}`)])
    const stop = new Stop()
    const begun: unknown[] = []
    const world = async () =>
      liveWorld(async (_input, _command, { KTOOL_OFFSET }) => {
        begun.push(KTOOL_OFFSET)
        expect(stop.request(143)).toBe(true)
        return 0
      })
    const argv = ['stopped', '-g', 'stopped', '--exec', 'anything']
    expect(await runLive('consume', broker.bootstrap, argv, { stop, world })).toMatchObject({
      status: 143,
      stderr: '',
    })
    expect(begun).toEqual(['0'])
    expect(await committed('stopped')).toEqual({ 0: 1 })
  })

  it.skipIf(process.platform === 'win32')('keeps Ctrl-C from what runs, which comes to its end', async () => {
    await filled('typed', [['a:1']])
    const opened = join(folder, 'typed')
    const exec = `echo begun; until [ -e ${opened} ]; do sleep 0.05; done; echo come to its end`
    const argv = ['consume', 'typed', '-g', 'typed', '-f', '-b', broker.bootstrap, '--exec', exec]
    const run = new TerminalRun(argv, environment)
    await run.until('begun')
    run.type('\u0003')
    await run.until('^C')
    writeFileSync(opened, '')
    expect(await run.exitCode()).toBe(130)
    expect(run.said).toContain('come to its end')
    expect(await committed('typed')).toEqual({ 0: 1 })
  })

  it('runs exactly as many as -n says, of several partitions at once', async () => {
    const lines = Array.from({ length: 10 }, (_, i) => `k${i}:${i}`)
    await filled('counted', [lines, lines, lines])
    const first = start('counted', 'echo "$KTOOL_PARTITION:$KTOOL_OFFSET"', '--workers', '3', '-n', '14')
    expect(await first.ended()).toBe(0)
    expect(first.lines).toHaveLength(14)
    const offsets = Object.values(await committed('counted')).map((offset) => Number(offset ?? 0))
    expect(offsets.reduce((sum, offset) => sum + offset, 0)).toBe(14)
    const rest = start('counted', 'echo "$KTOOL_PARTITION:$KTOOL_OFFSET"', '--workers', '3')
    expect(await rest.ended()).toBe(0)
    expect(new Set([...first.lines, ...rest.lines]).size).toBe(30)
    expect(rest.lines).toHaveLength(16)
  })
})
