import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Measured {
  readonly seconds: number
  /** The most it had resident; 0 of a program that does not tell. */
  readonly memoryBytes: number
  readonly stderr: string
}

const bin = fileURLToPath(new URL('../../bin/ktool.js', import.meta.url))
const memoryTeller = fileURLToPath(new URL('../../test/bench/tell-memory.cjs', import.meta.url))

export function ktool(args: readonly string[], { threads = 2 } = {}): Program {
  const env: Record<string, string> = threads === 1 ? { KTOOL_THREADS: '1' } : {}
  return { command: process.execPath, args: ['--require', memoryTeller, bin, ...args], env }
}

/** Runs a program with its output in a file, which is then removed: pages of the last run shall not be those of this one. */
export function runToFile(program: Program, out: string): Measured {
  const file = openSync(out, 'w')
  try {
    return run(program, file)
  } finally {
    closeSync(file)
    rmSync(out)
  }
}

export function run({ command, args, env }: Program, stdout: number | 'ignore' = 'ignore'): Measured {
  const start = process.hrtime.bigint()
  const { status, output, error } = spawnSync(command, args, {
    stdio: ['ignore', stdout, 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`, { cause: error })
  const [, , stderr, memory] = output as (Buffer | null)[]
  return { seconds, memoryBytes: Number(memory?.toString() || 0), stderr: String(stderr) }
}
