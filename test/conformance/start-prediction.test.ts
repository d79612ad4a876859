import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { randomDraw, seedOfRun } from '../random.ts'
import { java, startJava } from './kafka/java.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { eventually } from './wire/coordinators.ts'

interface Outcome {
  readonly comesUp: boolean
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly files: readonly {
    readonly name: string
    readonly action: 'keep' | 'truncate' | 'rebuild' | 'delete' | 'rename'
    readonly sizeBytes: number
    readonly renamedTo: string | null
  }[]
}

interface Verdict {
  readonly topic: string
  readonly partition: number
  readonly folder: string
  readonly verdict: string
  readonly nextStart: 'clean' | 'unclean' | null
  readonly onStart: { readonly clean: Outcome; readonly unclean: Outcome }
}

type Harm = (folder: string) => void

const seed = seedOfRun()
const draw = randomDraw(seed)
/** What nobody but the start itself shall do to the files. */
const quiet = {
  'log.initial.task.delay.ms': 600_000,
  'log.retention.check.interval.ms': 600_000,
  // It would begin to clean as soon as the broker is there.
  'log.cleaner.enable': 'false',
}

let kafka: OwnKafka

/** Killed while segments were written, cleaned and deleted, and transactions were under way. */
beforeAll(async () => {
  const properties = { 'log.retention.check.interval.ms': 150, 'log.cleaner.backoff.ms': 50 }
  kafka = await startOwnKafka('start-prediction', { properties })
  await java('LogDirectoryWorkload', ['fill', String(kafka.port), String(seed)])
  const load = startJava('LiveWorkload', [String(kafka.port)])
  await eventually(async () => expect(load.lastLine()).toMatch(/stream-0=[3-9]\d{3}/))
  await kafka.kill()
  await load.stop()
}, 120_000)

afterAll(() => kafka?.remove())

describe(`what ktool says that a broker will make of its files, seed ${seed}`, () => {
  it('is what it makes of them after it was killed', async () => {
    const before = await verified()
    expect(before.filter(({ verdict }) => verdict === 'error')).toEqual([])
    harm({
      'orders-0': cutLast,
      'orders-1': flipBitInMiddle,
      'orders-2': loseIndexes,
      'ledger-0': addGarbage,
      'ledger-1': loseSnapshots,
      'latest-0': addZeros,
    })
    await holdAgainstStart('unclean')
  }, 120_000)

  it('is what it makes of them after it was stopped', async () => {
    const before = await verified()
    expect(before.filter(({ verdict }) => verdict !== 'ok').map(({ folder }) => folder)).toEqual([])
    harm({
      'orders-1': loseIndexes,
      'orders-2': cutLast,
      'ledger-1': loseSnapshots,
      'latest-0': flipBitInMiddle,
    })
    await holdAgainstStart('clean')
  }, 120_000)
})

async function holdAgainstStart(kind: 'clean' | 'unclean'): Promise<void> {
  const verdicts = await verified()
  expect(new Set(verdicts.map(({ nextStart }) => nextStart))).toEqual(new Set([kind]))
  expect(verdicts.filter(({ onStart }) => !onStart[kind].comesUp)).toEqual([])
  const again = await startOwnKafka(`start-prediction-${kind}`, { former: kafka, properties: quiet })
  try {
    const filesNow = new Map(verdicts.map(({ folder }) => [folder, sizesIn(folder)]))
    const [starts, ends] = [await offsets(again, 'earliest'), await offsets(again, 'latest')]
    for (const { topic, partition, folder, onStart } of verdicts) {
      const { logStartOffset, logEndOffset, files } = onStart[kind]
      const name = `${topic}:${partition}`
      expect([name, starts.get(name), ends.get(name)]).toEqual([name, logStartOffset, logEndOffset])
      expect([name, ...bytesOf(filesNow.get(folder) ?? {})]).toEqual([name, ...bytesOf(sizesAfter(files))])
    }
  } finally {
    await again.stop()
  }
}

/**
 * Of those that only producers write to: a coordinator writes to its own topics as soon as it is there, and ends
 * what was going on in `entries`.
 */
