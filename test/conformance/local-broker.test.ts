import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalBroker, startLocalBroker } from './clients/local-broker.ts'
import { java } from './kafka/java.ts'

const run = promisify(execFile)
const tools = 'org.apache.kafka.tools'
const goModules = fileURLToPath(new URL('clients/go/', import.meta.url))

let local: LocalBroker

beforeAll(async () => {
  local = await startLocalBroker()
})

afterAll(async () => {
  expect(await local.stop()).toBe(0)
})

describe('Kafka’s own tools work on the local broker', () => {
  it('VerifiableProducer has everything acknowledged, VerifiableConsumer reads and commits it', async () => {
    const topic = 'verifiable'
    await java(`${tools}.TopicCommand`, ['--create', '--topic', topic, '--partitions', '3', ...at()])
    const produced = await java(`${tools}.VerifiableProducer`, [
      ...['--topic', topic, '--max-messages', '5000', '--acks', '-1', ...at()],
    ])
    const acked = eventsOf(produced).filter(({ name }) => name === 'producer_send_success')
    expect(acked).toHaveLength(5000)

    const consumed = await java(`${tools}.VerifiableConsumer`, [
      ...['--topic', topic, '--group-id', 'verifiable', '--max-messages', '5000'],
      ...['--reset-policy', 'earliest', ...at()],
    ])
    const events = eventsOf(consumed)
    const counted = events.filter(({ name }) => name === 'records_consumed')
    expect(counted.reduce((sum, { count }) => sum + Number(count), 0)).toBe(5000)
    expect(events.filter(({ name }) => name === 'offsets_committed').at(-1)?.success).toBe(true)

    const described = await java(`${tools}.consumer.group.ConsumerGroupCommand`, [
      ...['--describe', '--group', 'verifiable', ...at()],
    ])
    const rows = described.split('\n').filter((line) => line.includes(`${topic} `))
    const figures = rows.map((row) => row.split(/\s+/).slice(3, 6).map(Number))
    expect(figures.every(([committed, end, lag]) => committed === end && lag === 0)).toBe(true)
    expect(figures.reduce((sum, [committed = 0]) => sum + committed, 0)).toBe(5000)
  })

  it('the console producer writes, the console consumer reads in a group', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => `k${i}\tline ${i}`)
    const topic = ['--topic', 'console', ...at()]
    const keyed = ['--reader-property', 'parse.key=true']
    await java(`${tools}.ConsoleProducer`, [...topic, ...keyed], `${lines.join('\n')}\n`)
    const printed = await java(`${tools}.consumer.ConsoleConsumer`, [
      ...topic,
      ...['--group', 'console', '--from-beginning', '--max-messages', '50'],
      ...['--formatter-property', 'print.key=true'],
    ])
    expect(printed.split('\n').slice(0, -1)).toEqual(lines)
  })

  it('topics are created, grown, described and deleted, offsets told, configs altered', async () => {
    const topic = 'by-tools'
    const topics = (...args: string[]) => java(`${tools}.TopicCommand`, [...args, ...at()])
    await topics('--create', '--topic', topic, '--partitions', '2', '--config', 'retention.ms=60000')
    await topics('--alter', '--topic', topic, '--partitions', '3')
    expect(await topics('--describe', '--topic', topic)).toMatch(/PartitionCount: 3.*retention\.ms=60000/)
    const configs = ['--entity-type', 'topics', '--entity-name', topic, ...at()]
    await java('kafka.admin.ConfigCommand', ['--alter', '--add-config', 'max.message.bytes=2000', ...configs])
    expect(await java('kafka.admin.ConfigCommand', ['--describe', ...configs])).toContain(
      'max.message.bytes=2000',
    )
    expect(await java(`${tools}.GetOffsetShell`, ['--topic', topic, ...at()])).toBe(
      [0, 1, 2].map((partition) => `${topic}:${partition}:0\n`).join(''),
    )
    await topics('--delete', '--topic', topic)
    expect((await topics('--list')).split('\n')).not.toContain(topic)
  })
})

describe('kcat', () => {
  const values = Array.from({ length: 200 }, (_, i) => `k${i % 7}:value ${i}`)

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('reads what it wrote: %s', async (codec) => {
    const topic = `kcat-${codec}`
    await kcat(['-P', '-t', topic, '-K:', '-z', codec], values)
    const read = await kcat(['-C', '-t', topic, '-K:', '-e', '-q'])
    expect(read).toEqual(values)
    expect(await kcat(['-Q', '-t', `${topic}:0:-1`])).toEqual([`${topic} [0] offset 200`])
    const listed = JSON.parse((await kcat(['-L', '-J', '-t', topic])).join(''))
    expect(listed.topics).toMatchObject([{ topic, partitions: [{ partition: 0, leader: 1 }] }])
  })

  it('goes on in a group where it left off', async () => {
    const topic = 'kcat-group'
    const group = ['-G', 'by-kcat', '-X', 'auto.offset.reset=earliest', '-e', '-q', topic]
    await kcat(['-P', '-t', topic], ['one', 'two'])
    expect(await kcat(group)).toEqual(['one', 'two'])
    await kcat(['-P', '-t', topic], ['three'])
    expect(await kcat(group)).toEqual(['three'])
  })
})

describe('franz-go', () => {
  it('passes its own suite of clients, groups and transactions', { timeout: 600_000 }, async () => {
    const env = {
      ...process.env,
      KGO_SEEDS: local.bootstrap,
      KGO_TEST_RF: '1',
      KGO_TEST_RECORDS: '10000',
    }
    const args = ['test', '-count=1', '-timeout=9m', 'github.com/twmb/franz-go/pkg/kgo']
    const { stdout } = await run('go', args, { cwd: goModules, env, maxBuffer: 1 << 26 })
    expect(stdout).toMatch(/^ok\s/m)
  })
})

function at(): string[] {
  return ['--bootstrap-server', local.bootstrap]
}

/** The lines that it prints. */
async function kcat(args: readonly string[], input: readonly string[] = []): Promise<string[]> {
  const running = run('kcat', ['-b', local.bootstrap, ...args])
  // One that does not write may end before it has read this.
  running.child.stdin?.on('error', () => {}).end(input.map((line) => `${line}\n`).join(''))
  return (await running).stdout.split('\n').filter((line) => line !== '')
}

function eventsOf(output: string): { readonly name: string; readonly [key: string]: unknown }[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}
