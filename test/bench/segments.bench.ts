/**
 * Reading a segment of a broker, beside Kafka's own DumpLogSegments: whole processes, turn by turn, on a log of
 * 1 GiB of records of 100 bytes that is made for it. `KTOOL_BENCH_MIB` chooses another size, `KTOOL_BENCH_ROUNDS`
 * how often each runs. Needs a build, Java, and Kafka's jars, which `npm run conformance` fetches.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type LargeSegment, makeLargeSegment } from './large-segment.ts'
import { ktool, type Measured, type Program, runToFile } from './program.ts'

/** From where the bundled bench lies. */
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const libs = at('.cache/kafka-4.3.1/libs/')
const MIB = Number(process.env.KTOOL_BENCH_MIB ?? 1024)
const ROUNDS = Number(process.env.KTOOL_BENCH_ROUNDS ?? 3)
/** Kafka's tool takes half a minute for what takes us seconds. */
const KAFKA_ROUNDS = Math.min(ROUNDS, 2)
const HELD_MEMORY_MIB = 150

interface Subject {
  readonly name: string
  readonly program: Program
  /** What it is held to: so many times as fast as this one of Kafka's, at least. */
  readonly beside?: { readonly kafka: string; readonly held: number }
}

function kafka(name: string, log: string, ...flags: string[]): Subject {
  const tool = ['-cp', `${libs}*`, 'org.apache.kafka.tools.DumpLogSegments']
  return { name, program: { command: 'java', args: [...tool, ...flags, '--files', log] } }
}

function ours(name: string, program: Program, against: string, held: number): Subject {
  return { name, program, beside: { kafka: against, held } }
}

function subjectsOf({ log, folder }: LargeSegment): Subject[] {
  const records = ['dump-segment', log, '--records', '-o', 'jsonl']
  return [
    kafka('DumpLogSegments', log),
    kafka('DumpLogSegments --deep-iteration', log, '--deep-iteration'),
    kafka('… --print-data-log', log, '--deep-iteration', '--print-data-log'),
    ours('dump-segment, batches', ktool(['dump-segment', log, '-o', 'jsonl']), 'DumpLogSegments', 1 / 0.7),
    ours('dump-segment --records, one thread', ktool(records, { threads: 1 }), '… --print-data-log', 6),
    ours('dump-segment --records, two threads', ktool(records), '… --print-data-log', 10),
    ours('segments verify', ktool(['segments', 'verify', folder]), 'DumpLogSegments --deep-iteration', 40),
  ]
}

function measureAll(subjects: readonly Subject[], root: string): Map<string, Measured> {
  const best = new Map<string, Measured>()
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, program, beside } of subjects) {
      if (beside === undefined && round >= KAFKA_ROUNDS) continue
      const now = runToFile(program, join(root, 'out'))
      const before = best.get(name)
      best.set(name, before === undefined || now.seconds < before.seconds ? now : before)
    }
  }
  return best
}

function reportOf({ name, beside }: Subject, best: Map<string, Measured>, { records }: LargeSegment): string {
  const { seconds, memoryBytes } = best.get(name) as Measured
  const rate = `${(records / seconds / 1e6).toFixed(2)} M records/s`
  const line = `${name.padEnd(36)} ${seconds.toFixed(2).padStart(6)} s  ${rate.padStart(20)}`
  if (beside === undefined) return line
  const ratio = (best.get(beside.kafka) as Measured).seconds / seconds
  const memory = memoryBytes / 2 ** 20
  const isHeld = ratio >= beside.held && memory <= HELD_MEMORY_MIB
  if (!isHeld) process.exitCode = 1
  const speed = `${ratio.toFixed(1)}× ${beside.kafka} (held to ${beside.held.toFixed(1)}×)`
  return `${line}  ${speed}, ${memory.toFixed(0)} MiB (held to ${HELD_MEMORY_MIB})${isHeld ? '' : '  EXCEEDED'}`
}

if (!existsSync(at('dist/ktool.cjs'))) throw new Error('run `npm run build` first')
if (!existsSync(libs)) throw new Error('run `npm run conformance` first: it fetches Kafka')
const root = mkdtempSync(join(tmpdir(), 'ktool-segments-'))
try {
  const segment = makeLargeSegment(root, MIB * 2 ** 20)
  console.log(`${MIB} MiB: ${segment.records} records in ${segment.batches} batches`)
  const subjects = subjectsOf(segment)
  const best = measureAll(subjects, root)
  for (const subject of subjects) console.log(reportOf(subject, best, segment))
} finally {
  rmSync(root, { recursive: true, force: true })
}
