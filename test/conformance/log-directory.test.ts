import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { seedOfRun } from '../random.ts'
import { type DumpLine, kafkaDumpLine, kafkaEntryLine } from './kafka/dump-lines.ts'
import { java } from './kafka/java.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { KafkaTools } from './kafka/tools.ts'
import { eventually } from './wire/coordinators.ts'

interface Answer {
  readonly earliest: number
  readonly highWatermark: number
  readonly lastStable: number
  readonly times: readonly { time: number; offset: number; timestamp: number }[]
  readonly committed: readonly number[]
  readonly uncommitted: readonly number[]
}

const seed = seedOfRun()
const folders = ['orders-0', 'orders-1', 'orders-2', 'ledger-0', 'ledger-1', 'untouched-0', 'latest-0']
let kafka: OwnKafka
let tools: KafkaTools
let answers: Record<string, Answer>
let groups: string

/** A broker of its own is filled, asked, and stopped; from then on its directory has to answer. */
beforeAll(async () => {
  tools = new KafkaTools()
  kafka = await startOwnKafka('log-directory')
  try {
    const port = String(kafka.port)
    await java('LogDirectoryWorkload', ['fill', port, String(seed)])
    await untilCompacted(join(kafka.logDir, 'cleaner-offset-checkpoint'))
    const describeAll = ['--bootstrap-server', `127.0.0.1:${port}`, '--describe', '--all-groups']
    const asked = await Promise.all([
      java('LogDirectoryWorkload', ['ask', port, String(seed)]),
      tools.tell('consumer-groups', describeAll),
    ])
    answers = JSON.parse(asked[0]) as Record<string, Answer>
    groups = asked[1]
  } finally {
    await kafka.stop()
  }
}, 120_000)

afterAll(async () => {
  await tools.stop()
  kafka?.remove()
})

describe(`a log directory that Kafka left behind, seed ${seed}`, () => {
  it('was left in peace, with several segments, and compacted', () => {
    expect(existsSync(join(kafka.logDir, '.kafka_cleanshutdown'))).toBe(true)
    expect(logsOf('orders-0').length).toBeGreaterThan(3)
    expect(answers['latest-0']?.uncommitted.length).toBeLessThan(answers['latest-0']?.highWatermark ?? 0)
    expect(answers['ledger-0']?.lastStable).toBeLessThan(answers['ledger-0']?.highWatermark ?? 0)
  })

  it('has groups that lag as kafka-consumer-groups said before', async () => {
    const run = await ktool(['lag', '--log-dir', kafka.logDir, '-o', 'json'])
    expect(run.stderr).toBe('')
    const { items } = JSON.parse(run.stdout.toString()) as { items: Record<string, unknown>[] }
    const ours = items.map(({ group, topic, partition, committed, end, lag }) =>
      [group, topic, partition, committed ?? '-', end, lag ?? '-'].join(' '),
    )
    expect(ours.sort()).toEqual(lagLines(groups))
  })

  it.each(folders)('has batches and records as kafka-dump-log says: %s', async (folder) => {
    const files = logsOf(folder)
    const theirs = (await dump(files)).filter((line) => /^(\| offset|baseOffset): /.test(line))
    const lines = await ours(['--all'], files)
    expect(lines.map((line) => kafkaDumpLine(line as DumpLine))).toEqual(theirs)
  })

  it.each(folders)('has indexes and snapshots as kafka-dump-log says: %s', async (folder) => {
    const files = filesOf(folder, /\.(index|timeindex|txnindex|snapshot)$/)
    const theirs = (await dump(files)).filter((line) => /^(offset|timestamp|version|producerId): /.test(line))
    const lines = await ours([], files)
    expect(lines.map(kafkaEntryLine)).toEqual(theirs)
  })

  it.each(['orders-0', 'ledger-0', 'latest-0'])(
    'is searched by time as ListOffsets did: %s',
    async (folder) => {
      const times = answers[folder]?.times ?? []
      const found = await Promise.all(times.map(({ time }) => findByTime(folder, time)))
      expect(found).toEqual(times)
    },
  )

  it.each(folders)('gives a consumer what Kafka gave it: %s', async (folder) => {
    const { topic, partition } = /^(?<topic>.+)-(?<partition>\d+)$/.exec(folder)?.groups ?? {}
    for (const isolation of ['committed', 'uncommitted'] as const) {
      const which = [String(topic), '-p', String(partition), '--isolation', isolation]
      const run = await ktool(['consume', ...which, '--log-dir', kafka.logDir, '-o', 'jsonl'])
      expect(run.status).toBe(0)
      const offsets = linesOf(run.stdout.toString()).map(
        (line) => (JSON.parse(line) as { offset: number }).offset,
      )
      expect(offsets, isolation).toEqual(answers[folder]?.[isolation])
    }
  })
})

function filesOf(folder: string, pattern: RegExp): string[] {
  const path = join(kafka.logDir, folder)
  return readdirSync(path)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(path, name))
}

function logsOf(folder: string): string[] {
  return filesOf(folder, /\.log$/)
}

async function dump(files: string[]): Promise<string[]> {
  if (files.length === 0) return []
  const args = ['--deep-iteration', '--print-data-log', '--files', files.join(',')]
  return linesOf(await tools.tell('dump-log', args))
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

async function ours(flags: string[], files: string[]): Promise<{ [key: string]: unknown }[]> {
  const run = await ktool(['dump-segment', ...flags, '-q', '-o', 'jsonl', ...files])
  expect([run.status, run.stderr]).toEqual([0, ''])
  return linesOf(run.stdout.toString()).map((line) => JSON.parse(line))
}

async function findByTime(folder: string, time: number): Promise<Answer['times'][number]> {
  const path = join(kafka.logDir, folder)
  const run = await ktool(['segments', 'find', path, '--time', `@${time}`, '-o', 'json'])
  expect(run.status).toBe(0)
  const found = JSON.parse(run.stdout.toString()) as { offset: number | null; timestamp: number | null }
  return { time, offset: found.offset ?? -1, timestamp: found.timestamp ?? -1 }
}

/** GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG, of each partition that a group has committed. */
function lagLines(text: string): string[] {
  const rows = linesOf(text).filter((line) => !line.startsWith('GROUP '))
  return rows.map((row) => row.trim().split(/\s+/).slice(0, 6).join(' ')).sort()
}

function untilCompacted(checkpoint: string): Promise<void> {
  return eventually(async () => expect(readFileSync(checkpoint, 'utf8')).toMatch(/^latest 0 \d{3,}$/m))
}
