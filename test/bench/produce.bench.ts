/**
 * `ktool produce` of a file with a million lines of 100 bytes, key and value, to three partitions of a local broker, with
 * kcat beside it where it is installed: whole processes, their start included. Both in turns, since a machine is never the
 * same for long. The broker is one of ours, in a process of its own; KTOOL_BENCH_BOOTSTRAP names another one, where
 * there has to be a topic called `ktool-bench`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const RECORDS = 1_000_000
const ROUNDS = 5
const PORT = 24_789
const TOPIC = 'ktool-bench'

const ktool = fileURLToPath(new URL('../../bin/ktool.js', import.meta.url))

function writeLines(path: string): void {
  const file = openSync(path, 'w')
  for (let from = 0; from < RECORDS; from += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, i) => {
      const key = `key${(from + i) % 5000}`
      return `${key}:${`record ${from + i} `.padEnd(98 - key.length, 'abcdefghijklmnop')}\n`
    })
    writeSync(file, lines.join(''))
  }
  closeSync(file)
}

interface Spent {
  readonly seconds: number
  /** Of all processors, as the shell tells it. */
  readonly busySeconds: number
}

function spentBy(command: string, args: readonly string[]): Spent {
  const start = process.hrtime.bigint()
  const { status, stdout, stderr } = spawnSync('/bin/sh', [
    '-c',
    '"$0" "$@" || exit; times',
    command,
    ...args,
  ])
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`)
  const [user = 0, system = 0] = [
    ...String(stdout)
      .trim()
      .split('\n')
      .slice(-1)
      .join()
      .matchAll(/(\d+)m([\d.]+)s/g),
  ].map(([, minutes, rest]) => Number(minutes) * 60 + Number(rest))
  return { seconds, busySeconds: user + system }
}

async function startBroker(): Promise<{ stop(): void }> {
  const args = ['broker', '--local', '--ephemeral', '--port', String(PORT), '--topic', `${TOPIC}:3`]
  const child = spawn(process.execPath, [ktool, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes(String(PORT))) return { stop: () => child.kill('SIGTERM') }
  }
  throw new Error('the broker did not start')
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

const folder = mkdtempSync(join(tmpdir(), 'ktool-bench-'))
const file = join(folder, 'lines.txt')
writeLines(file)
const given = process.env.KTOOL_BENCH_BOOTSTRAP
const broker = given === undefined ? await startBroker() : { stop() {} }
const bootstrap = given ?? `127.0.0.1:${PORT}`
const hasKcat = spawnSync('kcat', ['-V']).status === 0
if (!hasKcat) process.stdout.write('kcat is not installed: ktool alone\n')

try {
  for (const codec of ['none', 'lz4', 'zstd']) {
    const ours: Spent[] = []
    const theirs: Spent[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const at = ['-b', bootstrap, '-z', codec]
      ours.push(spentBy(process.execPath, [ktool, 'produce', TOPIC, ...at, '-K', ':', '-f', file]))
      if (hasKcat) theirs.push(spentBy('kcat', ['-P', ...at, '-t', TOPIC, '-K:', '-l', file]))
    }
    tell(`ktool produce, ${codec}`, ours, ours)
    if (hasKcat) tell(`kcat -P, ${codec}`, theirs, ours)
  }
} finally {
  broker.stop()
  rmSync(folder, { recursive: true, force: true })
}

function tell(name: string, spent: readonly Spent[], ours: readonly Spent[]): void {
  const seconds = median(spent.map((each) => each.seconds))
  const busy = median(spent.map(({ busySeconds }) => busySeconds))
  const ratio = seconds / median(ours.map((each) => each.seconds))
  process.stdout.write(
    `${name.padEnd(24)} ${Math.round(RECORDS / seconds / 1000)} K/s  ${seconds.toFixed(2)} s, busy ${busy.toFixed(2)} s` +
      `  ktool has ${ratio.toFixed(2)}× its rate\n`,
  )
}
