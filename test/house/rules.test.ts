import { describe, expect, it } from 'vitest'
import { parseMap, roomOf } from './map.ts'
import { checkArrows, checkFences } from './rules/arrows.ts'
import { checkCycles } from './rules/cycles.ts'
import { checkExit, checkGlobals } from './rules/globals.ts'
import { checkBarrels, checkDefaultExports, checkModuleState, checkPaths } from './rules/names.ts'
import { checkSizes } from './rules/sizes.ts'
import { sourceOf } from './source.ts'

const readme = `
\`\`\`
bin/ktool.js       the front door
src/commands/<noun>/<verb>.ts   what was typed
                   ← log records errors
src/lib/
  log/             files (an aside) and more (node:fs, packed) ← records ports
                   errors
    cleaner/       a room in a room ← errors
○ views/           screens (ink) ← errors
  records/         batches ← errors
  ports/           clock (Date, timers, randomness) ← errors
  cli/             the command line (process) ← errors
  errors.ts        who must act
anywhere           node:path node:crypto
\`\`\`
`
const map = parseMap(readme)

describe('parseMap', () => {
  it('reads rooms, arrows over several lines, and parentheses before the arrow', () => {
    expect(map.rooms.map((room) => room.name)).toEqual([
      'commands',
      'log',
      'log/cleaner',
      'views',
      'records',
      'ports',
      'cli',
      'errors',
    ])
    expect(map.rooms[1]).toEqual({
      name: 'log',
      path: 'src/lib/log',
      built: true,
      mayImport: new Set(['records', 'ports', 'errors']),
      fenced: new Set(['node:fs', 'packed']),
    })
    expect(map.rooms.find((room) => room.name === 'views')?.built).toBe(false)
    expect(map.anywhere).toEqual(new Set(['node:path', 'node:crypto']))
  })

  it('refuses an arrow to a room that is not drawn', () => {
    expect(() => parseMap(readme.replace('← records ports', '← recods ports'))).toThrow('recods')
  })

  it('refuses a page without a map', () => {
    expect(() => parseMap('# ktool')).toThrow('no map')
  })

  it('finds the innermost room of a file', () => {
    expect(roomOf(map, 'src/lib/log/cleaner/swap.ts')?.name).toBe('log/cleaner')
    expect(roomOf(map, 'src/lib/errors.ts')?.name).toBe('errors')
    expect(roomOf(map, 'src/lib/errors-more.ts')).toBeUndefined()
  })
})

describe('arrows', () => {
  const arrows = (path: string, text: string) =>
    checkArrows([sourceOf(path, text)], map).map((f) => f.message)

  it('passes what the map allows', () => {
    const text = `import { a } from '../records/a.ts'\nimport { join } from 'node:path'\nimport 'packed/deep'`
    expect(arrows('src/lib/log/read.ts', text)).toEqual([])
    expect(arrows('src/lib/log/read.ts', `import { promises } from 'node:fs/promises'`)).toEqual([])
  })

  it.each([
    ['import', `import { a } from '../log/a.ts'`],
    ['type import', `import type { A } from '../log/a.ts'`],
    ['export from', `export { a } from '../log/a.ts'`],
    ['export all', `export * from '../log/a.ts'`],
    ['dynamic import', `const a = () => import('../log/a.ts')`],
    ['import type node', `export type A = import('../log/a.ts').A`],
    ['require', `const a = () => require('../log/a.ts')`],
    ['require made on the spot', `const a = () => createRequire(here)('../log/a.ts')`],
  ])('stops an %s against the arrow', (_kind, text) => {
    expect(arrows('src/lib/records/b.ts', text)).toEqual([
      'imports ../log/a.ts: no arrow leads from records to log',
    ])
  })

  it('stops a room from reaching into its own subroom without an arrow, and back', () => {
    expect(arrows('src/lib/log/read.ts', `import './cleaner/swap.ts'`)).toHaveLength(1)
    expect(arrows('src/lib/log/cleaner/swap.ts', `import '../read.ts'`)).toHaveLength(1)
  })

  it('stops packages and Node modules outside their room', () => {
    expect(arrows('src/lib/records/b.ts', `import packed from 'packed'`)).toHaveLength(1)
    expect(arrows('src/lib/records/b.ts', `import { open } from 'node:fs/promises'`)).toHaveLength(1)
    expect(arrows('src/lib/log/b.ts', `import chalk from 'chalk'`)).toHaveLength(1)
  })

  it('stops a file without a room, in a room not built, or that leads out of the source', () => {
    expect(arrows('src/lib/stray/a.ts', '')).toEqual(['belongs to no room of the map'])
    expect(arrows('src/lib/views/a.ts', '')).toEqual(['is in views, which the map marks as not built'])
    expect(arrows('src/lib/log/a.ts', `import '../../../test/a.ts'`)).toHaveLength(1)
  })

  it('stops a package that two rooms name', () => {
    expect(checkFences(map)).toEqual([])
    const twice = parseMap(
      readme.replace('records/         batches ←', 'records/   batches (packed, node:fs) ←'),
    )
    expect(checkFences(twice)).toEqual(['packed is in the parentheses of log and records'])
  })
})

