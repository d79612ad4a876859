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
  pid: number
  stop(): Promise<void>
}

/** Starts a program that ends with this process, however this process ends; resolves when it is ready. */
export function keep(orders: Orders): Promise<Kept> {
  // A group of its own: Ctrl-C in the terminal reaches us, and us alone.
  const child = spawn(process.execPath, [keeper], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.write(`${JSON.stringify(orders)}\n`)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') resolve({ pid: child.pid ?? 0, stop: () => stop(child) })
      else reject(new Error(`${orders.command} ${line} before it was ready: see ${orders.logFile}`))
    })
  })
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.stdin?.end()
  return ended
}
