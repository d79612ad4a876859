import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { followStories } from '../support/follow-stories.ts'
import { groupStories } from '../support/group-stories.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { runLive } from '../support/run-live.ts'
import { java } from './kafka/java.ts'

const run = promisify(execFile)
const topic = 'live-records'

describe('ktool consume reads from a live Kafka what others read', () => {
  const bootstrap = `127.0.0.1:${inject('kafka').ports.plain}`
  let writer: LiveWriter

  beforeAll(async () => {
    writer = new LiveWriter(bootstrap)
    await writer.topic(topic, 2)
    for (const [i, isCommitted] of [true, false, true].entries()) {
      await writer.write(topic, 1, { count: 4, timestampMs: 1000 * i })
      // Each its own: what one has ended is not over at once.
      const producer = await writer.producer(`live-records-${i}`)
      await writer.begin(producer, topic, [0, 1])
      await writer.write(topic, 0, { count: 3, producer, timestampMs: 1000 * i })
      await writer.write(topic, 1, { count: 2, producer, timestampMs: 1000 * i })
      await writer.end(producer, isCommitted)
    }
    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
      await piped(
        'kcat',
        ['-b', bootstrap, '-P', '-t', topic, '-p', '0', '-z', codec, '-K:', '-H', 'a=1'],
        codec,
      )
    }
    await piped('kcat', ['-b', bootstrap, '-P', '-t', topic, '-p', '0', '-K:', '-Z'], 'gone')
  })

  afterAll(() => writer[Symbol.asyncDispose]())

  /** Three records of a codec, or a tombstone. */
  async function piped(command: string, args: readonly string[], what: string): Promise<void> {
    const lines = what === 'gone' ? ['gone:'] : [1, 2, 3].map((i) => `${what}:${what.repeat(50)} ${i}`)
    const running = run(command, args)
    running.child.stdin?.end(`${lines.join('\n')}\n`)
    await running
  }

  it.each(['uncommitted', 'committed'] as const)('%s, as kcat prints it', async (isolation) => {
    const level = isolation === 'committed' ? 'read_committed' : 'read_uncommitted'
    const format = '%p %o %T %k %s %h %S\\n'
    const ours = await runLive('consume', bootstrap, [topic, '--isolation', isolation, '--format', format])
    const { stdout } = await run('kcat', [
      ...['-b', bootstrap, '-C', '-t', topic, '-e', '-q', '-X', `isolation.level=${level}`, '-f', format],
    ])
    expect(ours.status).toBe(0)
    expect(sorted(ours.stdout)).toEqual(sorted(stdout))
    expect(sorted(ours.stdout).length).toBe(isolation === 'committed' ? 35 : 40)
  })

  it('as the console consumer prints it', async () => {
    const ours = await runLive('consume', bootstrap, [topic, '--format', 'Partition:%p\\tOffset:%o\\t%k\\n'])
    const printed = await java('org.apache.kafka.tools.consumer.ConsoleConsumer', [
      ...['--bootstrap-server', bootstrap, '--topic', topic, '--from-beginning', '--max-messages', '40'],
      ...['print.partition', 'print.offset', 'print.key'].flatMap((name) => [
        '--formatter-property',
        `${name}=true`,
      ]),
      ...['--formatter-property', 'print.value=false'],
    ])
    expect(sorted(printed)).toEqual(sorted(ours.stdout))
  })

  it('in a group, which then lags by nothing, as Kafka’s own tool tells', async () => {
    const group = ['-g', 'live-records', '--format', '%p:%o\\n']
    const first = await runLive('consume', bootstrap, [topic, ...group, '-n', '10'])
    const rest = await runLive('consume', bootstrap, [topic, ...group])
    const all = [...sorted(first.stdout), ...sorted(rest.stdout)]
    expect(new Set(all).size).toBe(40)
    expect(all).toHaveLength(40)
    const described = await java('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', [
      ...['--bootstrap-server', bootstrap, '--describe', '--group', 'live-records'],
    ])
    const lags = described
      .split('\n')
      .filter((line) => line.includes(` ${topic} `))
      .map((line) => line.trim().split(/\s+/)[5])
    expect(lags).toEqual(['0', '0'])
  })
})

function sorted(text: string): string[] {
  return text.split('\n').slice(0, -1).sort()
}

describe('a group of ktools at a live Kafka', () => {
  const bootstrap = `127.0.0.1:${inject('kafka').ports.plain}`

  it.each(Object.entries(groupStories))('%s', { timeout: 180_000 }, async (title, tell) => {
    await tell(bootstrap, title.replaceAll(' ', '-'))
  })
})

describe('whoever follows the topics of a live Kafka', () => {
  const bootstrap = `127.0.0.1:${inject('kafka').ports.plain}`

  it.each(Object.entries(followStories))('%s', { timeout: 120_000 }, async (_, tell) => {
    await tell(bootstrap, 'consume')
  })
})
