import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environment, ktool } from '../ktool.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { java } from './kafka/java.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { KafkaTools } from './kafka/tools.ts'

const topic = 'a-topic-with-a-name-that-is-quoted'
const oddGroup = 'a, "b" c'
let kafka: OwnKafka
let bootstrap: string
let folder: string
let tools: KafkaTools

beforeAll(async () => {
  tools = new KafkaTools()
  folder = mkdtempSync(join(tmpdir(), 'ktool-reset-'))
  kafka = await startOwnKafka('live-reset', {
    properties: {
      'share.coordinator.state.topic.num.partitions': 3,
      'share.coordinator.state.topic.replication.factor': 1,
      'share.coordinator.state.topic.min.isr': 1,
    },
  })
  bootstrap = `127.0.0.1:${kafka.port}`
  await using writer = new LiveWriter(bootstrap)
  await writer.topic(topic, 3)
  for (const partition of [0, 1, 2]) {
    const timestampMs = Date.parse('2026-01-15T10:00:00Z') + partition * 1000
    await writer.write(topic, partition, { count: 20, timestampMs })
  }
  await writer.trim(topic, 0, 5)
  await writer.commit('g', topic, { 0: 7, 1: 12 })
  await writer.commit(oddGroup, topic, { 0: 6, 2: 20 })
}, 120_000)

afterAll(async () => {
  await tools.stop()
  await kafka?.stop()
  kafka?.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** Its order is that of a hash, and an empty line ends it. */
async function theirs(...args: string[]): Promise<string[]> {
  const said = await tools.tell('consumer-groups', [
    '--bootstrap-server',
    bootstrap,
    '--reset-offsets',
    '--export',
    ...args,
  ])
  return said
    .split('\n')
    .filter((line) => /,\d+,\d+$/.test(line))
    .sort()
}

function ours(...args: string[]) {
  const env = { ...environment, XDG_STATE_HOME: folder }
  return ktool(['groups', ...args, '-b', bootstrap], '', env)
}

async function lines(...args: string[]): Promise<string[]> {
  const { stdout } = await ours(...args)
  return stdout.toString().split('\n').filter(Boolean).sort()
}

describe('ktool groups reset beside kafka-consumer-groups', () => {
  it.each([
    [['--to-earliest', '--topic', topic]],
    [['--to-latest', '--all-topics']],
    [['--to-current', '--topic', topic]],
    [['--to-offset', '10', '--topic', `${topic}:0,2`]],
    [['--to-offset', '2', '--topic', topic]],
    [['--to-offset', '1000', '--topic', topic]],
    [['--shift-by', '-3', '--all-topics']],
    [['--shift-by', '100', '--all-topics']],
    [['--to-datetime', '2026-01-15T10:00:01.005', '--topic', topic]],
    [['--to-datetime', '2026-01-15T11:00:00.010+01:00', '--topic', topic]],
    [['--to-datetime', '2030-01-01T00:00:00.000', '--topic', topic]],
    [['--by-duration', 'PT1H', '--topic', topic]],
    [['--by-duration', 'P10000D', '--topic', topic]],
  ])('means the same by %j', async (scenario) => {
    const expected = await theirs('--group', 'g', '--dry-run', ...scenario)
    expect(expected).not.toEqual([])
    expect(await lines('reset', '--group', 'g', '--export', ...scenario)).toEqual(expected)
  })

  it('writes the same CSV of several groups, and each reads the other’s', async () => {
    const both = ['--group', 'g', '--group', oddGroup]
    const expected = await theirs(...both, '--all-topics', '--to-current', '--dry-run')
    const exported = (await ours('export', 'g', oddGroup)).stdout.toString()
    expect(exported.split('\n').filter(Boolean).sort()).toEqual(expected)
    const file = join(folder, 'offsets.csv')
    writeFileSync(file, exported)
    expect(await theirs(...both, '--from-file', file, '--dry-run')).toEqual(expected)
    writeFileSync(file, `${expected.join('\n')}\n`)
    expect(await lines('reset', ...both, '--from-file', file, '--export')).toEqual(expected)
  })

  it('commits what Kafka’s tool then finds committed, and finds what that commits', async () => {
    const { status } = await ours('reset', 'g', '--to', '15', '--topic', topic, '--yes')
    expect(status).toBe(0)
    const now = ['--group', 'g', '--all-topics', '--to-current', '--dry-run']
    expect(await theirs(...now)).toEqual([`"${topic}",0,15`, `"${topic}",1,15`, `"${topic}",2,15`])
    const executed = await theirs('--group', 'g', '--topic', topic, '--to-offset', '11', '--execute')
    expect(await lines('export', 'g')).toEqual(executed)
  })
})

describe('ktool groups reset of a share group', () => {
  /** A share consumer reads some of the topic and goes; its group stays. */
  beforeAll(async () => {
    const fromStart = ['--entity-type', 'groups', '--entity-name', 'shared']
    await tools.tell('configs', [
      ...['--bootstrap-server', bootstrap, '--alter', ...fromStart],
      ...['--add-config', 'share.auto.offset.reset=earliest'],
    ])
    const reading = ['--bootstrap-server', bootstrap, '--topic', topic, '--group', 'shared']
    await java('org.apache.kafka.tools.consumer.ConsoleShareConsumer', [...reading, '--max-messages', '5'])
  }, 60_000)

  it.each([
    ['end', [20, 20, 20]],
    ['start', [5, 0, 0]],
    ['@2026-01-15T10:00:01.005Z', [20, 5, 0]],
  ])('to %s moves its start, as kafka-share-groups then tells', async (to, starts) => {
    const { status, stderr } = await ours('reset', 'shared', '--to', to, '--topic', topic, '--yes')
    expect([status, stderr]).toEqual([0, expect.stringContaining('to undo this')])
    expect(await startsByKafka()).toEqual(starts)
  })

  it('finds it empty as Kafka’s tool does, and where that has moved it', async () => {
    const reset = ['--reset-offsets', '--to-latest', '--topic', topic, '--execute']
    await tools.tell('share-groups', ['--bootstrap-server', bootstrap, '--group', 'shared', ...reset])
    const run = await ktool(['lag', 'shared', '-b', bootstrap, '-o', 'json'], '', environment)
    const { items } = JSON.parse(run.stdout.toString()) as { items: { lag: number | null }[] }
    expect(items.map(({ lag }) => lag)).toEqual([0, 0, 0])
  })

  async function startsByKafka(): Promise<number[]> {
    const args = ['--bootstrap-server', bootstrap, '--describe', '--group', 'shared', '--offsets']
    const rows = (await tools.tell('share-groups', args)).matchAll(/^shared\s+\S+\s+(\d)\s+(\d+)/gm)
    const starts = new Map([...rows].map(([, partition, start]) => [Number(partition), Number(start)]))
    return [0, 1, 2].map((partition) => starts.get(partition) ?? Number.NaN)
  }
})
