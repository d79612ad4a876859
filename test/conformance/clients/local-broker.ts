import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { bin, environment } from '../../ktool.ts'

export interface LocalBroker {
  readonly bootstrap: string
  stop(): Promise<number | null>
  /** As a crash would. */
  kill(): Promise<unknown>
}

/** `ktool broker --local` on a free port, with a directory that goes with it. */
export function startLocalBroker(flags: readonly string[] = ['--ephemeral']): Promise<LocalBroker> {
  const args = [bin, 'broker', '--local', '--port', '0', '-o', 'json', ...flags]
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const ended = new Promise<number | null>((resolve) => child.once('close', (status) => resolve(status)))
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => {
      const { bootstrap } = JSON.parse(line) as { bootstrap: string }
      resolve({
        bootstrap,
        stop() {
          child.kill('SIGTERM')
          return ended
        },
        kill() {
          child.kill('SIGKILL')
          return ended
        },
      })
    })
    void ended.then((status) => reject(new Error(`it ended with ${status}: ${Buffer.concat(said)}`)))
  })
}
