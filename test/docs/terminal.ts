import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { BaseCommand } from '../../src/lib/cli/base-command.ts'
import { describeCommand } from '../../src/lib/cli/describe-command.ts'
import { indexOf, type Manifest } from '../../src/lib/cli/manifest.ts'
import { type Commands, runProgram } from '../../src/lib/cli/program.ts'
import { fakeSurroundings } from '../lib/cli/surroundings.ts'
import { fakeOutlet } from '../lib/output/fake-outlet.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** When the pages were written: ages on them count from here. */
const nowMs = Date.parse('2026-11-21T14:30:00Z')
const WIDTH = 150

type CommandClass = Parameters<typeof describeCommand>[1]

export interface Program extends Commands {
  readonly manifest: Manifest
}

/** All commands of the source, without a build. */
export async function loadProgram(): Promise<Program> {
  const folder = `${root}src/commands/`
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const classes = new Map<string, CommandClass>()
  for (const file of files) {
    const module = (await import(pathToFileURL(folder + file).href)) as Record<string, CommandClass>
    const [Class] = Object.values(module)
    if (Class !== undefined) classes.set(file.slice(0, -'.ts'.length).replaceAll('/', ':'), Class)
  }
  const manifest = [...classes].map(([id, Class]) => describeCommand(id, Class))
  return {
    manifest,
    index: indexOf(manifest),
    load: async (id) => classes.get(id) as typeof BaseCommand & CommandClass,
  }
}

/** Runs a command as on a terminal without colours, and gives what stands there then. */
export async function onTerminal(program: Program, argv: readonly string[]) {
  const { oclif, name, version, description } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  const screen = fakeOutlet({ isTerminal: true, width: WIDTH })
  const { surroundings } = fakeSurroundings({
    stdout: screen,
    stderr: screen,
    clock: { nowMs: () => nowMs, monotonicMs: () => 0, after: () => () => {} },
    about: { oclif, name, version, description },
    manifest: () => program.manifest,
  })
  const code = await runProgram(program, argv, surroundings)
  return { code, lines: linesOf(screen.text()) }
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trimEnd())
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}
