import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')

const files: Record<string, string> = {
  'src/lib/log/files.ts': `import { openSync } from 'node:fs'\nexport const open = openSync\n`,
  'src/lib/log/promises.ts': `import { open } from 'node:fs/promises'\nexport const opened = open\n`,
  'src/lib/log/clock.ts': 'export const now = () => Date.now()\n',
  'src/lib/log/timers.ts': 'export const later = (run: () => void) => setTimeout(run, 5)\n',
  'src/lib/log/chance.ts': `import { randomBytes } from 'node:crypto'\nexport const salt = randomBytes\n`,
  'src/lib/log/sockets.ts': `import { connect } from 'node:net'\nexport const dial = connect\n`,
  'src/lib/log/environment.ts': 'export const home = () => process.env.HOME\n',
  'src/lib/log/default.ts': 'const a = 1\nexport default a\n',
  'src/lib/log/talk.ts': `export const talk = () => console.log('a')\n`,
  'src/lib/log/hash.ts': `import { createHmac } from 'node:crypto'\nexport const hash = createHmac\n`,
  'src/lib/ports/disk.ts': `import { openSync } from 'node:fs'\nexport const open = [openSync, Date.now]\n`,
  'src/lib/network/sockets.ts': `import { connect } from 'node:net'\nexport const dial = connect\n`,
  'src/commands/topics/list.ts': 'const a = 1\nexport default a\n',
}

let found: Map<string, string[]>
let folder: string

describe('the linter holds the ports', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ktool-lint-'))
    copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'))
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    found = lint(folder)
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    ['src/lib/log/files.ts', 'noRestrictedImports'],
    ['src/lib/log/promises.ts', 'noRestrictedImports'],
    ['src/lib/log/clock.ts', 'noRestrictedGlobals'],
    ['src/lib/log/timers.ts', 'noRestrictedGlobals'],
    ['src/lib/log/chance.ts', 'noRestrictedImports'],
    ['src/lib/log/sockets.ts', 'noRestrictedImports'],
    ['src/lib/log/environment.ts', 'noRestrictedGlobals'],
    ['src/lib/log/default.ts', 'noDefaultExport'],
    ['src/lib/log/talk.ts', 'noConsole'],
  ])('stops %s by %s', (path, rule) => {
    expect(found.get(path)).toEqual([rule])
  })

  it.each([
    'src/lib/log/hash.ts',
    'src/lib/ports/disk.ts',
    'src/lib/network/sockets.ts',
    'src/commands/topics/list.ts',
  ])('passes %s', (path) => {
    expect(found.get(path)).toBeUndefined()
  })
})

/** The names of the lint rules that each file broke. */
function lint(cwd: string): Map<string, string[]> {
  const run = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', '.'], { cwd, encoding: 'utf8' })
  const report = JSON.parse(run.stdout) as { diagnostics: { category: string; location: { path: string } }[] }
  const broken = new Map<string, string[]>()
  for (const { category, location } of report.diagnostics) {
    const rule = category.split('/').at(-1) ?? ''
    broken.set(location.path, [...(broken.get(location.path) ?? []), rule])
  }
  return broken
}
