import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { bin } from '../ktool.ts'

/** Tells its process id too. */
function inPlace(program: string): string {
  return `echo pid $$; exec ${program}`
}

/** A program in a real terminal, of 100 columns and 24 lines, that `script` makes for it. */
export class TerminalRun {
  readonly #child: ChildProcess
  readonly #changed: (() => void)[] = []
  #said = ''
  #isOver = false

  /** The shell runs it in the place of itself, unless its line is said. */
  constructor(args: readonly string[], env: NodeJS.ProcessEnv, around = inPlace) {
    const words = [process.execPath, bin, ...args].map((word) => `'${word}'`)
    const line = `stty cols 100 rows 24; ${around(words.join(' '))}`
    // The two kinds of `script` take their command in two ways.
    const asked =
      process.platform === 'darwin' ? ['-q', '/dev/null', 'sh', '-c', line] : ['-qec', line, '/dev/null']
    this.#child = spawn('script', asked, { env: { ...env, TERM: 'xterm', CI: '' } })
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#said += chunk
      this.#tell()
    })
    this.#child.once('close', () => {
      this.#isOver = true
      this.#tell()
    })
  }

  /** All that it has written, with the sequences that move about and colour. */
  get said(): string {
    return this.#said
  }

  type(text: string): void {
    this.#child.stdin?.write(text)
  }

  /** As `kill` does it, to the program itself. */
  signal(signal: NodeJS.Signals): void {
    process.kill(Number(/pid (\d+)/.exec(this.#said)?.[1]), signal)
  }

  /** It is said, so many characters behind the beginning of all that is. */
  async until(text: string, from = 0): Promise<void> {
    while (!this.#said.includes(text, from)) {
      if (this.#isOver) throw new Error(`it ended without ${JSON.stringify(text)}:\n${this.#said}`)
      await new Promise<void>((resolve) => this.#changed.push(resolve))
    }
  }

  async exitCode(): Promise<number | null> {
    if (!this.#isOver) await once(this.#child, 'close')
    return this.#child.exitCode
  }

  #tell(): void {
    for (const resolve of this.#changed.splice(0)) resolve()
  }
}
