import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { environment } from '../ktool.ts'
import { TerminalRun } from '../support/terminal.ts'

const disk = fileURLToPath(new URL('../golden/disk/logdirs/kraft-431/data0', import.meta.url))
const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'
let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ktool-screens-'))
})

afterEach(() => rmSync(home, { recursive: true }))

describe.skipIf(process.platform === 'win32')('a screen of the built program', () => {
  it('opens in a terminal and gives it back, with the code that a run before has kept as without it', async () => {
    for (const isKept of [false, true]) {
      expect(keptCode().length > 0).toBe(isKept)
      const run = new TerminalRun(['lag', '-w', '--log-dir', disk], { ...environment, XDG_CACHE_HOME: home })
      await run.until('q quit')
      run.type('q')
      expect(await run.exitCode()).toBe(0)
      expect(run.said.endsWith(LEAVE), run.said.slice(-300)).toBe(true)
    }
  })

  it.each(['SIGTERM', 'SIGHUP'] as const)('gives the terminal back when %s ends it', async (signal) => {
    const run = new TerminalRun(['lag', '-w', '--log-dir', disk], environment)
    await run.until('q quit')
    run.signal(signal)
    expect(await run.exitCode()).toBe(143)
    expect(run.said.endsWith(LEAVE), run.said.slice(-300)).toBe(true)
  })

  it('leaves the terminal to the shell at Ctrl-Z, and has it again when it goes on', async () => {
    const shell = (program: string) =>
      `set -m; ${program}; echo "stopped $?"; stty -a | tr ' ;' '\\n\\n' | grep icanon; read line; fg >/dev/null; echo "left $?"`
    const run = new TerminalRun(['lag', '-w', '--log-dir', disk], environment, shell)
    await run.until('q quit')
    run.type('\u001a')
    await run.until('icanon')
    expect(run.said).toMatch(/stopped 14[68]\s+icanon/)
    expect(run.said.slice(run.said.lastIndexOf(ENTER))).toContain(LEAVE)
    const shownBefore = run.said.length
    run.type('go on\n')
    await run.until('q quit', shownBefore)
    expect(run.said.slice(shownBefore)).toContain(ENTER)
    run.type('q')
    await run.until('left 0')
    expect(await run.exitCode()).toBe(0)
  })

  it('goes on at Ctrl-Z where no shell would ever continue it', async () => {
    const run = new TerminalRun(['lag', '-w', '--log-dir', disk], environment)
    await run.until('q quit')
    const shownBefore = run.said.length
    run.type('\u001a')
    await run.until(LEAVE, shownBefore)
    await run.until('q quit', shownBefore)
    run.type('q')
    expect(await run.exitCode()).toBe(0)
  })
})

function keptCode(): string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.code'))
}
