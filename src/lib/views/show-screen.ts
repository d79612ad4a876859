import { Box, renderToString, Text } from 'ink'
import { createElement, type ReactElement } from 'react'
import type { Line, Piece } from './frame.ts'
import { keyOf } from './keys.ts'
import { WatchModel, type WatchScreen } from './watch-model.ts'

export interface ScreenStreams {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
}

export interface ScreenWorld {
  readonly streams: ScreenStreams
  /** Runs once, later; returns how to take it back. */
  readonly after: (delayMs: number, run: () => void) => () => void
  /** Ends the screen from outside. */
  readonly stop: AbortSignal
  /** Runs when the process ends, however it does; returns how to take it back. */
  readonly atExit: (run: () => void) => () => void
  readonly job: Job | undefined
}

/** How the shell takes the terminal for a while, and gives it back; nothing where shells do not do that. */
interface Job {
  suspend(): void
  onContinued(run: () => void): () => void
}

const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const HOME = '\u001b[H'
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'
/** Where the terminal knows them, nothing is shown between the two. */
const BEGIN_FRAME = '\u001b[?2026h'
const END_FRAME = '\u001b[?2026l'
const LEAST_COLUMNS = 20
const LEAST_LINES = 8
/** A job that no shell looks after is not suspended: whoever is still running then goes on. */
const STILL_RUNNING_MS = 100

/**
 * Shows a screen until somebody quits it. It has the terminal's other page to itself, so that what stood there before
 * is there again afterwards, whatever happens.
 */
export async function showScreen(screen: WatchScreen, world: ScreenWorld): Promise<void> {
  const { stdin, stdout } = world.streams
  const model = new WatchModel(screen)
  const terminal = {
    take: () => {
      // Who is continued finds it as the shell likes it, which Node does not know.
      if (stdin.isRaw) stdin.setRawMode(false)
      stdin.setRawMode(true)
      stdout.write(ENTER)
    },
    giveBack: () => {
      if (stdin.isRaw) stdin.setRawMode(false)
      stdout.write(LEAVE)
    },
  }
  const forget = world.atExit(terminal.giveBack)
  terminal.take()
  try {
    await runUntilQuit(model, screen, world, terminal)
  } finally {
    terminal.giveBack()
    forget()
    stdin.pause()
  }
}

interface Terminal {
  take(): void
  giveBack(): void
}

/** Rounds, keys and the size of the terminal: each of them draws anew. */
function runUntilQuit(
  model: WatchModel,
  { everyMs }: WatchScreen,
  world: ScreenWorld,
  terminal: Terminal,
): Promise<void> {
  const { stdin, stdout } = world.streams
  return new Promise((resolve) => {
    let cancel = () => {}
    let isOver = false
    const draw = () => {
      if (!isOver && !suspension.isOn) drawFrame(model, stdout)
    }
    const suspension = new Suspension(world, terminal, draw)
    const round = () => {
      cancel()
      const asked = model.isPaused ? Promise.resolve() : model.round()
      asked.then(() => {
        draw()
        if (!isOver) cancel = world.after(everyMs, round)
      })
    }
    const quit = () => {
      isOver = true
      cancel()
      suspension.end()
      stdin.off('data', typed)
      stdout.off('resize', draw)
      resolve()
    }
    const typed = (chunk: Buffer | string) => {
      for (const key of keyOf(String(chunk))) {
        if (key === 'suspend') return suspension.begin()
        if (key === 'quit' || model.quitsBy(key)) return quit()
        const before = model.tab
        model.press(key, linesOf(stdout))
        // Nobody wants to wait a round for what he has just asked for.
        if (model.tab !== before) round()
      }
      draw()
    }
    stdin.resume()
    stdin.on('data', typed)
    stdout.on('resize', draw)
    world.stop.addEventListener('abort', quit, { once: true })
    if (world.stop.aborted) return quit()
    draw()
    round()
  })
}

/** While the shell has the terminal, because of Ctrl-Z or of a signal from elsewhere. */
class Suspension {
  readonly #world: ScreenWorld
  readonly #terminal: Terminal
  readonly #draw: () => void
  readonly #forget: (() => void) | undefined
  isOn = false

  constructor(world: ScreenWorld, terminal: Terminal, draw: () => void) {
    this.#world = world
    this.#terminal = terminal
    this.#draw = draw
    this.#forget = world.job?.onContinued(() => this.#continued())
  }

  begin(): void {
    const { job, after } = this.#world
    if (job === undefined) return
    this.isOn = true
    this.#terminal.giveBack()
    job.suspend()
    after(STILL_RUNNING_MS, () => {
      if (this.isOn) this.#continued()
    })
  }

  end(): void {
    this.#forget?.()
    this.isOn = false
  }

  #continued(): void {
    this.isOn = false
    this.#terminal.take()
    this.#draw()
  }
}

/** A frame as high as the terminal makes it scroll. */
function linesOf({ rows }: NodeJS.WriteStream): number {
  return Math.max(LEAST_LINES, (rows || 24) - 1)
}

/**
 * ink lays the frame out, and the screen writes it itself: ink's own writing waits for its end where a variable of the
 * environment speaks of CI, whoever looks at the terminal.
 */
function drawFrame(model: WatchModel, stdout: NodeJS.WriteStream): void {
  const columns = Math.max(LEAST_COLUMNS, stdout.columns || 80)
  const lines = model.frame(columns, linesOf(stdout)).map(lineOf)
  const text = renderToString(createElement(Box, { flexDirection: 'column' }, ...lines), { columns })
  const cleared = text.replaceAll('\n', `${CLEAR_LINE}\r\n`)
  stdout.write(`${BEGIN_FRAME}${HOME}${cleared}${CLEAR_LINE}${CLEAR_BELOW}${END_FRAME}`)
}

function lineOf(line: Line, i: number): ReactElement {
  const pieces = line.length === 0 ? [{ text: ' ' }] : line
  return createElement(Text, { key: i, wrap: 'truncate' }, ...pieces.map(pieceOf))
}

function pieceOf({ text, colour }: Piece, i: number): ReactElement {
  switch (colour) {
    case 'bold':
      return createElement(Text, { key: i, bold: true }, text)
    case 'inverse':
      return createElement(Text, { key: i, inverse: true }, text)
    case 'dim':
      return createElement(Text, { key: i, dimColor: true }, text)
    default:
      return createElement(Text, { key: i, ...(colour !== undefined && { color: colour }) }, text)
  }
}
