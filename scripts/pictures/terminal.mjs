// A real terminal to look at: tmux, on a server of its own that nobody else's sessions are on.
import { spawnSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'

const LOOK_MS = 200
const LONGEST_MS = 60_000

export class Terminal {
  #socket = `ktool-pictures-${process.pid}`
  #columns

  constructor(columns, lines, env) {
    this.#columns = columns
    const shell = 'exec env PS1="$ " bash --norc --noprofile'
    this.#tmux(['-f', '/dev/null', 'new-session', '-d', '-x', columns, '-y', lines, shell], env)
    this.#tmux(['set', '-g', 'status', 'off'])
  }

  get columns() {
    return this.#columns
  }

  resize(lines) {
    this.#tmux(['resize-window', '-y', lines])
  }

  type(text) {
    this.#tmux(['send-keys', '-l', text])
  }

  press(key) {
    this.#tmux(['send-keys', key])
  }

  /** What stands there, with its colours; without the empty lines at the end. */
  lines() {
    return this.#tmux(['capture-pane', '-e', '-p']).trimEnd().split('\n')
  }

  async until(isThere, what) {
    const endMs = performance.now() + LONGEST_MS
    while (!isThere(this.#tmux(['capture-pane', '-p']).trimEnd())) {
      if (performance.now() > endMs)
        throw new Error(`the terminal never showed ${what}:\n${this.#tmux(['capture-pane', '-p'])}`)
      await pause(LOOK_MS)
    }
  }

  end() {
    this.#tmux(['kill-server'])
  }

  #tmux(args, env = process.env) {
    const words = ['-L', this.#socket, ...args.map(String)]
    const { status, stdout, stderr, error } = spawnSync('tmux', words, { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`tmux ${args[0]}: ${error?.message ?? stderr.trim()}`)
    return stdout
  }
}

/** What is to be said where there is none; nothing where there is. */
export function missingTerminal() {
  const { error } = spawnSync('tmux', ['-V'])
  return error === undefined
    ? undefined
    : 'tmux is missing, the terminal that pictures are made of: install it, by apt-get install tmux or brew install tmux'
}
