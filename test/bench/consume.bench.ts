/**
 * `ktool consume` of a topic with three million records of 100 bytes into a file, as raw lines and as jsonl, with
 * `kcl consume` and kcat beside it where they are installed, and Kafka's console consumer where Java and its jars are:
 * whole processes, their start included, turn by turn. The broker is one of ours, in a process of its own;
 * KTOOL_BENCH_RECORDS and KTOOL_BENCH_ROUNDS choose other numbers.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { libs, removeDir, startOurs } from './broker/brokers.ts'
import { checksumRate } from './checksum-rate.ts'
import { ktool, type Measured, type Program, run, runToFile } from './program.ts'

const RECORDS = Number(process.env.KTOOL_BENCH_RECORDS ?? 3_000_000)
const ROUNDS = Number(process.env.KTOOL_BENCH_ROUNDS ?? 5)
const TOPIC = 'ktool-bench'
const HELD_RAW = 3e6
const HELD_JSONL = 1.2e6
const CALIBRATION = 6e9

interface Contender {
  readonly name: string
  readonly program: Program
  readonly heldPerSecond?: number
  /** What kcl prints of a record is its value and a line's end, so that raw lines are what it is beside. */
  readonly heldBesideKcl?: number
}

/** With the line's end a hundred bytes each. */
function writeLines(path: string): void {
  const file = openSync(path, 'w')
  for (let from = 0; from < RECORDS; from += 10_000) {
    const count = Math.min(10_000, RECORDS - from)
    const lines = Array.from(
      { length: count },
      (_, i) => `${`record ${from + i} `.padEnd(100, 'abcdefghijklmnop')}\n`,
    )
    writeSync(file, lines.join(''))
  }
  closeSync(file)
}

function contenders(bootstrap: string): Contender[] {
  const ours = (format: string) => ktool(['consume', TOPIC, '-b', bootstrap, '-o', format])
  return [
    { name: 'ktool consume -o raw', program: ours('raw'), heldPerSecond: HELD_RAW, heldBesideKcl: 2 },
    { name: 'ktool consume -o jsonl', program: ours('jsonl'), heldPerSecond: HELD_JSONL },
    ...[
      { name: 'kcat -C -e', command: 'kcat', args: ['-C', '-b', bootstrap, '-t', TOPIC, '-e', '-q'] },
      {
        name: 'kcl consume',
        command: 'kcl',
        args: ['--no-config-file', 'consume', TOPIC, '-n', String(RECORDS), '-B', bootstrap],
      },
    ]
      .filter(({ command }) => spawnSync(command, ['--help']).error === undefined)
      .map(({ name, ...program }) => ({ name, program })),
    ...consoleConsumer(bootstrap),
  ]
}

function consoleConsumer(bootstrap: string): Contender[] {
  if (!existsSync(libs) || spawnSync('java', ['-version']).status !== 0) return []
  const tool = ['-cp', `${libs}*`, 'org.apache.kafka.tools.consumer.ConsoleConsumer']
  const which = ['--topic', TOPIC, '--from-beginning', '--max-messages', String(RECORDS)]
  const args = [...tool, '--bootstrap-server', bootstrap, ...which]
  return [{ name: 'kafka-console-consumer', program: { command: 'java', args } }]
}

function race(all: readonly Contender[], out: string): Map<string, Measured[]> {
  const measured = new Map<string, Measured[]>(all.map(({ name }) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, program } of all) measured.get(name)?.push(runToFile(program, out))
  }
  return measured
}

function rateOf(measured: readonly Measured[] | undefined): number {
  const sorted = (measured ?? []).map(({ seconds }) => seconds).toSorted((a, b) => a - b)
  return RECORDS / (sorted[sorted.length >> 1] ?? Number.NaN)
}

function tell(all: readonly Contender[], measured: ReadonlyMap<string, Measured[]>): void {
  const bytesPerSecond = checksumRate()
  const isCalibrated = bytesPerSecond >= CALIBRATION
  console.log(
    `the CRC alone: ${(bytesPerSecond / 1e9).toFixed(1)} GB/s, absolute figures count from 6 GB/s on`,
  )
  const kcl = rateOf(measured.get('kcl consume'))
  for (const { name, heldPerSecond = 0, heldBesideKcl = 0 } of all) {
    const rate = rateOf(measured.get(name))
    const line = `${name.padEnd(26)} ${(rate / 1e6).toFixed(2).padStart(6)} M records/s`
    if (heldPerSecond === 0) {
      console.log(line)
      continue
    }
    const memoryMiB = Math.max(...(measured.get(name) ?? []).map(({ memoryBytes }) => memoryBytes)) / 2 ** 20
    const beside = Number.isNaN(kcl) ? 'kcl is not installed' : `${(rate / kcl).toFixed(1)}× kcl`
    const isMissed = (isCalibrated && rate < heldPerSecond) || rate < heldBesideKcl * kcl
    if (isMissed) process.exitCode = 1
    const held = `held to ${heldPerSecond / 1e6} M${heldBesideKcl > 0 ? ` and ${heldBesideKcl}×` : ''}`
    console.log(`${line}, ${beside}, ${memoryMiB.toFixed(0)} MiB  (${held})${isMissed ? '  EXCEEDED' : ''}`)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'ktool-bench-'))
const broker = await startOurs()
try {
  const bootstrap = `127.0.0.1:${broker.port}`
  const lines = join(folder, 'lines.txt')
  writeLines(lines)
  run(ktool(['topics', 'create', TOPIC, '--partitions', '3', '-b', bootstrap, '--yes']))
  run(ktool(['produce', TOPIC, '-b', bootstrap, '-f', lines]))
  rmSync(lines)
  const all = contenders(bootstrap)
  tell(all, race(all, join(folder, 'out')))
} finally {
  await broker.stop()
  removeDir(broker.dataDir)
  rmSync(folder, { recursive: true, force: true })
}
