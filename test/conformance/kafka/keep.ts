import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const keeper = fileURLToPath(new URL('keeper.mjs', import.meta.url))

export interface Orders {
  command: string
  args: string[]
  logFile: string
  /** A line of the program's output that holds this says that it is ready. */
  readyLine: string
  /** Removed once the program has ended. */
  folder: string
  patienceMs: number
}

export interface Kept {
  stop(): Promise<void>
  /** As a power cut would, as far as its files are concerned that the operating system keeps. */
  kill(): Promise<void>
  /** It takes connections from then on, and answers nobody: the operating system does the one, it the other. */
  hang(): void
}

/** Starts a program that ends with this process, however this process ends; resolves when it is ready. */
export function keep(orders: Orders): Promise<Kept> {
  // A group of its own: Ctrl-C in the terminal reaches us, and us alone.
  const child = spawn(process.execPath, [keeper], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.write(`${JSON.stringify(orders)}\n`)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, pid] = /^ready (\d+)$/.exec(line) ?? []
      if (pid !== undefined) resolve(keptAs(child, Number(pid)))
      else reject(new Error(`${orders.command} ${line} before it was ready: see ${orders.logFile}`))
    })
  })
}

function keptAs(child: ChildProcess, pid: number): Kept {
  return {
    stop: () => stop(child),
    kill: () => kill(child, pid),
    hang: () => void process.kill(pid, 'SIGSTOP'),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = endOf(child)
  child.stdin?.end()
  await ended
}

/** Its keeper ends with it. */
async function kill(child: ChildProcess, pid: number): Promise<void> {
  if (child.exitCode !== null) return
  const ended = endOf(child)
  process.kill(pid, 'SIGKILL')
  await ended
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('exit', () => resolve()))
}
