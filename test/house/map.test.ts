import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseMap } from './map.ts'
import { checkArrows, checkFences } from './rules/arrows.ts'
import { checkCycles } from './rules/cycles.ts'
import { checkExit, checkGlobals } from './rules/globals.ts'
import { checkBarrels, checkDefaultExports, checkModuleState, checkPaths } from './rules/names.ts'
import { checkSizes, lookAgain, refused } from './rules/sizes.ts'
import { type Finding, readSources } from './source.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const map = parseMap(readFileSync(`${root}README.md`, 'utf8'))
const sources = readSources(root, 'src')

describe('the house is as the README draws it', () => {
  it('gives every file a room, and lets imports follow the arrows only', () => {
    expect(asLines(checkArrows(sources, map))).toEqual([])
  })

  it('fences each package to one room', () => {
    expect(checkFences(map)).toEqual([])
  })

  it('keeps the clock, randomness and the process behind the ports', () => {
    expect(asLines(checkGlobals(sources, map))).toEqual([])
  })

  it('ends the process in one room only', () => {
    expect(asLines(checkExit(sources, map))).toEqual([])
  })

  it('has no files that import each other in a circle', () => {
    expect(asLines(checkCycles(sources))).toEqual([])
  })

  it('marks as built exactly the rooms that have files', () => {
    const empty = map.rooms.filter((room) => !sources.some(({ path }) => isIn(path, room.path)))
    const drawn = map.rooms.filter((room) => !room.built)
    expect(drawn.map((room) => room.name)).toEqual(empty.map((room) => room.name))
  })

  it('has tests that mirror the source', () => {
    const folders = readdirSync(`${root}test/lib`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `src/lib/${entry.name}`)
    expect(folders.filter((folder) => !sources.some(({ path }) => isIn(path, folder)))).toEqual([])
  })
})

describe('the source keeps the house rules', () => {
  it('has names that say something', () => {
    const paths = ['src', 'test', 'scripts', 'bin'].flatMap((folder) => pathsUnder(folder))
    expect(checkPaths(paths)).toEqual([])
  })

  it('exports names, not defaults, and has no barrels', () => {
    expect(asLines([...checkDefaultExports(sources), ...checkBarrels(sources)])).toEqual([])
  })

  it('keeps no state in modules and does nothing on import', () => {
    expect(asLines(checkModuleState(sources))).toEqual([])
  })

  it('has small files and small functions', ({ annotate }) => {
    const long = asLines(checkSizes(sources, lookAgain))
    if (long.length > 0) annotate(`look again at:\n${long.join('\n')}`)
    expect(asLines(checkSizes(sources, refused))).toEqual([])
  })
})

function asLines(findings: Finding[]): string[] {
  return findings.map(({ path, line, message }) => `${path}:${line} ${message}`)
}

function isIn(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`)
}

/** Names in the golden data are Kafka's, not ours. */
function pathsUnder(folder: string): string[] {
  return readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => !path.startsWith('test/golden/'))
}
