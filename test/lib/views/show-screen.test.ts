import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { column } from '../../../src/lib/output/shape.ts'
import { watchedTab } from '../../../src/lib/output/watch.ts'
import { showScreen } from '../../../src/lib/views/show-screen.ts'

const ENTER = '\u001b[?1049h'
const LEAVE = '\u001b[?1049l'

describe('the screen of a terminal', () => {
  it('has a page of its own, and gives the other one back when somebody quits', async () => {
    const { terminal, shown } = show()
    await terminal.until('orders')
    terminal.type('q')
    await shown
    expect(terminal.said.startsWith(ENTER)).toBe(true)
    expect(terminal.said.endsWith(LEAVE)).toBe(true)
    expect(terminal.isRaw()).toBe(false)
  })

  it.each(['\u0003', '\u0004'])('ends by %j too, which no signal comes of in a raw terminal', async (key) => {
    const { terminal, shown } = show()
    await terminal.until('orders')
    terminal.type(key)
    await shown
    expect(terminal.isRaw()).toBe(false)
  })

  it('is given back when the program is told to end', async () => {
    const { terminal, shown, stop } = show()
    await terminal.until('orders')
    stop.abort()
    await shown
    expect(terminal.said.endsWith(LEAVE)).toBe(true)
  })

  it('is given back when the process ends in any other way', async () => {
    const { terminal, shown, exits } = show()
    await terminal.until('orders')
    for (const exit of exits) exit()
    expect(terminal.said.endsWith(LEAVE)).toBe(true)
    expect(terminal.isRaw()).toBe(false)
    terminal.type('q')
    await shown
    expect(exits.size).toBe(0)
  })

  it('draws anew when the terminal has changed its size', async () => {
    const { terminal, shown } = show()
    await terminal.until('orders')
    terminal.resize(24, 10)
    await terminal.until('q quit')
    expect(terminal.said).not.toContain('Enter look closer')
    terminal.type('q')
    await shown
  })
})

function show() {
  const terminal = new FakeTerminal()
  const stop = new AbortController()
  const exits = new Set<() => void>()
  const tab = watchedTab<{ topic: string }>({
    title: 'topics',
    shape: { version: 1, columns: [column('topic')] },
    sample: async () => ({ rows: [{ topic: 'orders' }] }),
  })
  const shown = showScreen(
    { title: 'top', tabs: [tab], everyMs: 20, nowMs: () => 0 },
    {
      streams: terminal.streams(),
      after: (delayMs, run) => {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
      stop: stop.signal,
      job: undefined,
      atExit: (run) => {
        exits.add(run)
        return () => exits.delete(run)
      },
    },
  )
  return { terminal, shown, stop, exits }
}

/** What a screen needs of a terminal, and nothing more. */
class FakeTerminal {
  said = ''
  readonly #stdin = Object.assign(new PassThrough(), { isTTY: true, isRaw: false, setRawMode: this.#raw() })
  readonly #stdout = Object.assign(new EventEmitter(), {
    isTTY: true,
    columns: 80,
    rows: 24,
    write: (text: string) => {
      this.said += text
      this.#heard.emit('said')
      return true
    },
  })
  readonly #heard = new EventEmitter()

  streams() {
    return { stdin: this.#stdin, stdout: this.#stdout } as unknown as Parameters<
      typeof showScreen
    >[1]['streams']
  }

  type(keys: string): void {
    this.#stdin.write(keys)
  }

  resize(columns: number, rows: number): void {
    this.said = ''
    Object.assign(this.#stdout, { columns, rows })
    this.#stdout.emit('resize')
  }

  isRaw(): boolean {
    return this.#stdin.isRaw
  }

  async until(text: string): Promise<void> {
    while (!this.said.includes(text)) await new Promise((resolve) => this.#heard.once('said', resolve))
  }

  #raw() {
    return (isRaw: boolean) => {
      this.#stdin.isRaw = isRaw
    }
  }
}
