import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { wordsOf } from './page.ts'
import { loadProgram, root } from './terminal.ts'

// What runs behind another command nobody is told of.
const manifest = (await loadProgram()).manifest.filter(({ hidden }) => !hidden)

describe('help', () => {
  it.each(manifest)('says of $id, its arguments and its flags what they are', (command) => {
    const flags = Object.values(command.flags).filter(({ hidden }) => hidden !== true)
    expect(command.summary).toMatch(/^[A-Z].+\.$/)
    expect(command.description).toMatch(/^.{20,}\.$/s)
    expect(
      flags.filter(({ summary }) => !/^[A-Z].+\.$/s.test(summary ?? '')).map(({ name }) => name),
    ).toEqual([])
    expect(Object.values(command.args).filter(({ description }) => !description)).toEqual([])
  })

  it('has a description for each topic', () => {
    const { oclif } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
    const topics = manifest.filter(({ id }) => id.includes(':')).map(({ id }) => id.split(':')[0])
    expect(Object.keys(oclif.topics).sort()).toEqual([...new Set(topics)].sort())
  })
})

describe('an example', () => {
  it.each(manifest)('of the help of $id names commands and flags that there are', ({ examples }) => {
    const lines = (examples ?? []).map((each) => (typeof each === 'string' ? each : each.command))
    expect(lines).not.toEqual([])
    expect(lines.flatMap((line) => faultsOf(line.replace('<%= config.bin %>', 'ktool')))).toEqual([])
  })

  it.each(['README.md', ...markdownIn('docs')])('on the page %s does, too', (path) => {
    const lines = [...readFileSync(root + path, 'utf8').matchAll(/^ {4}(?:\$ )?(ktool .*)$/gm)]
    expect(lines.flatMap(([, line]) => faultsOf(line ?? ''))).toEqual([])
  })
})

function markdownIn(folder: string): string[] {
  return readdirSync(root + folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)
}

function faultsOf(line: string): string[] {
  return line.split(/ [|<>#&]+ /).flatMap((part) => {
    const [first, ...typed] = wordsOf(part)
    if (first !== 'ktool') return []
    // Behind two hyphens stands a command of somebody else.
    const words = typed.includes('--') ? typed.slice(0, typed.indexOf('--')) : typed
    // `broker` is a command, and `broker logs` another one.
    const command = manifest.findLast(({ id }) => words.slice(0, id.split(':').length).join(':') === id)
    if (command === undefined) return words[0] === 'help' ? [] : [`no such command: ${part}`]
    const names = Object.values(command.flags).flatMap((flag) => [
      `--${flag.name}`,
      ...(flag.char === undefined ? [] : [`-${flag.char}`]),
      ...(flag.type === 'boolean' && flag.allowNo ? [`--no-${flag.name}`] : []),
    ])
    return words
      .filter((word) => /^-[a-z-]/.test(word) && !names.includes(word.replace(/=.*/, '')))
      .map((word) => `no ${word}: ${part}`)
  })
}
