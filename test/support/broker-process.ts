import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { bin, environment } from '../ktool.ts'

/** What a broker says once it serves, with `-o json`. */
export interface Ready {
  readonly version: number
  readonly bootstrap: string
  readonly dataDir: string
  readonly pid: number
}

export interface BrokerProcess {
  readonly child: ChildProcess
  readonly ready: Ready
  readonly port: number
  /** All that it has said on stderr so far. */
  said(): string
  /** Resolves once it has said so on stderr. */
  says(pattern: RegExp): Promise<void>
  /** Sends the signal, and gives the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

export function spawnBroker(...flags: readonly string[]) {
  return spawn(process.execPath, [bin, 'broker', '--local', ...flags], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Starts `ktool broker --local` with these flags and `-o json`, and waits until it serves. */
export async function brokerProcess(...flags: readonly string[]): Promise<BrokerProcess> {
  const child = spawnBroker('-o', 'json', ...flags)
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const first = new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve))
  const line = await Promise.race([first, ended])
  if (typeof line !== 'string') throw new Error(`the broker ended with ${line}: ${stderr}`)
  const ready = JSON.parse(line) as Ready
  return {
    child,
    ready,
    port: Number(ready.bootstrap.split(':').at(-1)),
    said: () => stderr,
    async says(pattern) {
      while (!pattern.test(stderr)) await once(child.stderr, 'data')
    },
    end(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}
