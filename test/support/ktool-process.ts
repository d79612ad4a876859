import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { bin, environment } from '../ktool.ts'

/** ktool in a process of its own, whose output is read as fast as a test likes. */
export class KtoolProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly #ended: Promise<number | null>
  #stdout = ''
  #stderr = ''
  #hear = () => {}

  constructor(...argv: readonly string[]) {
    this.#child = spawn(process.execPath, [bin, ...argv], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout.on('data', (chunk) => {
      this.#stdout += String(chunk)
      this.#hear()
    })
    this.#child.stderr.on('data', (chunk) => {
      this.#stderr += String(chunk)
      this.#hear()
    })
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve))
    void this.#ended.then(() => this.#hear())
  }

  get stderr(): string {
    return this.#stderr
  }

  /** All lines that have come whole so far. */
  get lines(): string[] {
    return this.#stdout.split('\n').slice(0, -1)
  }

  /** Reads nothing more until it is resumed: the pipe fills up. */
  pause(): void {
    this.#child.stdout.pause()
  }

  resume(): void {
    this.#child.stdout.resume()
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Its exit code, once all that it printed is here. */
  ended(): Promise<number | null> {
    return this.#ended
  }

  /** Until they have printed so many lines together. It fails if one of them ends before. */
  static untilLines(count: number, ...running: readonly KtoolProcess[]): Promise<void> {
    return KtoolProcess.#until(
      running,
      () => running.reduce((sum, { lines }) => sum + lines.length, 0) >= count,
    )
  }

  untilLines(count: number): Promise<void> {
    return KtoolProcess.untilLines(count, this)
  }

  untilSaid(pattern: RegExp): Promise<void> {
    return KtoolProcess.#until([this], () => pattern.test(this.#stderr))
  }

  static #until(running: readonly KtoolProcess[], isThere: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (isThere()) return resolve()
        const over = running.find(({ hasEnded }) => hasEnded)
        if (over !== undefined) reject(new Error(`it ended with ${over.#child.exitCode}: ${over.#stderr}`))
      }
      for (const each of running) each.#hear = look
      look()
    })
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }
}
