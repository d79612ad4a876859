import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { bin, environment } from '../ktool.ts'

/** A broker in a process of its own, to be killed. */
export class BrokerProcess {
  readonly port: number
  readonly #child: ChildProcess
  readonly #ended: Promise<number | null>
  readonly #said: Buffer[]

  private constructor(child: ChildProcess, ended: Promise<number | null>, said: Buffer[], port: number) {
    this.#child = child
    this.#ended = ended
    this.#said = said
    this.port = port
  }

  /** The lines of its log. */
  get lines(): string[] {
    return String(Buffer.concat(this.#said)).split('\n').slice(0, -1)
  }

  residentMiB(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'latin1')
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
  }

  static start(dataDir: string, settings: Readonly<Record<string, string>> = {}): Promise<BrokerProcess> {
    const more = Object.entries(settings).flatMap(([key, value]) => ['-X', `${key}=${value}`])
    const args = [bin, 'broker', '--local', '--port', '0', '--data-dir', dataDir, '-o', 'json', ...more]
    const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    const said: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
    const ended = new Promise<number | null>((resolve) => child.once('close', (status) => resolve(status)))
    return new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) => {
        const { bootstrap } = JSON.parse(line) as { bootstrap: string }
        resolve(new BrokerProcess(child, ended, said, Number(bootstrap.split(':').at(-1))))
      })
      void ended.then((status) =>
        reject(new Error(`the broker ended with ${status}: ${Buffer.concat(said)}`)),
      )
    })
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  stop(): Promise<number | null> {
    this.#child.kill('SIGTERM')
    return this.#ended
  }
}
