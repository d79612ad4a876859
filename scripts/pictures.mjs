/*
 * `npm run pictures`: docs/pictures, made of the real program in a real terminal. It starts a local broker, gives it
 * work to do, and writes down what the terminal shows. Needs tmux, and takes two minutes.
 */
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { svgOf } from './pictures/svg.mjs'
import { missingTerminal, Terminal } from './pictures/terminal.mjs'
import { Workload } from './pictures/workload.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const home = join(root, '.cache/pictures')
const COLUMNS = 100
const SCREEN_LINES = 15
const COMMAND_LINES = 30
/** As long as a trend takes to say something. */
const TREND_MS = 22_000
/** The groups have long been at work by then, or will never be. */
const LONGEST_MS = 120_000

const missing = existsSync(join(root, 'dist/ktool.cjs'))
  ? missingTerminal()
  : 'dist/ is missing: run `npm run build` first'
if (missing !== undefined) {
  console.error(`Error: ${missing}`)
  process.exit(1)
}

const env = environment()
const workload = new Workload(root, env)
const terminal = new Terminal(COLUMNS, SCREEN_LINES, env)
// All of it runs apart from this program, and would go on without it.
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, () => {
    try {
      end()
    } finally {
      process.exit(status)
    }
  })
}
try {
  workload.start()
  await pictures()
} finally {
  end()
}

function end() {
  try {
    terminal.end()
  } finally {
    workload.stop()
  }
}

async function pictures() {
  await shows('ktool lag', (text) => /ledger +payments/.test(text) && /fraud-check +orders +5/.test(text))
  await screen('top', 'ktool top --every 1s', 'ktool top: topics, by what is written to them', TREND_MS)
  terminal.press('3')
  await terminal.until((text) => text.includes('GROUP'), 'the groups')
  await pause(TREND_MS)
  keep('top-groups', 'ktool top: groups, by how far they are behind')
  await quit()
  await screen(
    'lag-watch',
    'ktool lag fraud-check -w --every 1s',
    'ktool lag -w: a group as it works',
    TREND_MS,
  )
  await quit()
  terminal.resize(COMMAND_LINES)
  await command('lag', 'ktool lag fraud-check ledger --time')
  await command('topics-describe', 'ktool topics describe orders')
  await command('cluster-health', 'ktool cluster health')
  await plan('plan', 'ktool groups reset ledger --to start --topic payments')
}

/** Until it is as it should be, each time in an empty terminal. */
async function shows(words, isThere) {
  const endMs = performance.now() + LONGEST_MS
  for (;;) {
    await command(undefined, words)
    const text = terminal.lines().join('\n')
    if (isThere(text)) return
    if (performance.now() > endMs) throw new Error(`${words} never showed what it should:\n${text}`)
    await pause(1000)
  }
}

async function command(name, words) {
  await typed(words)
  await terminal.until((text) => text.split('\n').length > 1 && text.endsWith('\n$'), 'the end of it')
  if (name !== undefined) keep(name, words, (lines) => lines.slice(0, -1))
}

async function screen(name, words, title, forMs) {
  await typed(words)
  await terminal.until((text) => text.endsWith('q quit'), 'the screen')
  await pause(forMs)
  keep(name, title)
}

async function quit() {
  terminal.press('q')
  await terminal.until((text) => text.endsWith('$'), 'the end of the screen')
}

async function plan(name, words) {
  await typed(words)
  await terminal.until((text) => text.endsWith('(y/N)'), 'the question')
  keep(name, words)
  terminal.press('Enter')
}

async function typed(words) {
  terminal.type('clear')
  terminal.press('Enter')
  await terminal.until((text) => text === '$', 'an empty page')
  terminal.type(words)
  terminal.press('Enter')
}

function keep(name, title, chosen = (lines) => lines) {
  const file = join(root, 'docs/pictures', `${name}.svg`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, svgOf(chosen(terminal.lines()), terminal.columns, title))
  console.log(`wrote docs/pictures/${name}.svg`)
}

/** Nothing of whoever makes them is in the pictures, and nothing of the pictures is left among his files. */
function environment() {
  rmSync(home, { recursive: true, force: true })
  mkdirSync(join(home, 'bin'), { recursive: true })
  const program = join(home, 'bin/ktool')
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'bin/ktool.js')}" "$@"\n`)
  chmodSync(program, 0o755)
  const { PATH, LANG = 'C.UTF-8' } = process.env
  return {
    PATH: `${join(home, 'bin')}:${PATH}`,
    LANG,
    TERM: 'xterm-256color',
    HOME: home,
    ...Object.fromEntries(
      ['CONFIG', 'DATA', 'CACHE', 'STATE'].map((each) => [
        `XDG_${each}_HOME`,
        join(home, each.toLowerCase()),
      ]),
    ),
  }
}
