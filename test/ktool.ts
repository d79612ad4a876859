import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const bin = fileURLToPath(new URL('../bin/ktool.js', import.meta.url))
const caches = fileURLToPath(new URL('../.cache/test', import.meta.url))

/** The environment of a test: whoever runs it keeps his own caches and contexts to himself. */
const { KTOOL_BOOTSTRAP: _bootstrap, KTOOL_CONTEXT: _context, ...rest } = process.env
export const environment: NodeJS.ProcessEnv = { ...rest, XDG_CACHE_HOME: caches, XDG_CONFIG_HOME: caches }

export interface Run {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** Runs the built tool as its users do, with `input` on stdin. */
export function ktool(
  args: readonly string[],
  input: string | Uint8Array = '',
  env: NodeJS.ProcessEnv = environment,
): Promise<Run> {
  const child = spawn(process.execPath, [bin, ...args], { env })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  // A tool that ends before it has read everything is for the test to judge, not for this pipe.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) =>
      resolve({ status, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    )
  })
}
