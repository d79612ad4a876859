import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { findLines, machinePaths, namedCommands, registryHosts, unfinished } from './texts.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(`${root}docs`).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md'))

interface LockedPackage {
  optionalDependencies?: Record<string, string>
}

describe('the project keeps its word', () => {
  it('has the two commands that the README promises', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    expect(read('README.md')).toMatch(/^ {4}npm run demo\b.*\n {4}npm cit\b/m)
    expect(scripts).toMatchObject({ demo: expect.any(String), test: expect.any(String) })
  })

  it('names only commands that exist on its pages', () => {
    const missing = pages.flatMap((page) =>
      namedCommands(read(page)).filter((words) => !isCommand(words.join('/')) && !isCommand(words[0] ?? '')),
    )
    expect(missing).toEqual([])
  })

  it('links only to files that exist', () => {
    const links = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\(([^)#:]+)\)/g)].map(
        (match) => new URL(match[1] ?? '', `file://${root}${page}`),
      ),
    )
    expect(links.filter((link) => !existsSync(link)).map(String)).toEqual([])
  })
})

describe('the lockfile', () => {
  it('holds the packages of every platform, also of those that it was not made on', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> }
    const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies).filter((name) => packages[`node_modules/${name}`] === undefined),
    )
    expect(missing).toEqual([])
  })
})

describe('the tracked files', () => {
  const texts = trackedTexts()

  it('hold no path of one machine', () => {
    expect(findLines(texts, machinePaths)).toEqual([])
  })

  it('hold no address of a package registry', () => {
    expect(findLines(texts, registryHosts)).toEqual([])
  })

  it('leave nothing unfinished: no skipped tests, no promises in comments, no silenced compiler', () => {
    const ours = texts.filter(({ path }) => /^(src|test|scripts|bin)\//.test(path))
    expect(findLines(ours, unfinished)).toEqual([])
  })
})

function isCommand(path: string): boolean {
  return existsSync(`${root}src/commands/${path}.ts`)
}

function read(path: string): string {
  return existsSync(`${root}${path}`) ? readFileSync(`${root}${path}`, 'utf8') : ''
}

/** Files with a zero byte are data; the golden texts are Kafka's own words. */
function trackedTexts(): { path: string; text: string }[] {
  const { stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  const paths = stdout.split('\0').filter((path) => path !== '' && existsSync(`${root}${path}`))
  expect(paths).toContain('package.json')
  return paths.map((path) => ({ path, text: read(path) })).filter(({ text }) => !text.includes('\0'))
}