describe('globals', () => {
  const globals = (path: string, text: string) =>
    checkGlobals([sourceOf(path, text)], map).map((f) => f.message)

  it.each([
    'setTimeout(run, 5)',
    'globalThis.setTimeout(run, 5)',
    'const later = setImmediate',
    'const x = { setInterval }',
    'Date.now()',
    'new Date()',
    'Date()',
    'Math.random()',
    'performance.now()',
    'process.hrtime()',
    'process.env.HOME',
    'crypto.getRandomValues(bytes)',
    'crypto.randomUUID()',
    'AbortSignal.timeout(5)',
    'fetch(url)',
    `import { randomBytes as some } from 'node:crypto'`,
  ])('stops %s in a room that the map does not give it to', (text) => {
    expect(globals('src/lib/records/a.ts', text)).toHaveLength(1)
  })

  it.each(['setTimeout(run, 5)', 'Date.now()', 'new Date()', 'Math.random()', 'randomBytes(16)'])(
    'lets the ports use %s',
    (text) => {
      expect(globals('src/lib/ports/a.ts', text)).toEqual([])
    },
  )

  it.each([
    'new Date(0)',
    'Date.UTC(2026)',
    'clock.setTimeout(run)',
    'type T = typeof setTimeout',
    'x.process',
  ])('leaves %s alone', (text) => {
    expect(globals('src/lib/records/a.ts', text)).toEqual([])
  })

  it('knows an imported name from the global one', () => {
    const own = `import { fetch } from './apis/fetch.ts'\nexport const all = [fetch]`
    expect(globals('src/lib/records/a.ts', own)).toEqual([])
    expect(globals('src/lib/records/a.ts', own.replace('fetch }', 'fetch as api }'))).toHaveLength(1)
  })

  it('lets only the command line end the process', () => {
    expect(checkExit([sourceOf('src/lib/log/a.ts', 'process.exit(1)')], map)).toHaveLength(1)
    expect(checkExit([sourceOf('src/lib/log/a.ts', 'globalThis.process.exit(1)')], map)).toHaveLength(1)
    expect(checkExit([sourceOf('src/lib/cli/a.ts', 'process.exit(1)')], map)).toEqual([])
  })
})

describe('cycles', () => {
  it('finds a circle through any number of files, types included', () => {
    const circle = [
      sourceOf('src/lib/log/a.ts', `import type { B } from './b.ts'`),
      sourceOf('src/lib/log/b.ts', `import './c.ts'`),
      sourceOf('src/lib/log/c.ts', `export * from './a.ts'`),
    ]
    expect(checkCycles(circle).map((finding) => finding.message)).toEqual([
      'is in a circle of imports: src/lib/log/a.ts → src/lib/log/b.ts → src/lib/log/c.ts → src/lib/log/a.ts',
    ])
    expect(checkCycles(circle.slice(0, 2))).toEqual([])
  })
})

describe('sizes', () => {
  const limits = { fileLines: 10, functionLines: 4 }

  it('finds long files and long functions of every kind', () => {
    expect(checkSizes([sourceOf('a.ts', 'const a = 1\n'.repeat(11))], limits)).toHaveLength(1)
    const body = '{\n1\n2\n3\n}'
    for (const text of [`function f() ${body}`, `const f = () => ${body}`, `class C { get f() ${body} }`]) {
      expect(checkSizes([sourceOf('a.ts', text)], limits)).toHaveLength(1)
    }
    expect(checkSizes([sourceOf('a.ts', 'function f() {\n1\n2\n}')], limits)).toEqual([])
  })
})

describe('names', () => {
  it('finds words that say nothing anywhere in a path', () => {
    const bad = [
      'src/lib/utils/a.ts',
      'src/lib/log/helpers.ts',
      'test/misc-cases.ts',
      'src/offset-manager.ts',
    ]
    expect(checkPaths([...bad, 'src/lib/log/commons-free/segment.ts'])).toHaveLength(5)
    expect(checkPaths(['src/lib/log/segment.ts', 'test/lib/commonality.ts'])).toEqual([])
  })

  it.each([
    'export default class A {}',
    'const a = 1\nexport default a',
    'const a = 1\nexport { a as default }',
  ])('finds a default export, except in commands: %s', (text) => {
    expect(checkDefaultExports([sourceOf('src/lib/log/a.ts', text)])).toHaveLength(1)
    expect(checkDefaultExports([sourceOf('src/commands/topics/list.ts', text)])).toEqual([])
  })

  it('finds barrels', () => {
    expect(checkBarrels([sourceOf('src/lib/log/index.ts', '')])).toHaveLength(1)
    expect(checkBarrels([sourceOf('src/commands/lag/index.ts', '')])).toEqual([])
  })

  it('finds state in modules and acts on import', () => {
    const state = ['let count = 0', 'var count = 0', 'export let count = 0', 'start()', 'map.set(1, 2)']
    for (const text of state) expect(checkModuleState([sourceOf('a.ts', text)])).toHaveLength(1)
    expect(checkModuleState([sourceOf('a.ts', 'const a = 1\nfunction f() { let b = 1; f(b) }')])).toEqual([])
  })
})
