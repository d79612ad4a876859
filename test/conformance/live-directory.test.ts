import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { type RunningJava, startJava } from './kafka/java.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { eventually } from './wire/coordinators.ts'

let kafka: OwnKafka
let load: RunningJava

/** Segments of 16 KiB come, are replaced by the cleaner, and go, many times a second. */
beforeAll(async () => {
  const properties = {
    'log.retention.check.interval.ms': 150,
    'log.cleaner.backoff.ms': 50,
    'replica.high.watermark.checkpoint.interval.ms': 200,
  }
  kafka = await startOwnKafka('live-directory', { properties })
  load = startJava('LiveWorkload', [String(kafka.port)])
  await eventually(async () => expect(acknowledged('stream-0')).toBeGreaterThan(5000))
}, 120_000)

afterAll(async () => {
  await load?.stop()
  await kafka?.stop()
  kafka?.remove()
})

describe('a log directory that a broker is writing to', () => {
  it.each(['stream-0', 'state-0'])('has all that was acknowledged, and nothing twice: %s', async (folder) => {
    const starts: number[] = []
    for (let round = 0; round < 8; round++) {
      const written = acknowledged(folder)
      const { offsets } = await dumped(folder)
      expect(offsets.at(-1)).toBeGreaterThanOrEqual(written)
      expect(offsets.findIndex((offset, i) => i > 0 && offset <= Number(offsets[i - 1]))).toBe(-1)
      starts.push(Number(offsets[0]))
    }
    if (folder === 'stream-0') expect(new Set(starts).size).toBeGreaterThan(1)
  })

  it('has every record between its first and its last, as it was written', async () => {
    for (let round = 0; round < 8; round++) {
      const { offsets, values } = await dumped('stream-0')
      const [first = 0] = offsets
      expect(offsets).toEqual(offsets.map((_, i) => first + i))
      expect(values).toEqual(offsets.map((offset) => `record ${offset}`))
    }
  })

  it.each([
    ['stream', 'uncommitted'],
    ['entries', 'committed'],
  ])('is consumed without a gap that the log does not have: %s, %s', async (topic, isolation) => {
    for (let round = 0; round < 4; round++) {
      const flags = ['--isolation', isolation, '--log-dir', kafka.logDir, '-q', '-o', 'jsonl']
      const run = await ktool(['consume', topic, ...flags])
      expect([run.status, run.stderr]).toEqual([0, ''])
      const rows = rowsOf(run.stdout)
      expect(rows.length).toBeGreaterThan(0)
      if (topic === 'stream') {
        const offsets = rows.map(({ offset }) => offset)
        expect(offsets).toEqual(offsets.map((_, i) => Number(offsets[0]) + i))
      } else {
        // Whole transactions of ten, but for the first, of which retention may have taken some.
        const entries = rows.map(({ value }) =>
          /^entry (\d+)\.(\d)$/.exec(String(value))?.slice(1).map(Number),
        )
        const first = entries.findIndex((entry) => entry?.[1] === 0)
        for (const [i, entry] of entries.slice(first).entries()) {
          expect(entry?.[1]).toBe(i % 10)
          expect(Number(entry?.[0]) % 3).not.toBe(0)
        }
        expect((entries.length - first) % 10).toBe(0)
      }
    }
  })

  it.each([
    ['topics list'],
    ['topics describe'],
    ['cluster describe'],
    ['configs get topics'],
    ['groups list'],
    ['groups describe readers'],
    ['offsets get stream entries state'],
    ['offsets get stream state --time start'],
    ['offsets get stream state --time max'],
    ['offsets get stream entries state --time @-2s'],
    ['lag'],
    ['txns list'],
    ['txns describe entries-writer'],
    ['txns hanging'],
    ['acls list'],
    ['users list'],
    ['quotas list'],
    ['tail stream'],
    ['tail state'],
  ])('is read without an error: %s', async (command) => {
    for (let round = 0; round < 2; round++) {
      const run = await ktool([...command.split(' '), '--log-dir', kafka.logDir, '-q', '-o', 'json'])
      expect([run.status, run.stderr]).toEqual([0, ''])
    }
  })

  it.each([
    ['segments list'],
    ['segments describe'],
    ['segments verify'],
    ['segments explain'],
    ['dump-segment --all'],
  ])('is read without an error, file by file: %s', async (command) => {
    for (let round = 0; round < 4; round++) {
      const folder = ['stream-0', 'state-0', 'entries-0', ''][round % 4] ?? ''
      const path = join(kafka.logDir, folder)
      const run = await ktool([...command.split(' '), path, '-q', '-o', 'json'])
      expect([run.status, run.stderr, errorsIn(run.stdout)], folder).toEqual([0, '', []])
    }
  })

  it('is searched without an error', async () => {
    for (let round = 0; round < 4; round++) {
      const wanted =
        round % 2 === 0 ? ['--offset', String(acknowledged('stream-0') - 50)] : ['--time', '@-1s']
      const path = join(kafka.logDir, 'stream-0')
      const run = await ktool(['segments', 'find', path, ...wanted, '-q', '-o', 'json'])
      expect([run.status, run.stderr]).toEqual([0, ''])
    }
  })
})

/** The last offset of the partition that its producer knows to be written. */
function acknowledged(folder: string): number {
  const line = load.lastLine()
  const [, offset] = new RegExp(`${folder}=(-?\\d+)`).exec(line) ?? []
  if (offset === undefined && line !== '') throw new Error(`the workload has ended: ${line}`)
  return Number(offset ?? -1)
}

interface Row {
  readonly offset: number
  readonly value: unknown
}

function rowsOf(stdout: Buffer): Row[] {
  const lines = stdout.toString().split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row)
}

async function dumped(folder: string): Promise<{ offsets: number[]; values: unknown[] }> {
  const path = join(kafka.logDir, folder)
  const run = await ktool(['dump-segment', '--records', '-q', '-o', 'jsonl', path])
  expect([run.status, run.stderr]).toEqual([0, ''])
  const rows = rowsOf(run.stdout)
  return { offsets: rows.map(({ offset }) => offset), values: rows.map(({ value }) => value) }
}

function errorsIn(stdout: Buffer): unknown[] {
  return (JSON.parse(stdout.toString()) as { errors: unknown[] }).errors
}