async function verified(): Promise<Verdict[]> {
  const folders = readdirSync(kafka.logDir).filter((name) => /^(?!entries)[a-z]+-\d+$/.test(name))
  const paths = folders.map((name) => join(kafka.logDir, name))
  const run = await ktool(['segments', 'verify', ...paths, '-q', '-o', 'json'])
  expect(run.stderr).toBe('')
  return (JSON.parse(run.stdout.toString()) as { items: Verdict[] }).items
}

/** GetOffsetShell prints `topic:partition:offset`. */
async function offsets({ port }: OwnKafka, time: 'earliest' | 'latest'): Promise<Map<string, number>> {
  const args = ['--bootstrap-server', `127.0.0.1:${port}`, '--time', time, '--exclude-internal-topics']
  const text = await java('org.apache.kafka.tools.GetOffsetShell', args)
  return new Map(
    text.split('\n').flatMap((line): [string, number][] => {
      const [, partition, offset] = /^(.+:\d+):(-?\d+)$/.exec(line) ?? []
      return partition === undefined ? [] : [[partition, Number(offset)]]
    }),
  )
}

function sizesIn(folder: string): Record<string, number> {
  // A broker that runs replaces its checkpoints, by way of files that are there for a moment.
  const names = readdirSync(folder).filter((name) => !name.endsWith('.tmp'))
  return Object.fromEntries(names.map((name) => [name, statSync(join(folder, name)).size]))
}

function sizesAfter(files: Outcome['files']): Record<string, number> {
  const left = files.filter(({ action }) => action !== 'delete')
  return Object.fromEntries(left.map(({ name, renamedTo, sizeBytes }) => [renamedTo ?? name, sizeBytes]))
}

/** Without what grows or is written whatever there was: the indexes of the active segment, and the leader's epoch. */
function bytesOf(sizes: Record<string, number>): string[] {
  const logs = Object.keys(sizes).filter((name) => name.endsWith('.log'))
  const active = logs.sort().at(-1)?.slice(0, 20) ?? ''
  return Object.entries(sizes)
    .filter(([name]) => name !== 'leader-epoch-checkpoint' && !/tmp$/.test(name))
    .map(([name, size]) => (name.startsWith(active) && name.endsWith('index') ? name : `${name} ${size}`))
    .sort()
}

function harm(harms: Record<string, Harm>): void {
  for (const [name, each] of Object.entries(harms)) each(join(kafka.logDir, name))
}

function filesIn(folder: string, suffix: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(folder, name))
}

/** One of them, but not the last. */
function oneOf(files: readonly string[]): string {
  return files[Math.floor(draw() * (files.length - 1))] ?? ''
}

function lastOf(files: readonly string[]): string {
  return files.findLast((file) => statSync(file).size > 0) ?? ''
}

function cutLast(folder: string): void {
  const log = lastOf(filesIn(folder, '.log'))
  truncateSync(log, statSync(log).size - 1 - Math.floor(draw() * 50))
}

/** Where no header is, in the middle of a segment that is not the last. */
function flipBitInMiddle(folder: string): void {
  const log = oneOf(filesIn(folder, '.log').filter((file) => statSync(file).size > 500))
  const bytes = readFileSync(log)
  const at = bytes.length - 1 - Math.floor(draw() * 20)
  bytes[at] = (bytes[at] ?? 0) ^ 4
  writeFileSync(log, bytes)
}

function loseIndexes(folder: string): void {
  rmSync(oneOf(filesIn(folder, '.index')))
  rmSync(oneOf(filesIn(folder, '.timeindex')))
}

function loseSnapshots(folder: string): void {
  for (const snapshot of filesIn(folder, '.snapshot')) rmSync(snapshot)
}

function addGarbage(folder: string): void {
  const log = lastOf(filesIn(folder, '.log'))
  const garbage = Buffer.from(Array.from({ length: 37 }, () => Math.floor(draw() * 256)))
  writeFileSync(log, Buffer.concat([readFileSync(log), garbage]))
}

function addZeros(folder: string): void {
  const log = lastOf(filesIn(folder, '.log'))
  writeFileSync(log, Buffer.concat([readFileSync(log), Buffer.alloc(4096)]))
}
