import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { FailedError } from '../errors.ts'
import { saying } from './disk-error.ts'
import type {
  BackgroundProcess,
  Environment,
  Processes,
  ProgramOutput,
  RunningProcess,
  StopSignal,
} from './processes.ts'

/** What the system says of this program. */
export interface ThisProgram {
  readonly id: number
  readonly platform: string
  /** Node, and the file that it runs. */
  readonly command: readonly string[]
  readonly kill: (id: number, signal: StopSignal | 0) => void
}

const PRIVATE = 0o600
const SIGNALLED = 128
const MOST_OUTPUT_BYTES = 1024 * 1024

export function systemProcesses(program: ThisProgram): Processes {
  return {
    ownId: program.id,
    run,
    outputOf,
    runOn: (input, command, environment) => runOn(program, input, command, environment),
    runInBackground: (args, environment, logFile) =>
      runInBackground([...program.command, ...args], environment, logFile),
    isAlive: (id) => tell(program, id, 0) && !isDead(id),
    signal: (id, signal) => tell(program, id, signal),
  }
}

function run([file = '', ...args]: readonly string[], environment: Environment): Promise<RunningProcess> {
  const child = spawn(file, args, { stdio: 'inherit', env: { ...environment } })
  const ended = exitOf(child)
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(notRun(file, cause)))
    child.once('spawn', () => resolve({ ended, signal: (signal) => void child.kill(signal) }))
  })
}

function outputOf(
  [file = '', ...args]: readonly string[],
  environment: Environment,
  patienceMs: number,
): Promise<ProgramOutput> {
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...environment },
    timeout: patienceMs,
    windowsHide: true,
  })
  const chunks: Buffer[] = []
  let sizeBytes = 0
  child.stdout.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length
    if (sizeBytes <= MOST_OUTPUT_BYTES) chunks.push(chunk)
    else child.kill()
  })
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(notRun(file, cause)))
    // Closed is later than ended: all that it printed is here.
    child.once('close', (code, signal) =>
      resolve({
        exitCode: code ?? SIGNALLED + numberOf(signal),
        output: Buffer.concat(chunks).toString('utf8'),
      }),
    )
  })
}

function runOn(
  { platform }: ThisProgram,
  input: Uint8Array,
  [file = '', ...args]: readonly string[],
  environment: Environment,
): Promise<number> {
  const child = spawn(file, args, {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...environment },
    // In a group of its own: a terminal gives Ctrl-C to all of ours, and what runs is to come to its end.
    detached: platform !== 'win32',
    windowsHide: true,
  })
  // It need not read all of it, or any.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(notRun(file, cause)))
    child.once('exit', (code, signal) => resolve(code ?? SIGNALLED + numberOf(signal)))
  })
}

function runInBackground(
  [file = '', ...args]: readonly string[],
  environment: Environment,
  logFile: string,
): BackgroundProcess {
  const log = saying('open', logFile, () => fs.openSync(logFile, 'a', PRIVATE))
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', log],
    env: { ...environment },
    detached: true,
    windowsHide: true,
  })
  fs.closeSync(log)
  const ended = exitOf(child)
  return {
    id: child.pid ?? 0,
    firstLine: firstLineOf(child),
    ended,
    leave() {
      child.stdout?.destroy()
      child.unref()
    },
  }
}

/** A child that cannot be started ends as one that a shell cannot find. */
function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? SIGNALLED + numberOf(signal)))
    child.once('error', () => resolve(SIGNALLED - 1))
  })
}

function numberOf(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal]
}

function firstLineOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (child.stdout === null) return resolve(undefined)
    const lines = createInterface({ input: child.stdout })
    lines.once('line', resolve)
    lines.once('close', () => resolve(undefined))
  })
}

/** A process of somebody else's is there as well, though it does not obey us. */
function tell(program: ThisProgram, id: number, signal: StopSignal | 0): boolean {
  // To the system 0 and −1 are whole groups of processes.
  if (id <= 0) return false
  try {
    program.kill(id, signal)
    return true
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}

/** Where nobody asks for its exit code, as in a container without an init, a process is listed for ever. */
function isDead(id: number): boolean {
  try {
    // The name in parentheses may hold anything.
    return /^ [ZX]/.test(fs.readFileSync(`/proc/${id}/stat`, 'latin1').replace(/^.*\)/s, ''))
  } catch {
    return false
  }
}

const reasons: Record<string, [code: string, reason: string]> = {
  ENOENT: ['command-not-found', 'there is no such command'],
  EACCES: ['command-not-permitted', 'permission denied'],
}

function notRun(file: string, cause: Error): FailedError {
  const errno = 'code' in cause ? String(cause.code) : 'unknown'
  const [code, reason] = reasons[errno] ?? ['command-not-run', cause.message]
  return new FailedError(code, `cannot run ${file}: ${reason}`, { cause, details: { file, errno } })
}
