/**
 * Looking up an offset and a time in a segment of 1 GiB by its indexes: what the lookup takes inside the process,
 * as `--stats` tells it, and what the whole command takes beside one that reads no file. `KTOOL_BENCH_MIB` chooses
 * another size.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LargeSegment, makeLargeSegment } from './large-segment.ts'
import { ktool, type Measured, run } from './program.ts'

const MIB = Number(process.env.KTOOL_BENCH_MIB ?? 1024)
const ROUNDS = 21
const HELD_LOOKUP_MS = 5
const HELD_MORE_MS = 10

function commandsOf({ folder, records, firstTimestamp, lastTimestamp }: LargeSegment): Map<string, string[]> {
  const find = ['segments', 'find', folder, '--stats']
  const time = Math.floor((firstTimestamp + lastTimestamp) / 2)
  return new Map([
    ['protocol errors 3', ['protocol', 'errors', '3']],
    ['segments find --offset', [...find, '--offset', String(Math.floor(records / 2))]],
    ['segments find --time', [...find, '--time', `@${time}`]],
  ])
}

function reportOf(name: string, runs: readonly Measured[], nothing: number): string {
  const ms = median(runs.map(({ seconds }) => seconds * 1000))
  const line = `${name.padEnd(24)} median ${ms.toFixed(1)} ms`
  const lookups = runs.flatMap(({ stderr }) => /lookup took ([\d.]+) ms/.exec(stderr)?.[1] ?? []).map(Number)
  if (lookups.length === 0) return line
  const lookup = median(lookups)
  const isHeld = lookup <= HELD_LOOKUP_MS && ms - nothing <= HELD_MORE_MS
  if (!isHeld) process.exitCode = 1
  return (
    `${line}, ${(ms - nothing).toFixed(1)} more (held to ${HELD_MORE_MS}); ` +
    `the lookup ${lookup.toFixed(1)} ms (held to ${HELD_LOOKUP_MS})${isHeld ? '' : '  EXCEEDED'}`
  )
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

const root = mkdtempSync(join(tmpdir(), 'ktool-find-'))
try {
  const commands = commandsOf(makeLargeSegment(root, MIB * 2 ** 20))
  // The first start leaves a code cache for the others.
  const runs = new Map([...commands].map(([name, args]) => [name, [run(ktool(args))].slice(1)]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, args] of commands) runs.get(name)?.push(run(ktool(args)))
  }
  const nothing = median(runs.get('protocol errors 3')?.map(({ seconds }) => seconds * 1000) ?? [])
  for (const [name, each] of runs) console.log(reportOf(name, each, nothing))
} finally {
  rmSync(root, { recursive: true, force: true })
}
